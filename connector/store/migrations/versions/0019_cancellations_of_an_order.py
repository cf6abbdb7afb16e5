"""The way to the cancellations of one order in a long outbox"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_refunds", "outbox", ["store", "order"], postgresql_where=sa.text("kind = 'refund'"))


def downgrade() -> None:
    op.drop_index("ix_outbox_refunds", table_name="outbox")
