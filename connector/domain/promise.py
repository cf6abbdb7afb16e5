"""Dates that are promised: when a shown date stays, when it moves, and why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from connector.domain.balance import NOTHING_MOVED, Moved
from connector.domain.slip import publish


class Reason(StrEnum):
    """Why a promise was made or moved."""

    NEW = "new"
    SUPPLIER_LATER = "supplier_later"
    SUPPLIER_EARLIER = "supplier_earlier"
    MISSED = "missed"
    SUPPLY_GONE = "supply_gone"
    QUEUE = "queue"
    RECEIVED = "received"
    MERCHANT = "merchant"


@dataclass(frozen=True, slots=True)
class Promise:
    """What a line was last promised: the date, and the lot that it rests on, with the supplier's date for it then.

    `estimated`: the supplier has named no date.
    """

    eta: date | None
    lot: str | None = None
    lot_ready: date | None = None
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a promise rests on: whose supply, what its deliveries have been worth, and the settings of that day."""

    supplier: str
    history: str
    promise_quantile: float
    cold_start_days: int
    buffer_days: int
    handling_days: int
    fill_order: str


@dataclass(frozen=True, slots=True)
class PromiseMade:
    """An entry of the promise ledger: `quantity` units of a line wait, `eta` is promised from now on."""

    order: str
    line: str
    quantity: int
    eta: date | None
    previous: date | None
    reason: Reason
    lot: str | None
    lot_ready: date | None
    estimated: bool = False
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Filled:
    """An entry of the promise ledger: `quantity` units are now on hand for a line."""

    order: str
    line: str
    quantity: int


def stays(shown: Promise, fresh: Promise, today: date, improve_days: int, *, set_anew: bool = False) -> bool:
    """Whether a shown date is kept although a fresh computation says something else.

    It moves when it has passed, when the supplier's own date is later, and when there is news that makes it better
    by `improve_days`: another lot, another date of the same one, or what the merchant has set. That others came early
    is no news.
    """
    if shown.eta is None or fresh.eta is None:
        return shown.eta == fresh.eta
    news = set_anew or (shown.lot, shown.lot_ready) != (fresh.lot, fresh.lot_ready)
    kept = publish(shown.eta, fresh.eta, today, improve_days, fresh.lot_ready, news)
    return shown.eta >= today and kept == shown.eta


def why(
    before: Promise | None,
    today: date,
    lots: dict[str, date | None],
    moved: Moved = NOTHING_MOVED,
    *,
    by_hand: bool = False,
) -> Reason:
    """The reason for a change; `lots` holds the date of every lot that there is now.

    Since the last plan the stock has `moved`, and the merchant has given the line its place (`by_hand`). A lot's date
    has the settings in it, so that with new ones it says nothing of the supplier; else what the supplier says anew of
    the lot itself weighs more than goods that came in.
    """
    if before is None:
        return Reason.NEW
    if by_hand:
        return Reason.MERCHANT
    if before.eta is not None and before.eta < today:
        return Reason.MISSED
    if moved.set_anew:
        return Reason.MERCHANT
    if before.lot in lots and before.lot is not None and before.lot_ready != lots[before.lot]:
        return _by_date(before.lot_ready, lots[before.lot])
    if moved.came_in:
        return Reason.RECEIVED
    if before.lot is None:
        return Reason.SUPPLIER_EARLIER
    return Reason.QUEUE if before.lot in lots else Reason.SUPPLY_GONE


def _by_date(then: date | None, now: date | None) -> Reason:
    later = now is None or (then is not None and now > then)
    return Reason.SUPPLIER_LATER if later else Reason.SUPPLIER_EARLIER
