"""Where lines ship from, and what is held back in the store"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lines", sa.Column("location", sa.Text(), nullable=True))
    op.add_column("orders", sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "locations",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name="fk_locations_store", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", "location", name="pk_locations"),
    )
    op.create_table(
        "arranged",
        sa.Column("store", sa.Text(), nullable=False),
        sa.Column("order", sa.Text(), nullable=False),
        sa.Column("kept", JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name="fk_arranged_store", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", "order", name="pk_arranged"),
    )


def downgrade() -> None:
    op.drop_table("arranged")
    op.drop_table("locations")
    op.drop_column("orders", "assigned_at")
    op.drop_column("lines", "location")
