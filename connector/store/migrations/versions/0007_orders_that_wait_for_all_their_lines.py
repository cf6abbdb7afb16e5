"""Orders that wait for all their lines, and those whose customers took a part"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("ships_apart", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_orders_whole", "orders", ["store", "order"], postgresql_where=sa.text("ship_complete"))


def downgrade() -> None:
    op.drop_index("ix_orders_whole", table_name="orders")
    op.drop_column("orders", "ships_apart")
