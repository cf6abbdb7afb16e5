"""How often a feed goes back to what it said before"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("feeds", sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("feeds", sa.Column("returns", sa.Integer(), server_default="0", nullable=False))
