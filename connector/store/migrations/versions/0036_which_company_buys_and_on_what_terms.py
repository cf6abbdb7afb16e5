"""Which company buys, and which page tells of backorders"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("pay_by", sa.DateTime(timezone=True), nullable=True))
    for name in ("company", "place", "terms"):
        op.add_column("customers", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "policy_pages",
        sa.Column("store", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("page", "url", "ours", "theirs")),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["store"], ["stores.id"], name="fk_policy_pages_store", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("store", name="pk_policy_pages"),
    )


def downgrade() -> None:
    op.drop_table("policy_pages")
    for name in ("company", "place", "terms"):
        op.drop_column("customers", name)
    op.drop_column("orders", "pay_by")
