"""Whether the dates were kept that could have been given: a chart and a table for each supplier."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint

from connector.domain.calibration import FEWEST, QUANTILES, Calibration, Held, calibrations
from connector.pipeline.connector import Connector
from connector.store import reports_calibration
from connector.web.session import behind_login, page, shop_here

SIDE, EDGE = 320, 44
LEAST = 0.4  # the left and lower end of both scales, unless a share lies below
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Dot:
    """A place in the chart, in its own units, for one share."""

    held: Held
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Places in a square of SIDE units: promised shares to the right, kept ones upwards."""

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, float], ...]
    least: float

    def across(self, share: float) -> float:
        """How far to the right a promised share lies."""
        return round(EDGE + (share - self.least) / (1 - self.least) * (SIDE - 2 * EDGE), 1)

    def up(self, share: float) -> float:
        """How far down from the top a kept share lies."""
        return round(SIDE - self.across(share), 1)


def chart(ours: Iterable[Held]) -> Chart:
    """The chart of some promises."""
    held = tuple(ours)
    least = LEAST if min(one.share for one in held) >= LEAST else 0.0
    empty = Chart((), (), least)
    ticks = tuple((share, empty.across(share)) for share in TICKS if share >= least)
    return Chart(tuple(Dot(one, empty.across(one.quantile), empty.up(one.share)) for one in held), ticks, least)


def blueprint(connector: Connector) -> Blueprint:
    """/calibration."""
    routes = behind_login("calibration")

    @routes.get("/calibration")
    def show() -> str:
        shop = shop_here()
        with connector.db.begin() as tx:
            known = reports_calibration.deliveries(tx, shop.id)
        quantile = shop.settings.promise_quantile
        wanted = sorted({*QUANTILES, quantile})
        found = calibrations(known, shop.settings.cold_start_days, wanted)
        charts = [(one, chart(one.ours) if one.enough else None, _at(one, quantile)) for one in found]
        return page(connector, "calibration.html", charts=charts, fewest=FEWEST, side=SIDE, edge=EDGE)

    return routes


def _at(one: Calibration, quantile: float) -> Held:
    return next(held for held in one.ours if held.quantile == quantile)
