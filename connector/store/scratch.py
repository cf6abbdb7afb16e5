"""A database for a moment: made, migrated, used and dropped."""

import contextlib
import secrets
from collections.abc import Iterator

import sqlalchemy as sa

from connector.store.engine import Database


@contextlib.contextmanager
def scratch(beside: Database) -> Iterator[Database]:
    """An empty, migrated database on the same server; gone afterwards."""
    name = f"backorder_scratch_{secrets.token_hex(6)}"
    with beside.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(sa.text(f"create database {name}"))
        made = Database(beside.engine.url.set(database=name).render_as_string(hide_password=False), pool_size=20)
        try:
            made.migrate()
            yield made
        finally:
            made.close()
            link.execute(sa.text(f"drop database {name} with (force)"))
