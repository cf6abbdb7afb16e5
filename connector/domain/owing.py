"""What the law says to an order as it stands: its legal clock is brought up to now."""

from dataclasses import replace
from datetime import datetime

from connector.domain.board import OrderBefore
from connector.domain.errors import BadInput
from connector.domain.facts import Payment
from connector.domain.jurisdictions import Exemption, Regime, regime_of, rules_for
from connector.domain.obligations import (
    Answer,
    CancelledNotice,
    Cause,
    DutyEvent,
    LegalClock,
    OptionNotice,
    RefundStatement,
    StaffNeeded,
    StaffReason,
    Standing,
    Unshipped,
    answer,
    cancel,
    may_set,
    next_instant,
    refunded,
    told,
    unreached,
    watch,
)
from connector.domain.settings import Settings

Owed = tuple[LegalClock | None, datetime | None, tuple[DutyEvent, ...]]


def owe(before: OrderBefore, settings: Settings, now: datetime) -> Owed:
    """The clock, when time alone will change it next, and what follows now; no clock where no law applies.

    None either for an order that ended before it was paid: nothing was properly ordered, and nothing is owed.
    """
    regime = regime_for(before, settings)
    if before.clock is None and (regime is Regime.NONE or (before.cancelled and before.never_paid)):
        return None, None, ()
    standing = _standing(before, regime, settings)
    clock, said = _happened(before, standing, now)
    if not before.cancelled:
        clock, more = watch(clock, standing, now)
        said += more
    if clock is not None and before.refunded and clock.owed:
        clock, more = refunded(clock, now)
        said += more
    said += _end_by_hand(before, standing, said, now)
    return clock, next_instant(clock, standing) if clock else None, said


def to_tell(before: OrderBefore, settings: Settings, now: datetime) -> OptionNotice | None:
    """The option that the merchant has to give by hand now; None where none is needed, or a mail can give it."""
    regime = regime_for(before, settings)
    if regime is Regime.NONE or before.cancelled or reachable(before, settings):
        return None
    standing = replace(_standing(before, regime, settings), reachable=True)
    _, said = watch(before.clock, standing, now)
    return next((one for one in said if isinstance(one, OptionNotice)), None)


def regime_for(before: OrderBefore, settings: Settings) -> Regime:
    """The law that an order stands under; none for an address that names no country."""
    return regime_of_address(settings.jurisdiction, before.country, before.region)


def left_out(before: OrderBefore, settings: Settings) -> Exemption | None:
    """Why the law of its address leaves an order out as a whole; None where it does not, or where there is none."""
    regime, exempt = regime_for(before, settings), _exempt(before, settings)
    return exempt if regime is not Regime.NONE and rules_for(regime, exempt) is None else None


def regime_of_address(jurisdiction: str, country: str, region: str) -> Regime:
    """The law for an address, whatever was written as its country."""
    try:
        return regime_of(jurisdiction, country, region)
    except BadInput:
        return Regime.NONE


def _happened(
    before: OrderBefore, standing: Standing, now: datetime
) -> tuple[LegalClock | None, tuple[DutyEvent, ...]]:
    """What happened since: answers in their order, a notice that did not arrive, a cancellation."""
    clock, said = before.clock, tuple[DutyEvent, ...]()
    for given in before.answers:
        if given.until is not None and not may_set(clock, given.until, standing.zone):
            continue
        clock, more = answer(clock, standing, Answer(given.answer), given.at, until=given.until)
        said += more
    if clock is not None and before.unreached is not None:
        clock, more = unreached(clock, standing, before.unreached, now)
        said += more
    if before.by_hand is not None:
        clock, more = told(clock, standing, before.by_hand, now)
        said += more
    if before.cancelled and before.lines:
        clock, more = cancel(clock, standing, Cause.SELLER if before.by_seller else Cause.BUYER, now)
        said += more
    return clock, said


def _end_by_hand(
    before: OrderBefore, standing: Standing, said: tuple[DutyEvent, ...], now: datetime
) -> tuple[DutyEvent, ...]:
    """Word to people where an order ends for a customer whom no mail can tell."""
    ended = any(isinstance(event, CancelledNotice | RefundStatement) for event in said)
    if standing.reachable or not ended:
        return ()
    return (StaffNeeded(before.order, StaffReason.UNTOLD_END, now, now),)


def _standing(before: OrderBefore, regime: Regime, settings: Settings) -> Standing:
    terms = settings.terms_are_credit and before.payment is Payment.TERMS
    return Standing(
        order=before.order,
        regime=regime,
        placed_at=before.placed_at,
        zone=settings.zone,
        unshipped=tuple(
            Unshipped(line.line, line.quantity, line.waiting, line.eta)
            for line in before.lines
            if line.quantity and rules_for(regime, settings.exemption_of(line.sku)) is not None
        ),
        stated_days=before.stated_days,
        credit_without_time=terms and before.stated_days is None,
        exempt=_exempt(before, settings),
        charged=before.charged,
        reachable=reachable(before, settings),
    )


def _exempt(before: OrderBefore, settings: Settings) -> Exemption | None:
    """Why a whole order may be left out: who bought it, or how it is paid."""
    if before.segment in settings.businesses:
        return Exemption.BUSINESS
    return Exemption.COD if before.payment is Payment.ON_DELIVERY else None


def reachable(before: OrderBefore, settings: Settings) -> bool:
    """Whether mail may go out, and there is an address that takes it and that wants it."""
    return settings.notify_customers and not before.unwanted and before.email not in ("", before.bounced)
