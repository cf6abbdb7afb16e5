"""Which company buys, and on what terms"""

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


def downgrade() -> None:
    for name in ("company", "place", "terms"):
        op.drop_column("customers", name)
    op.drop_column("orders", "pay_by")
