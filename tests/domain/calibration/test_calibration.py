"""What a supplier's dates were worth, by rolling origin."""

from datetime import date, timedelta

from connector.domain.backtest import Delivery, Trial, promises, score
from connector.domain.calibration import Held, calibrations
from tests.data import read_deliveries

FIRST = date(2026, 1, 1)


def delivery(number: int, slip: int, supplier: str = "acme") -> Delivery:
    """One of a series of deliveries, four days apart."""
    promised = FIRST + timedelta(days=4 * number)
    delivered = promised + timedelta(days=slip)
    return Delivery(f"{number:03}", supplier, "", promised, delivered, delivered)


def test_each_supplier_has_its_own_and_they_come_by_name() -> None:
    found = calibrations([delivery(0, 0, "oak"), delivery(1, 0), delivery(2, 3)])
    assert [(one.supplier, one.deliveries, one.enough) for one in found] == [("acme", 2, False), ("oak", 1, False)]


def test_a_supplier_that_is_always_nine_days_late_is_learned_to_be() -> None:
    (acme,) = calibrations([delivery(number, 9) for number in range(60)])
    assert (acme.own, acme.week_more) == (Held(0.9, 60, 0, 0.0), Held(0.9, 60, 0, 0.0))
    kept = {held.quantile: held.kept for held in acme.ours}
    assert kept[0.9] > 45
    assert kept[0.5] <= kept[0.9] <= kept[0.95]


def test_nothing_known_later_makes_an_earlier_promise() -> None:
    alone = calibrations([delivery(0, 9)])[0].ours
    followed = calibrations([delivery(0, 9), *(delivery(number, 9, "oak") for number in range(1, 20))])[0].ours
    assert followed == alone


def test_the_figures_are_those_of_the_backtest_thirty_days_ahead() -> None:
    deliveries = read_deliveries()
    trial = Trial(date(2000, 1, 1), date(2020, 1, 1), -30, 0.9)
    tried = [one for one in promises(deliveries, trial) if one.delivery.supplier == "HETERO LABS LIMITED"]
    expected = score(tried, 0.9)
    (hetero,) = (one for one in calibrations(deliveries) if one.supplier == "HETERO LABS LIMITED")
    (held,) = (one for one in hetero.ours if one.quantile == 0.9)
    assert expected is not None
    assert (held.promises, held.share, held.padding) == (expected.promises, expected.hit_rate, expected.padding)


def test_nothing_delivered_has_nothing_to_say() -> None:
    assert calibrations([]) == ()
