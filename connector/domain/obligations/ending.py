"""How lines come to count as cancelled, and what is owed for them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from connector.domain.jurisdictions import Rules
from connector.domain.obligations.days import refund_due
from connector.domain.obligations.deadlines import open_lines
from connector.domain.obligations.events import (
    CancelledNotice,
    DeemedCancelled,
    DutyEvent,
    Events,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
    RefundStatement,
)
from connector.domain.obligations.values import (
    CancelledLine,
    Cause,
    Duty,
    LegalClock,
    OpenDuty,
    Standing,
)

Step = tuple[LegalClock, Events]


def open_duty(clock: LegalClock, duty: Duty, due: datetime, now: datetime) -> Step:
    """The duty open; nothing happens where one of its kind is open already."""
    if clock.due(duty):
        return clock, ()
    opened = replace(clock, duties=(*clock.duties, OpenDuty(duty, due)))
    return opened, (ObligationOpened(clock.order, duty, due, now),)


def close_duty(
    clock: LegalClock, duty: Duty, now: datetime, how: type[ObligationMet] | type[ObligationBreached] = ObligationMet
) -> Step:
    """The duty met or breached; nothing happens where none of its kind is open."""
    due = clock.due(duty)
    if due is None:
        return clock, ()
    rest = tuple(one for one in clock.duties if one.duty is not duty)
    return replace(clock, duties=rest), (how(clock.order, duty, due, now),)


def close_options(clock: LegalClock, now: datetime) -> Step:
    """The option duties met, because nothing is left that an option could be offered for."""
    clock, first = close_duty(clock, Duty.FIRST_OPTION, now)
    clock, renewed = close_duty(clock, Duty.RENEWED_OPTION, now)
    return clock, first + renewed


def end_lines(
    clock: LegalClock,
    standing: Standing,
    rules: Rules,
    cause: Cause,
    vested: datetime,
    now: datetime,
    lines: Collection[str] | None = None,
) -> Step:
    """Open lines (None: all of them) cancelled for a cause, and the refund for them due from `vested` on."""
    ended = tuple(one for one in open_lines(clock, standing) if lines is None or one.line in lines)
    if not ended:
        return clock, ()
    gone = tuple(CancelledLine(one.line, one.quantity, cause, vested) for one in ended)
    clock = replace(clock, cancelled=clock.cancelled + gone)
    said: Events = tuple(DeemedCancelled(clock.order, one.line, one.quantity, cause, now) for one in ended)
    if not open_lines(clock, standing):
        clock, closed = close_options(replace(clock, idle=True), now)
        said += closed
    clock, opened = open_duty(clock, Duty.REFUND, refund_due(vested, rules.refund, standing.zone), now)
    notice = CancelledNotice(clock.order, tuple(one.line for one in ended), cause, now)
    said += (*opened, notice)
    if standing.charged:
        return replace(clock, owed=True), said
    clock, stated = _nothing_charged(clock, now)
    return clock, said + stated


def _nothing_charged(clock: LegalClock, now: datetime) -> Step:
    """The statement that no money was taken, which is all the refund there can be (16 CFR 435.1(d)(2)(iii))."""
    statement: DutyEvent = RefundStatement(clock.order, charged=False, at=now)
    if clock.owed:
        return clock, (statement,)
    clock, met = close_duty(clock, Duty.REFUND, now)
    return clock, (statement, *met)


def refund_sent(clock: LegalClock, now: datetime) -> Step:
    """The refund as sent at `now`: in time until its due instant, and owed no longer either way."""
    if not clock.owed:
        return clock, ()
    due = clock.due(Duty.REFUND)
    how = ObligationBreached if due and due < now else ObligationMet
    clock, closed = close_duty(replace(clock, owed=False), Duty.REFUND, now, how)
    return clock, (*closed, RefundStatement(clock.order, charged=True, at=now))
