"""What a supplier said before, so that a file can be taken back"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "supply_before",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("supplier", sa.Text(), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Date(), nullable=True),
        sa.Column("location", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name=op.f("fk_supply_before_store"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", "supplier", "row", name=op.f("pk_supply_before")),
    )
    op.add_column("feeds", sa.Column("digest", sa.Text(), nullable=True))
    op.add_column("feeds", sa.Column("refused", sa.Text(), nullable=True))
