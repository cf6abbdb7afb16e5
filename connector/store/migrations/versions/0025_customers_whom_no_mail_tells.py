"""Customers whom no mail tells"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("by_hand", sa.Text(), server_default="", nullable=False))
    op.add_column("orders", sa.Column("by_hand_eta", sa.Date(), nullable=True))
    op.add_column("duties", sa.Column("by_hand", sa.Text(), server_default="", nullable=False))
    unwanted = sa.text("outcome = 'unwanted'")
    op.create_index("ix_notice_events_unwanted", "notice_events", ["notice"], postgresql_where=unwanted)


def downgrade() -> None:
    op.drop_index("ix_notice_events_unwanted", table_name="notice_events")
    op.drop_column("duties", "by_hand")
    op.drop_column("orders", "by_hand_eta")
    op.drop_column("orders", "by_hand")
