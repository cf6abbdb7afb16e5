"""Who looks at a feed"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True))
