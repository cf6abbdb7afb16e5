"""Orders that were split"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("parts", JSONB(), nullable=False, server_default="[]"))
    divided = sa.text("parts <> '[]'::jsonb")
    op.create_index("ix_orders_divided", "orders", ["store"], postgresql_where=divided)


def downgrade() -> None:
    op.drop_index("ix_orders_divided", "orders")
    op.drop_column("orders", "parts")
