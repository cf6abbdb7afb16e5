"""What the merchant changed since the last plan"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None
NEW = (("lines", "by_hand"), ("plans", "set_anew"))


def upgrade() -> None:
    for table, name in NEW:
        op.add_column(table, sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    for table, name in NEW:
        op.drop_column(table, name)
