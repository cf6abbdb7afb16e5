"""When the money of an order that waits is taken: by the dates of its goods, and the life of what is reserved."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from connector.domain.board import OrderBefore
from connector.domain.effects import CapturePayment, Means
from connector.domain.facts import Reserve
from connector.domain.settings import Settings
from connector.domain.wording import day, moment


class Step(StrEnum):
    """What is to be done about the money of an order.

    Nothing; wait for the goods; take it, because all is there; take it before what is reserved lapses; or it has
    lapsed, and only the customer can pay anew.
    """

    NOTHING = "nothing"
    WAIT = "wait"
    TAKE = "take"
    TAKE_EARLY = "take_early"
    LAPSED = "lapsed"


TAKES = frozenset({Step.TAKE, Step.TAKE_EARLY})
AUTOMATIC = {"automatic": TAKES, "filled": frozenset({Step.TAKE})}
OPEN = frozenset({Step.WAIT, *TAKES})
CHARGED_LATER = "The payment method that its customer has left is charged once all of it is there."
MISSED = (
    "The money that was reserved for it lapsed before its goods came, and can't be taken any more: have the customer"
    " pay anew, such as by an invoice from the store, before it ships."
)


@dataclass(frozen=True, slots=True)
class Plan:
    """The step for an order, by which means, and why, in a sentence; `look_at` is when time alone may change it."""

    step: Step
    means: Means = Means.RESERVED
    reason: str = ""
    look_at: datetime | None = None


NOTHING = Plan(Step.NOTHING)


def planned(before: OrderBefore, stage: str, settings: Settings, now: datetime) -> Plan:
    """What is to be done about an order's money; `stage` "": it never waited, and is left to the merchant's own ways.

    A gateway that the merchant has named in `capture_filled` is taken whether or not the order waited.
    """
    named = before.authorised in settings.authorising
    if before.cancelled or not (before.lines or before.shipped):  # all of it counts as cancelled, or was taken off
        return NOTHING
    if not (named or (before.reserve is not None and stage and settings.captures != "never")):
        return NOTHING
    if before.reserve is None:
        filled = bool(before.lines) and _filled(before)
        return Plan(Step.TAKE, reason="All of it is there.") if filled else Plan(Step.WAIT)
    held = before.reserve.held and (before.reserve.until is None or now < before.reserve.until)
    if _filled(before):
        return _take(before, before.reserve, held=held)
    if before.reserve.mandate:
        return Plan(Step.WAIT, Means.MANDATE, CHARGED_LATER)
    if not held:
        return Plan(Step.LAPSED, reason=MISSED)
    return _before_it_lapses(before, before.reserve, settings, now)


def captured(before: OrderBefore, plan: Plan, settings: Settings) -> CapturePayment | None:
    """The effect of a plan; where the merchant wants to be asked first, it is only proposed."""
    if plan.step not in TAKES:
        return None
    automatic = plan.step in AUTOMATIC.get(settings.captures, frozenset())
    at_once = automatic or (plan.step is Step.TAKE and before.authorised in settings.authorising)
    key = f"{'capture' if plan.means is Means.RESERVED else 'charge'}:{before.order}"
    gateway = before.authorised if plan.means is Means.RESERVED else ""
    return CapturePayment(key, before.order, before.number, gateway, plan.means, plan.reason, at_once)


def is_early(plan: Plan) -> bool:
    """Whether the merchant's people have to hear of it: money is about to be lost, or has been."""
    return plan.step in (Step.TAKE_EARLY, Step.LAPSED)


def _filled(before: OrderBefore) -> bool:
    """Whether nothing of an order waits; what has shipped is no line any more."""
    return all(one.filled >= one.quantity for one in before.lines)


def _take(before: OrderBefore, reserve: Reserve, *, held: bool) -> Plan:
    why = "All of it is there." if before.lines else "All of it has shipped."
    if held:
        return Plan(Step.TAKE, reason=f"{why} What is reserved is to be taken.")
    if reserve.mandate:
        reason = f"{why} The payment method that its customer has left is to be charged."
        return Plan(Step.TAKE, Means.MANDATE, reason)
    return Plan(Step.LAPSED, reason=MISSED)


def _before_it_lapses(before: OrderBefore, reserve: Reserve, settings: Settings, now: datetime) -> Plan:
    """Wait where the goods come before the end of what is reserved; else it is taken some days before that end."""
    if reserve.until is None:
        return Plan(Step.WAIT, reason="Its money is reserved, and nothing says until when.")
    zone, end = settings.zone, moment(reserve.until, settings.zone)
    expected = _latest([one.eta for one in before.lines if one.waiting])
    alert = reserve.until - timedelta(days=settings.capture_days)
    goods = f"expected by {day(expected)}" if expected else "without a date yet"
    if expected is not None and datetime.combine(expected, time.max, zone) < reserve.until:
        return Plan(Step.WAIT, reason=f"Its money is reserved until {end}, and its goods are {goods}.")
    if now < alert:
        reason = f"Its money is reserved only until {end}, and its goods are {goods}."
        return Plan(Step.WAIT, reason=reason, look_at=alert)
    reason = f"What is reserved lapses on {end}, before its goods come ({goods}): take it before then, or lose it."
    return Plan(Step.TAKE_EARLY, reason=reason, look_at=reserve.until)


def _latest(dates: list[date | None]) -> date | None:
    known = [one for one in dates if one is not None]
    return max(known) if known and len(known) == len(dates) else None
