"""What the legal clock says: duties that open and end, notices, cancellations, rights."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from connector.domain.obligations.values import Cause, Duty, Right, Silence, Template


@dataclass(frozen=True, slots=True)
class ObligationOpened:
    """A duty that has to be done by `due`; for `refund` this is the instant at which the refund is due."""

    state: ClassVar[str] = "open"
    order: str
    duty: Duty
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class ObligationMet:
    """A duty that was done in time, or that has nothing left to be done for; `by_hand` is how, where a person did."""

    state: ClassVar[str] = "met"
    order: str
    duty: Duty
    due: datetime
    at: datetime
    by_hand: str = ""


@dataclass(frozen=True, slots=True)
class ObligationBreached:
    """A duty that was not done in time."""

    state: ClassVar[str] = "breached"
    order: str
    duty: Duty
    due: datetime
    at: datetime


@dataclass(frozen=True, slots=True)
class OptionNotice:
    """The option to consent to a delay or to cancel with a prompt refund, to be sent now, at the seller's cost.

    `eta` None: no date can be given; the notice must then say why, and that waiting may be ended at any time
    (16 CFR 435.2(a)(3), (b)(1)(iii)). `silence_means` None: silence changes nothing (UK, EU). `cancels_at` is when
    silence ends the order. `delay_days` is the delay as a number of days after the T-day, as California wants it
    (17538(a)(3)); negative never. `withdrawal`: the right of withdrawal has to be shown. `serial` numbers the order's
    options: answers and bounces may name it. `by_hand`: the merchant has given it, in this way; none is to be sent.
    """

    replaces: ClassVar[frozenset[str]] = frozenset({"backordered", "eta_changed"})
    order: str
    template: Template
    serial: int
    eta: date | None
    silence_means: Silence | None
    cancels_at: datetime | None
    delay_days: int | None
    withdrawal: bool
    at: datetime
    by_hand: str = ""


@dataclass(frozen=True, slots=True)
class DeemedCancelled:
    """A line that counts as cancelled from now on, with the units concerned (16 CFR 435.2(c))."""

    order: str
    line: str
    quantity: int
    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True)
class CancelledNotice:
    """Word to the buyer that these lines are cancelled."""

    template: ClassVar[str] = "cancelled"
    order: str
    lines: tuple[str, ...]
    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True)
class RefundStatement:
    """Word to the buyer that the money went back or, if not `charged`, that none was ever taken (16 CFR 435.1(d))."""

    template: ClassVar[str] = "refund_statement"
    order: str
    charged: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RightArose:
    """A right that the consumer has from now on; the customer's page has to offer it (UK, EU)."""

    order: str
    right: Right
    at: datetime


class StaffReason(StrEnum):
    """Why a person is needed.

    No address to write to, a notice that came back, a deadline that we did not watch, an end that nobody can be
    written of.
    """

    UNREACHABLE = "unreachable"
    BOUNCED = "bounced"
    LATE_START = "late_start"
    UNTOLD_END = "untold_end"


@dataclass(frozen=True, slots=True)
class StaffNeeded:
    """Word to the merchant's staff; `due` is when it will be too late, or was."""

    template: ClassVar[str] = "staff_alert"
    order: str
    reason: StaffReason
    due: datetime
    at: datetime


DutyEvent = (
    ObligationOpened
    | ObligationMet
    | ObligationBreached
    | OptionNotice
    | DeemedCancelled
    | CancelledNotice
    | RefundStatement
    | RightArose
    | StaffNeeded
)
Events = tuple[DutyEvent, ...]
Notice = OptionNotice | CancelledNotice | RefundStatement | StaffNeeded
