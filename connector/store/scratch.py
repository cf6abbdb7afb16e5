"""A database for a moment: made, migrated, used and dropped."""

import contextlib
import secrets
from collections.abc import Iterator

import sqlalchemy as sa

from connector.store.engine import Database

PREFIX = "backorder_scratch_"
MINE = sa.text("select pg_try_advisory_lock(hashtextextended(:name, 7))")  # held as long as the connection


def _clear_up(link: sa.Connection) -> None:
    """Drop what processes left behind that were killed: nobody holds its lock any more."""
    left = sa.text(
        "select datname from pg_database d where datname like :like"
        " and not exists (select 1 from pg_stat_activity a where a.datid = d.oid)"  # somebody works in it
    )
    for name in link.scalars(left, {"like": f"{PREFIX}%"}).all():
        if link.scalar(MINE, {"name": name}):
            link.execute(sa.text(f"drop database if exists {name}"))


@contextlib.contextmanager
def scratch(beside: Database) -> Iterator[Database]:
    """An empty, migrated database on the same server; gone afterwards."""
    name = f"{PREFIX}{secrets.token_hex(6)}"
    with beside.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        _clear_up(link)
        link.execute(MINE, {"name": name})
        link.execute(sa.text(f"create database {name}"))
        made = Database(beside.engine.url.set(database=name).render_as_string(hide_password=False), pool_size=20)
        try:
            made.migrate()
            yield made
        finally:
            made.close()
            link.execute(sa.text(f"drop database {name} with (force)"))
