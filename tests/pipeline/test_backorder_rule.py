"""The backorder policy follows the supply: through the outbox, once for each change, and back when it is let go."""

from datetime import timedelta

import pytest

from connector.domain.effects import SwitchBackorders
from connector.domain.facts import SupplyRow
from connector.domain.selling import Said
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.remove import remove
from connector.ports import Written
from connector.store import plans, shops, supplies
from connector.store.tables import items, problems
from tests.conftest import NOW
from tests.pipeline.given import House, Switches
from tests.store.given import item, level, read, supply


@pytest.fixture
def switches(home: House) -> Switches:
    """A store with the rule, and a thing that none is left of and nothing is on its way."""
    home.stall.policy = made = Switches()
    rule(home, "both")
    home.tell(item(), level())
    turn(home)
    return made


def rule(home: House, choice: str) -> None:
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"backorder_rule": choice, "cold_start_days": 0})
        plans.mark_dirty(tx, home.shop.id, ["A"])


def announced(home: House, *rows: SupplyRow) -> None:
    with home.connector.db.begin() as tx:
        supplies.fold_supply(tx, home.shop.id, supply(*rows), NOW)
    turn(home)


def turn(home: House) -> None:
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)


def said(home: House) -> list[str]:
    with home.connector.db.begin() as tx:
        return read(tx, items, "policy")


def coming(units: int = 5) -> SupplyRow:

    return SupplyRow("SKU-A", units, NOW.date() + timedelta(days=9), "PO-1")


def to(allowed: bool | None) -> SwitchBackorders:
    return SwitchBackorders("A", None, allowed)


def test_it_follows_the_supply_once_for_each_change(home: House, switches: Switches) -> None:
    assert (switches.switched, said(home)) == ([to(False)], [Said.STOP])
    announced(home, coming())
    announced(home, coming(4))
    assert (switches.switched, said(home)) == ([to(False), to(True)], [Said.ALLOW])
    announced(home)
    assert switches.switched == [to(False), to(True), to(False)]


def test_its_own_echo_changes_nothing(home: House, switches: Switches) -> None:
    home.tell(item(seen=5, sells_beyond=False), level(seen=5))
    turn(home)
    assert switches.switched == [to(False)]


def test_switched_off_it_goes_back(home: House, switches: Switches) -> None:
    rule(home, "never")
    turn(home)
    turn(home)
    assert (switches.switched, said(home)) == ([to(False), to(None)], [Said.NOTHING])


def test_what_the_merchant_changed_is_left_until_the_rule_is_switched_off(home: House, switches: Switches) -> None:
    switches.answers["A"] = Written("A", by_hand=True)
    announced(home, coming())
    assert said(home) == [Said.BY_HAND]
    announced(home)
    assert switches.switched == [to(False), to(True)]
    del switches.answers["A"]
    rule(home, "never")
    turn(home)
    rule(home, "both")
    turn(home)
    assert switches.switched[2:] == [to(None), to(False)]


def test_a_store_that_is_let_go_sells_as_it_did_before(home: House, switches: Switches) -> None:
    done = remove(home.connector, home.shop.id)
    assert (done.policies, done.refused) == (1, ())
    assert switches.switched == [to(False), to(None)]
    assert said(home) == [Said.NOTHING]


def test_a_refusal_is_told_and_told_no_more_once_it_went(home: House, switches: Switches) -> None:
    switches.answers["A"] = Written("A", "The product is locked.")
    announced(home, coming())
    with home.connector.db.begin() as tx:
        texts = read(tx, problems, "text", kind="policy")
    assert texts == ["Whether product A sells beyond its stock could not be switched: The product is locked."]
    del switches.answers["A"]
    announced(home)
    with home.connector.db.begin() as tx:
        assert read(tx, problems, "text", kind="policy", solved_at=None) == []


def test_a_platform_that_cannot_be_switched_is_asked_for_nothing(home: House) -> None:
    rule(home, "both")
    home.tell(item(), level())
    turn(home)
    assert said(home) == [Said.NOTHING]


def test_variations_on_one_stock_are_switched_by_their_parent(home: House) -> None:
    home.stall.policy = made = Switches()
    rule(home, "stop")
    red, blue = (item(name, stock="P", parent="P") for name in ("R", "B"))
    home.tell(item("P", stock_only=True), red, blue, level("P"))
    turn(home)
    assert made.switched == [SwitchBackorders("P", None, False)]
