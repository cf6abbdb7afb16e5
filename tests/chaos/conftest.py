"""One PostgreSQL for the whole run, a database of its own for each test, and a mail service that can misbehave."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from adapters.woocommerce.practice import PracticeStore
from connector.store.engine import Database
from connector.store.scratch import scratch
from tests.chaos.house import House, house
from tests.chaos.postgres import Postgres, postgres
from tests.fakes.sendgrid import SendGridService

MakeHouse = Callable[..., House]


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A PostgreSQL that is left alone."""
    with postgres() as server:
        yield server


@pytest.fixture
def sendgrid() -> Iterator[SendGridService]:
    """A mail service."""
    with SendGridService() as service:
        yield service


@pytest.fixture
def practice_store() -> Iterator[PracticeStore]:
    """A WooCommerce store that delivers when it is told to."""
    store = PracticeStore()
    store.start()
    yield store
    store.stop()


@pytest.fixture
def make_house(server: Postgres, sendgrid: SendGridService, tmp_path: Path) -> Iterator[MakeHouse]:
    """Make a house with entries of its configuration replaced."""
    beside = Database(server.url)
    with ExitStack() as stack:

        def make(**changed: object) -> House:
            database = stack.enter_context(scratch(beside))
            return stack.enter_context(house(database.url, tmp_path, sendgrid, **changed))

        yield make
    beside.close()


@pytest.fixture
def home(make_house: MakeHouse) -> House:
    """A house as it is by default."""
    return make_house()
