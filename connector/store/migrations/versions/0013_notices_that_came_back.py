"""Notices that came back"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("orders", sa.Column("unreached", sa.Integer(), nullable=True))
    op.add_column("orders", sa.Column("bounced", sa.Text(), server_default="", nullable=False))
