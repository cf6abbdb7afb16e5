"""The ledger is only added to, and a change to it shows."""

import threading

import pytest
import sqlalchemy as sa

from connector.domain.chain import broken_at
from connector.domain.obligations import Answer
from connector.domain.promise import Filled
from connector.domain.record import Answered, Note
from connector.pipeline.connector import Connector
from connector.store import ledger
from connector.store.fold import fold
from connector.store.reports_proof import entry_of
from connector.store.shops import Shop
from connector.store.tables import ledger as table
from tests.store.given import at, order

CHANGES = {
    "an entry": "update ledger set entry = '{}'",
    "a time": "update ledger set at = now()",
    "a seal": "update ledger set seal = 'x'",
    "what was said": "update ledger set personal = '{}'",
    "its end": "delete from ledger",
    "everything": "truncate ledger",
}


@pytest.fixture
def written(connector: Connector, shop: Shop) -> Shop:
    """A store with two orders, of which the first has three entries."""
    with connector.db.begin() as tx:
        fold(tx, shop.id, [order("1"), order("2")], at())
        note = Note("Ann", "she rang")
        ledger.append(tx, shop.id, [Filled("1", "1", 1), Filled("2", "1", 1), Filled("1", "1", 2)], at(1))
        ledger.append(tx, shop.id, [Answered("1", Answer.WAIT, "telephone", note)], at(2))
    return shop


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_database_itself_refuses_every_change(connector: Connector, written: Shop, change: str) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="the promise ledger is only added to"), connector.db.begin() as tx:
        tx.execute(sa.text(change))


def test_each_order_has_a_chain_of_its_own(connector: Connector, written: Shop) -> None:
    with connector.db.begin() as tx:
        first, second = ledger.chain(tx, written.id, "1"), ledger.chain(tx, written.id, "2")
    assert [(one.number, one.kind) for one in first] == [(1, "Filled"), (2, "Filled"), (3, "Answered")]
    assert [(one.number, one.kind) for one in second] == [(1, "Filled")]
    assert (broken_at(first), broken_at(second)) == (None, None)


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("update ledger set entry = entry || '{\"quantity\": 9}' where number = 2 and \"order\" = '1'", 2),
        ("update ledger set at = at + interval '1 second' where number = 1 and \"order\" = '1'", 1),
        ("update ledger set personal = personal || '{\"note\": \"she wrote\"}' where number = 3", 3),
        ("delete from ledger where number = 2 and \"order\" = '1'", 2),
        ("delete from ledger where number = 1 and \"order\" = '1'", 1),
    ],
)
def test_whoever_gets_round_the_database_leaves_a_broken_chain(
    connector: Connector, written: Shop, change: str, broken: int
) -> None:
    with connector.db.begin() as tx:
        tx.execute(sa.text("alter table ledger disable trigger user"))
        tx.execute(sa.text(change))
        found = broken_at(ledger.chain(tx, written.id, "1"))
        tx.execute(sa.text("alter table ledger enable trigger user"))
    assert found == broken


def test_what_is_personal_can_be_erased_and_the_chain_still_holds(connector: Connector, written: Shop) -> None:
    with connector.db.begin() as tx:
        ledger.allow_erasure(tx)
        tx.execute(sa.update(table).where(table.c.order == "1").values(personal=None))
        links = ledger.chain(tx, written.id, "1")
    assert broken_at(links) is None
    assert entry_of(links[2]) == Answered("1", Answer.WAIT, "telephone", Note())


def test_even_erasing_changes_nothing_else(connector: Connector, written: Shop) -> None:
    change = sa.update(table).values(personal=None, kind="Filled", entry={})
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), connector.db.begin() as tx:
        ledger.allow_erasure(tx)
        tx.execute(change)


def test_leave_to_erase_ends_with_its_transaction(connector: Connector, written: Shop) -> None:
    with connector.db.begin() as tx:
        ledger.allow_erasure(tx)
    with pytest.raises(sa.exc.DBAPIError, match="only added to"), connector.db.begin() as tx:
        tx.execute(sa.text("delete from ledger"))


def test_two_writers_of_one_order_take_turns(connector: Connector, written: Shop) -> None:
    def write() -> None:
        for count in range(10):
            with connector.db.begin() as tx:
                ledger.append(tx, written.id, [Filled("1", "1", count)], at(3))

    writers = [threading.Thread(target=write) for _ in range(4)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    with connector.db.begin() as tx:
        links = ledger.chain(tx, written.id, "1")
    assert [one.number for one in links] == list(range(1, 44))
    assert broken_at(links) is None
