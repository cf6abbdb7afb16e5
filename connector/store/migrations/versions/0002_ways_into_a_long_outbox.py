"""Ways into a long outbox: whose turn it is, what of an order is still open, what a dead worker left"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_due", table_name="outbox")
    op.create_index("ix_outbox_turn", "outbox", ["store", "kind", "id"], postgresql_where=sa.text("status = 'due'"))
    op.create_index(
        "ix_outbox_open",
        "outbox",
        ["store", "order", "id"],
        postgresql_where=sa.text("status in ('due', 'sending', 'unknown')"),
    )
    op.create_index(
        "ix_outbox_left", "outbox", ["available_at"], postgresql_where=sa.text("status in ('sending', 'unknown')")
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_left", table_name="outbox")
    op.drop_index("ix_outbox_open", table_name="outbox")
    op.drop_index("ix_outbox_turn", table_name="outbox")
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["store", "kind", "available_at"],
        postgresql_where=sa.text("status in ('due', 'sending')"),
    )
