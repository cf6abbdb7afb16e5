"""What the desk shows, read from the books."""

import sqlalchemy as sa

from connector.store.engine import Tx


def ping(tx: Tx) -> None:
    """Ask the database anything."""
    tx.execute(sa.text("select 1"))
