"""What a worker is folding"""

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


def downgrade() -> None:
    op.drop_table("folding")
