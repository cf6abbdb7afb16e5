"""How an order is paid and by whom it ended"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("payment", sa.Text(), server_default="", nullable=False))
    op.add_column("orders", sa.Column("by_seller", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("orders", "by_seller")
    op.drop_column("orders", "payment")
