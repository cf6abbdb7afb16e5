"""A shown date stays as long as it can."""

from datetime import date

from connector.domain.slip import publish

TODAY = date(2026, 3, 10)


def march(day: int) -> date:
    """A day of March 2026."""
    return date(2026, 3, day)


def test_the_first_date_is_shown_as_it_is() -> None:
    assert publish(None, march(20), TODAY) == march(20)


def test_a_date_stays_though_a_later_one_has_become_likelier() -> None:
    assert publish(march(20), march(24), TODAY) == march(20)


def test_a_date_of_today_has_not_passed() -> None:
    assert publish(TODAY, march(24), TODAY) == TODAY


def test_a_date_that_has_passed_is_renewed() -> None:
    assert publish(march(9), march(24), TODAY) == march(24)


def test_a_date_before_which_nothing_comes_is_renewed() -> None:
    assert publish(march(20), march(28), TODAY, earliest=march(21)) == march(28)
    assert publish(march(20), march(28), TODAY, earliest=march(20)) == march(20)


def test_a_date_is_moved_forward_for_a_week_and_not_for_less() -> None:
    assert publish(march(20), march(13), TODAY) == march(13)
    assert publish(march(20), march(14), TODAY) == march(20)
    assert publish(march(20), march(18), TODAY, improve_days=2) == march(18)


def test_a_date_is_not_moved_forward_while_its_supplier_says_nothing_new() -> None:
    assert publish(march(30), march(12), TODAY, news=False) == march(30)
    assert publish(march(9), march(12), TODAY, news=False) == march(12)
