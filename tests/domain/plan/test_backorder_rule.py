"""When a stock may be sold beyond what is there: by its supply, up to a limit, and not where the merchant decides."""

import pytest

from connector.domain.board import LineBefore, StockBefore
from connector.domain.decide import decide_stock
from connector.domain.effects import SwitchBackorders
from connector.domain.selling import Said, Switch, told
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, line, lot, stock

STOP, BOTH = Settings(backorder_rule="stop"), Settings(backorder_rule="both")
LIMITED = Settings(backorder_rule="both", backorder_limit=3)
KNOWN, UNDATED = [lot(5, 20)], [lot(5, None)]


def lamp(*lines: LineBefore, said: Said = Said.NOTHING, **more: object) -> StockBefore:
    return stock(*lines, switches=[Switch("A", None, said)], **more)  # type: ignore[arg-type]


def switched(before: StockBefore, settings: Settings) -> list[bool | None]:
    return [one.allowed for one in decide_stock(before, settings, NOW).switched]


def test_without_the_setting_nothing_is_switched() -> None:
    assert switched(lamp(), Settings()) == []


def test_nothing_on_its_way_stops_it() -> None:
    assert decide_stock(lamp(), STOP, NOW).switched == (SwitchBackorders("A", None, False),)
    assert switched(lamp(), BOTH) == [False]


def test_units_that_are_there_are_sold_and_no_more_where_none_follow() -> None:
    assert switched(lamp(on_hand=9), BOTH) == [False]


def test_supply_with_a_date_allows_it() -> None:
    assert switched(lamp(lots=KNOWN), BOTH) == [True]


def test_what_only_stops_leaves_the_rest_to_the_merchant() -> None:
    assert switched(lamp(lots=KNOWN), STOP) == []
    assert switched(lamp(lots=KNOWN, said=Said.STOP), STOP) == [None]


def test_supply_without_a_date_is_not_known() -> None:
    assert switched(lamp(lots=UNDATED), BOTH) == [False]


def test_supply_that_others_wait_for_is_no_supply() -> None:
    assert switched(lamp(line("a", 5), lots=KNOWN), BOTH) == [False]
    assert switched(lamp(line("a", 4), lots=KNOWN), BOTH) == [True]


@pytest.mark.parametrize(("waiting", "allowed"), [(2, True), (3, False), (4, False)])
def test_a_limit_stops_it_before_the_supply_is_used_up(waiting: int, allowed: bool) -> None:
    assert switched(lamp(line("a", waiting), lots=KNOWN), LIMITED) == [allowed]


def test_units_on_hand_do_not_count_towards_the_limit() -> None:
    assert switched(lamp(line("a", 4), on_hand=2, lots=KNOWN), LIMITED) == [True]


def test_what_was_said_is_not_said_again() -> None:
    assert switched(lamp(lots=KNOWN, said=Said.ALLOW), BOTH) == []
    assert switched(lamp(said=Said.STOP), BOTH) == []


def test_switched_off_everything_goes_back_to_what_it_was() -> None:
    assert switched(lamp(lots=KNOWN, said=Said.ALLOW), Settings()) == [None]
    assert switched(lamp(said=Said.BY_HAND), Settings()) == [None]


def test_what_the_merchant_changed_is_left_alone() -> None:
    assert switched(lamp(said=Said.BY_HAND), BOTH) == []
    assert switched(lamp(lots=KNOWN, said=Said.BY_HAND), BOTH) == []


def test_an_item_that_holds_no_stock_any_more_goes_back() -> None:
    before = stock(switches=[Switch("A", "P", Said.STOP, holds=False), Switch("P", None)])
    after = decide_stock(before, BOTH, NOW)
    assert after.switched == (SwitchBackorders("A", "P", None), SwitchBackorders("P", None, False))


@pytest.mark.parametrize(
    ("said", "waiting", "words"),
    [
        (Said.NOTHING, 9, ""),
        (Said.ALLOW, 0, "Sold beyond its stock by your rule, while more is on its way."),
        (Said.BY_HAND, 0, "You changed its backorders by hand, so your rule leaves them alone."),
        (Said.STOP, 3, "Backorders stopped by your rule: 3 units wait already, and your limit is 3."),
        (
            Said.STOP,
            2,
            "Backorders stopped by your rule: nothing with a date is on its way that is not spoken for.",
        ),
    ],
)
def test_what_the_rule_does_is_told_with_its_reason(said: Said, waiting: int, words: str) -> None:
    assert told(said, waiting, LIMITED) == words


def test_without_a_limit_no_number_that_waits_is_the_reason() -> None:
    assert "nothing with a date is on its way" in told(Said.STOP, 1000, STOP)
