"""Lines that the merchant has put first, or given one lot's units"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lines", sa.Column("pinned", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("lines", sa.Column("pin_lot", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("lines", "pin_lot")
    op.drop_column("lines", "pinned")
