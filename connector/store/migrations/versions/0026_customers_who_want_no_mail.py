"""Customers who want no mail"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    unwanted = sa.text("outcome = 'unwanted'")
    op.create_index("ix_notice_events_unwanted", "notice_events", ["notice"], postgresql_where=unwanted)


def downgrade() -> None:
    op.drop_index("ix_notice_events_unwanted", table_name="notice_events")
