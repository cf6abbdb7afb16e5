"""Who may be sold to beyond a stock"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("policy", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("items", "policy")
