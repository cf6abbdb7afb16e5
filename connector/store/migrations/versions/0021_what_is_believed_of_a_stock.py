"""What is believed of a stock"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("plans", sa.Column("balance", JSONB(), nullable=True))
    op.add_column("plans", sa.Column("doubted", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("plans", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("shipped", sa.Integer(), server_default="0", nullable=False))
    op.add_column("plans", sa.Column("freed", sa.Integer(), server_default="0", nullable=False))
    op.execute("update plans set dirty = true where short_since is not null")
    op.drop_column("plans", "short_since")
    # What an order does not have any more is not taken by it; until now such rows kept their last figure.
    op.execute(
        "update lines set taken = 0 from orders where orders.store = lines.store"
        ' and orders."order" = lines."order" and not lines.open and not lines.cancelled'
        " and lines.taken > 0 and orders.state <> 'unpaid'"
    )
    op.create_index("ix_lines_kept", "lines", ["store", "stock"], postgresql_where=sa.text("not open and taken > 0"))


def downgrade() -> None:
    op.drop_index("ix_lines_kept", "lines")
    op.add_column("plans", sa.Column("short_since", sa.DateTime(timezone=True), nullable=True))
    for name in ("freed", "shipped", "asked_at", "doubted", "balance"):
        op.drop_column("plans", name)
