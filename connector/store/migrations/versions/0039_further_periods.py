"""Further periods that customers set"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answers", sa.Column("until", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("answers", "until")
