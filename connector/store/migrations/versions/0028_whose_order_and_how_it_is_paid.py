"""Whose order, and how it is paid"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("customer", "authorised"):
        op.add_column("orders", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    named = sa.text("customer <> ''")
    op.create_index("ix_orders_customer", "orders", ["store", "customer"], postgresql_where=named)
    op.create_table(
        "customers",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("customer", sa.Text(), nullable=False),
        sa.Column("segment", sa.Text(), nullable=False),
        sa.Column("traits", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name="fk_customers_store", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", "customer", name="pk_customers"),
    )


def downgrade() -> None:
    op.drop_table("customers")
    op.drop_index("ix_orders_customer", table_name="orders")
    for name in ("customer", "authorised"):
        op.drop_column("orders", name)
