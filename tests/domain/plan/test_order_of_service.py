"""Who is served first by the merchant's classes and by the days that orders are to ship within."""

from connector.domain.board import LineBefore
from connector.domain.decide import decide_stock
from connector.domain.settings import Settings
from tests.domain.plan.given import NOW, kept, line, stock


def served(settings: Settings, *lines: LineBefore) -> list[str]:
    """The orders that get the only unit."""
    before = stock(*lines, on_hand=1)
    return [one.claim.order for one in kept(before, decide_stock(before, settings, NOW)).lines if one.filled]


def test_the_class_of_a_segment_goes_before_time() -> None:
    classes = Settings(fill_order="priority", classes="b2b=10,dtc=0")
    early, firm = line("early"), line("firm", hour=1, segment="b2b")
    assert served(classes, early, firm) == ["firm"]
    assert served(Settings(classes="b2b=10"), early, firm) == ["early"]


def test_an_orders_own_priority_goes_before_its_class() -> None:
    classes = Settings(fill_order="priority", classes="b2b=10")
    assert served(classes, line("firm", segment="b2b"), line("urgent", hour=1, rank=11)) == ["urgent"]


def test_with_deadlines_what_was_stated_sooner_is_served_first() -> None:
    by_day = Settings(fill_order="nearest_deadline")
    assert served(by_day, line("early"), line("week", hour=1, stated_days=7)) == ["week"]
    assert served(by_day, line("early"), line("late", hour=1, stated_days=31)) == ["early"]


def test_a_segments_days_count_where_they_are_less_than_what_was_stated() -> None:
    by_day = Settings(fill_order="nearest_deadline", sla_days="b2b=5")
    assert served(by_day, line("early", stated_days=6), line("firm", hour=1, segment="b2b")) == ["firm"]
    assert served(by_day, line("early", stated_days=4), line("firm", hour=1, segment="b2b")) == ["early"]


def test_a_deadline_counts_from_the_stores_own_day() -> None:
    abroad = Settings(fill_order="nearest_deadline", timezone="Pacific/Auckland")  # noon there is midnight in London
    before_midnight, after = line("first", hour=-2, stated_days=8), line("second", hour=0, stated_days=7)
    assert served(abroad, before_midnight, after) == ["first"]
    assert served(Settings(fill_order="nearest_deadline"), before_midnight, after) == ["second"]
