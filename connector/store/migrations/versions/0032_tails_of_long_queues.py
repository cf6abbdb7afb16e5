"""Tails of long queues"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("tail", JSONB(), nullable=True))


def downgrade() -> None:
    op.drop_column("plans", "tail")
