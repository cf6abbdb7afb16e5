"""Why a date is what it is."""

from datetime import date, timedelta

from connector.domain.grounds import Grounds, grounds, told
from connector.domain.slip import BETWEEN_RECEIPTS, SINCE_ORDER, SLIP
from tests.domain.slip.given import START, remembered


def test_a_history_is_told_by_what_nine_of_ten_took_and_by_its_weight() -> None:
    known = remembered([("acme", "", 5, 0)] * 9 + [("acme", "", 30, 0)])

    found = grounds(known, "acme", START, SLIP)

    assert found == Grounds(SLIP, deliveries=10, within=5, weight=0.5, median=5)
    assert found.words() == (
        "The last 10 deliveries of this supplier: 5 days late at the median, and 9 of 10 came within 5 days of the"
        " promised date; its own history weighs 50%."
    )


def test_a_supplier_without_history_rests_on_all_others() -> None:
    found = grounds(remembered([("bolt", "", 5, 0)]), "acme", START, SLIP)

    assert found == Grounds(SLIP, deliveries=0, within=0, weight=0.0)
    assert found.words() == "No delivery of this supplier is known: the date rests on what all suppliers do."


def test_what_has_faded_weighs_less_and_counts_for_fewer() -> None:
    known = remembered([("acme", "", 5, 0)] * 8)

    found = grounds(known, "acme", START + timedelta(days=360), SLIP)

    assert (found.deliveries, found.weight) == (2, 2 / 12)
    assert grounds(known, "acme", START + timedelta(days=1800), SLIP).deliveries == 1


def test_one_delivery_is_told_as_one() -> None:
    found = grounds(remembered([("acme", "", 1, 0)]), "acme", START, SLIP)

    assert found.words() == (
        "The last delivery of this supplier: it came within 1 day of the promised date; its own history weighs 9%."
    )


def test_early_and_punctual_suppliers_are_told_so() -> None:
    punctual = grounds(remembered([("acme", "", 0, 0)] * 2), "acme", START, SLIP)
    early = grounds(remembered([("acme", "", -3, 0)] * 2), "acme", START, SLIP)

    assert "on time at the median, and 9 of 10 came on the promised date or before;" in punctual.words()
    assert "3 days early at the median, and 9 of 10 came 3 days early or more;" in early.words()


def test_estimates_are_called_estimates_and_say_what_they_count_from() -> None:
    ordered = grounds(remembered([("acme", "", 40, 0)] * 2, SINCE_ORDER), "acme", START, SINCE_ORDER)
    received = grounds(remembered([("acme", "", 21, 0)] * 2, BETWEEN_RECEIPTS), "acme", START, BETWEEN_RECEIPTS)

    assert ordered.words() == (
        "The last 2 deliveries of this supplier: 40 days at the median, and 9 of 10 came within 40 days of"
        " the order; its own history weighs 17%. This is an estimate: the supplier has named no date."
    )
    assert "within 21 days of the one before;" in received.words()
    assert received.words().endswith(" This is an estimate: the supplier has named no date.")


def test_a_date_is_told_from_what_the_supplier_said_to_what_follows() -> None:
    found = grounds(remembered([("acme", "", 6, 0)] * 8 + [("acme", "", 14, 0)] * 2), "acme", START, SLIP)

    assert told("Acme", date(2026, 3, 20), found, date(2026, 4, 3)) == (
        "Acme has named 20 March 2026. The last 10 deliveries of this supplier: 6 days late at the median, and 9 of"
        " 10 came within 14 days of the promised date; its own history weighs 50%. Therefore 3 April 2026."
    )
    assert told("Acme", None, found, START).startswith("Acme has named no date. The last 10")
