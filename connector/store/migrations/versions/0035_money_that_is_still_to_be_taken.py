"""Money that is still to be taken"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("uncharged", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("orders", sa.Column("reserve", JSONB(), nullable=True))
    mine = sa.text("kind = 'capture'")
    op.create_index("ix_outbox_captures", "outbox", ["store", "order"], postgresql_where=mine)


def downgrade() -> None:
    op.drop_index("ix_outbox_captures", table_name="outbox")
    op.drop_column("orders", "reserve")
    op.drop_column("orders", "uncharged")
