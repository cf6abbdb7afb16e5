"""`backorder store trust-clock` goes on from now where the host's clock had gone back."""

from datetime import UTC, datetime, timedelta

from connector.pipeline.connector import Connector
from connector.store import planned
from tests.cli.conftest import Run
from tests.conftest import open_shop


def held_back(connector: Connector) -> str:
    """A store that was planned tomorrow."""
    shop = open_shop(connector)
    with connector.db.begin() as tx:
        planned.note(tx, shop.id, datetime.now(UTC) + timedelta(days=1))
    return shop.id


def test_the_time_from_which_it_goes_on_is_printed(run: Run, connector: Connector) -> None:
    told = run("store", "trust-clock", "--store", held_back(connector))
    assert (told.code, told.err, told.out[:24]) == (0, "", "the clock is right at 20")


def test_the_time_comes_as_json_too(run: Run, connector: Connector) -> None:
    store = held_back(connector)
    before = datetime.now(UTC)
    (printed,) = run("store", "trust-clock", "--store", store, "--json").json()
    assert (list(printed), printed["store"]) == (["store", "at"], store)
    assert before <= datetime.fromisoformat(printed["at"]) <= datetime.now(UTC)


def test_where_nothing_is_held_back_it_says_so(run: Run, connector: Connector) -> None:
    store = open_shop(connector).id
    done = run("store", "trust-clock", "--store", store, "--json")
    assert (done.code, done.out) == (2, "")
    assert done.err == f"backorder: store {store}: its clock has not gone back, nothing is held back\n"
