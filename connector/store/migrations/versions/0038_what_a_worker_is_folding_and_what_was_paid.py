"""What a worker is folding, what was paid and stated of orders, and notices that were seen"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "folding",
        sa.Column("store", sa.Text(), sa.ForeignKey("stores.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("deliveries", ARRAY(sa.BigInteger()), nullable=False),
    )
    op.add_column("orders", sa.Column("was_open", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("update orders set was_open = state in ('open', 'completed') or stage <> '' or clock is not null")
    op.add_column("orders", sa.Column("listed_days", sa.Integer(), nullable=True))
    op.add_column("items", sa.Column("shown", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("items", "shown")
    op.drop_column("orders", "listed_days")
    op.drop_column("orders", "was_open")
    op.drop_table("folding")
