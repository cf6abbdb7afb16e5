"""When goods came in, since when they are announced, and by how much counts rose"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrivals",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("expected", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name=op.f("fk_arrivals_store"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
    op.create_index("ix_arrivals_sku", "arrivals", ["store", "sku", "supplier", "day"])
    op.add_column("supply", sa.Column("since", sa.Date(), server_default=sa.text("current_date"), nullable=False))
    op.add_column("plans", sa.Column("counted", sa.Integer(), nullable=True))
    op.add_column("plans", sa.Column("rose_by", sa.Integer(), server_default="0", nullable=False))
    op.add_column("plans", sa.Column("rose_on", sa.Date(), nullable=True))
    op.add_column("lines", sa.Column("estimated", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("lines", "estimated")
    for column in ("rose_on", "rose_by", "counted"):
        op.drop_column("plans", column)
    op.drop_column("supply", "since")
    op.drop_table("arrivals")
