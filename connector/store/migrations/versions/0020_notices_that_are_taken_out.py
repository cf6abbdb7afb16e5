"""Notices that are taken out"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("restored_at", sa.DateTime(timezone=True)))
    op.add_column("items", sa.Column("restored_to", sa.Boolean()))
    op.add_column("items", sa.Column("wiped", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    op.drop_column("items", "wiped")
    op.drop_column("items", "restored_to")
    op.drop_column("items", "restored_at")
