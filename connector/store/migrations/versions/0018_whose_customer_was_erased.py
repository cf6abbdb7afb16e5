"""Whose customer was erased"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name="fk_erased_store", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", "digest", name="pk_erased"),
    )


def downgrade() -> None:
    op.drop_table("erased")
