"""How fast stocks sell, and what lies ahead of them"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "demand",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("stock", sa.Text(), nullable=False),
        sa.Column("recent", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("free", sa.Integer(), nullable=True),
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("cover", sa.Float(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("lot", sa.Date(), nullable=True),
        sa.Column("risk", sa.Float(), nullable=True),
        sa.Column("reorder_by", sa.Date(), nullable=True),
        sa.Column("warned", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name=op.f("fk_demand_store"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", "stock", name=op.f("pk_demand")),
    )
    op.create_index("ix_demand_urgent", "demand", ["store", "warned", "reorder_by"])
    op.create_index("ix_orders_placed", "orders", ["store", "placed_at"])
    op.add_column("stores", sa.Column("watched_through", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("stores", "watched_through")
    op.drop_index("ix_orders_placed", table_name="orders")
    op.drop_table("demand")
