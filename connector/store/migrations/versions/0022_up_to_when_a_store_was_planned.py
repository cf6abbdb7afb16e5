"""Up to when a store was planned"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "planned",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name="fk_planned_store", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", name="pk_planned"),
    )


def downgrade() -> None:
    op.drop_table("planned")
