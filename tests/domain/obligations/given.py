"""An order of the first of March 2026 in New York, and a story that is told to its legal clock."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from connector.domain.jurisdictions import Regime
from connector.domain.obligations import (
    Answer,
    ByHand,
    CancelledNotice,
    Cause,
    DeemedCancelled,
    DutyEvent,
    LegalClock,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
    OptionNotice,
    RefundStatement,
    RightArose,
    Standing,
    Unshipped,
    answer,
    cancel,
    next_instant,
    refunded,
    told,
    unreached,
    watch,
)

NEW_YORK = ZoneInfo("America/New_York")
PLACED = "2026-03-01T10:00:00Z"
T_END = "2026-04-01T03:59:59Z"  # the T-day is 31 March
WARNED = "2026-03-31T03:59:59Z"
GRACE_END = "2026-05-01T03:59:59Z"  # T-day + 30 is 30 April


def time(text: str) -> datetime:
    """A time of the story."""
    return datetime.fromisoformat(text)


def line(eta: str | None = None, waiting: int = 1, quantity: int = 1, name: str = "1") -> Unshipped:
    """A line that waits until a day, or without one."""
    return Unshipped(name, quantity, waiting, date.fromisoformat(eta) if eta else None)


FILLED = line(waiting=0)


def order(*unshipped: Unshipped, **more: Any) -> Standing:
    """The order with these lines unshipped."""
    placed = time(more.pop("placed", PLACED))
    regime = more.pop("regime", Regime.US_FTC)
    zone = more.pop("zone", NEW_YORK)
    return Standing("1001", regime, placed, zone, unshipped, **more)


def shown(at: datetime | None) -> str:
    """A time as the output prints it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else "never"


def said(event: DutyEvent) -> str:
    """An event as one line: its time, its kind, what it says."""
    match event:
        case ObligationOpened() | ObligationMet() | ObligationBreached():
            by_hand = f" by {event.by_hand}" if isinstance(event, ObligationMet) and event.by_hand else ""
            words = f"obligation {event.duty} {event.state}{by_hand} due {shown(event.due)}"
        case OptionNotice():
            silence = f"{event.silence_means or 'nothing'}"
            ends = f" at {shown(event.cancels_at)}" if event.cancels_at else ""
            way = f" by {event.by_hand}" if event.by_hand else ""
            words = f"notice {event.template}{way} {event.eta or 'undated'} silence means {silence}{ends}"
        case DeemedCancelled():
            words = f"deemed_cancelled {event.line} x{event.quantity} {event.cause}"
        case CancelledNotice():
            words = f"notice cancelled {','.join(event.lines)} {event.cause}"
        case RefundStatement():
            words = f"notice refund_statement {'refunded' if event.charged else 'never charged'}"
        case RightArose():
            words = f"right {event.right}"
        case _:
            words = f"notice staff_alert {event.reason} due {shown(event.due)}"
    assert event.order == "1001"
    return f"{shown(event.at)} {words}"


class Story:
    """Facts in order of time; the clock is woken at every instant that it asked for in between, never otherwise."""

    def __init__(self, standing: Standing, at: str = PLACED, wake_also: Collection[datetime] = ()) -> None:
        self.standing = standing
        self.clock: LegalClock | None = None
        self.events: list[DutyEvent] = []
        self.wake_also = sorted(wake_also)
        self._watch(time(at))

    def told(self) -> list[str]:
        """All that was said since the last time this was asked."""
        lines = [said(event) for event in self.events]
        self.events.clear()
        return lines

    def now(self, at: str | datetime, *unshipped: Unshipped, **changes: Any) -> "Story":
        """From `at` on the order stands so."""
        when = self._until(at)
        self.standing = replace(self.standing, unshipped=unshipped, **changes)
        self._watch(when)
        return self

    def until(self, at: str) -> "Story":
        """Nothing happens until then; what is due at that very instant happens too."""
        self._watch(self._until(at))
        return self

    def answered(self, at: str | datetime, given: Answer, **more: Any) -> "Story":
        """The buyer answers."""
        when = self._until(at)
        self._took(answer(self._clock, self.standing, given, when, **more))
        self._watch(when)
        return self

    def cancelled(self, at: str, cause: Cause, lines: Collection[str] | None = None) -> "Story":
        """Somebody cancels."""
        when = self._until(at)
        self._took(cancel(self._clock, self.standing, cause, when, lines))
        self._watch(when)
        return self

    def refunded(self, at: str | datetime) -> "Story":
        """The money goes back."""
        when = self._until(at)
        self._took(refunded(self._clock, when))
        self._watch(when)
        return self

    def bounced(self, at: str | datetime, serial: int, **changes: Any) -> "Story":
        """An option comes back."""
        when = self._until(at)
        self._took(unreached(self._clock, self.standing, serial, when))
        self.standing = replace(self.standing, **changes)
        self._watch(when)
        return self

    def by_hand(self, at: str, how: str, offered: str | None = None) -> "Story":
        """The merchant tells the buyer."""
        when = self._until(at)
        given = ByHand(how, date.fromisoformat(offered) if offered else None)
        self._took(told(self._clock, self.standing, given, when))
        self._watch(when)
        return self

    def slept_until(self, at: str) -> "Story":
        """The clock is not woken although it asked to be."""
        self._watch(time(at))
        return self

    @property
    def _clock(self) -> LegalClock:
        assert self.clock is not None
        return self.clock

    def _until(self, at: str | datetime) -> datetime:
        when = time(at) if isinstance(at, str) else at
        while (wake := self._next()) is not None and wake < when:
            assert wake > self._clock.seen, "the clock would be woken for ever"
            self._watch(wake)
        return when

    def _next(self) -> datetime | None:
        asked = next_instant(self._clock, self.standing)
        extra = next((one for one in self.wake_also if one > self._clock.seen), None)
        return min((one for one in (asked, extra) if one is not None), default=None)

    def _watch(self, when: datetime) -> None:
        self._took(watch(self.clock, self.standing, when))

    def _took(self, step: tuple[LegalClock, tuple[DutyEvent, ...]]) -> None:
        self.clock, new = step
        self.events.extend(new)
