"""What the legal clock looks at and what it remembers of one order."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from connector.domain.errors import BadInput
from connector.domain.jurisdictions import Exemption, Regime

LONGEST_STATED = 3650


class Duty(StrEnum):
    """What the merchant owes: the first option (16 CFR 435.2(b)(1)), the renewed one (b)(2), the refund (c)."""

    FIRST_OPTION = "first_option"
    RENEWED_OPTION = "renewed_option"
    REFUND = "refund"


class Cause(StrEnum):
    """Why an order counts as cancelled (16 CFR 435.2(c)).

    In turn (c)(2), (c)(3), (c)(5), (c)(1) and (c)(4).
    """

    NO_CONSENT = "no_consent"
    RENEWED_SILENCE = "renewed_silence"
    NO_VALID_OPTION = "no_valid_option"
    BUYER = "buyer"
    SELLER = "seller"


class Silence(StrEnum):
    """What no answer means: 16 CFR 435.2(b)(1)(ii), or (b)(1)(iii) and (b)(2)."""

    CONSENT = "consent"
    CANCEL = "cancel"


class Consent(StrEnum):
    """How far the buyer has agreed: not at all, by silence, in words to a date, in words to wait without a date."""

    NONE = "none"
    SILENT = "silent"
    EXPRESS = "express"
    STANDING = "standing"


class Answer(StrEnum):
    """What a buyer can say to an option."""

    WAIT = "wait"
    CANCEL = "cancel"
    PARTIAL = "partial"
    SUBSTITUTE = "substitute"


class Template(StrEnum):
    """The two option notices."""

    FIRST = "option_first"
    RENEWED = "option_renewed"


class Right(StrEnum):
    """What a consumer may do once the time is over.

    Set a further period (CRD art. 18(2), CRA s.28(7)); end the contract once that is over too.
    """

    FURTHER_PERIOD = "further_period"
    END_CONTRACT = "end_contract"


@dataclass(frozen=True, slots=True)
class Unshipped:
    """One line with units that no carrier has yet: `quantity` of them, `waiting` of these not on hand.

    `eta` is the day by which the line ships; None is unknown while units wait, and meaningless when none does.
    """

    line: str
    quantity: int
    waiting: int
    eta: date | None = None

    def __post_init__(self) -> None:
        if self.quantity < 1 or not 0 <= self.waiting <= self.quantity:
            raise BadInput(f"line {self.line}: {self.waiting} of {self.quantity} units cannot be waiting")


@dataclass(frozen=True, slots=True)
class Told:
    """A first option that the merchant gave before the clock watched, with the date offered (None: undated)."""

    at: datetime
    offered: date | None
    consented: bool = False


@dataclass(frozen=True, slots=True)
class ByHand:
    """An option that the merchant gave in another way than by our mail: how, and the date offered (None: undated)."""

    how: str
    offered: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """All that the clock must know of one order now.

    `placed_at` is when a properly completed order was received; a payment that is authorised counts (16 CFR
    435.1(c)). `stated_days` is the time to ship stated at the order, in days; `credit_without_time` that there was
    none and the buyer applied for credit. `unshipped` leaves out what the carrier has; a label is no shipment.
    `charged`: money was taken. `reachable`: there is an address that no notice has come back from.
    Raises BadInput for days that cannot be counted, naive times and a line named twice.
    """

    order: str
    regime: Regime
    placed_at: datetime
    zone: ZoneInfo
    unshipped: tuple[Unshipped, ...]
    stated_days: int | None = None
    credit_without_time: bool = False
    exempt: Exemption | None = None
    charged: bool = True
    reachable: bool = True
    told: Told | None = None

    def __post_init__(self) -> None:
        if self.stated_days is not None and not 1 <= self.stated_days <= LONGEST_STATED:
            raise BadInput(f"stated_days: must be from 1 to {LONGEST_STATED}, not {self.stated_days}")
        if self.placed_at.tzinfo is None or (self.told is not None and self.told.at.tzinfo is None):
            raise BadInput("placed_at: a time needs its offset")
        if len({one.line for one in self.unshipped}) < len(self.unshipped):
            raise BadInput("unshipped: a line is named twice")


@dataclass(frozen=True, slots=True)
class Option:
    """The last option that was sent: `serial` counts the order's options from 1 (0: given before the clock)."""

    serial: int
    template: Template
    offered: date | None
    answered: bool = False


@dataclass(frozen=True, slots=True)
class Lapse:
    """The instant at which silence ends the order, and as what."""

    at: datetime
    cause: Cause


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """A duty that is neither met nor breached; at most one of a kind."""

    duty: Duty
    due: datetime


@dataclass(frozen=True, slots=True)
class CancelledLine:
    """A line that counts as cancelled, with its units then and the reason; it never comes back."""

    line: str
    quantity: int
    cause: Cause
    at: datetime


@dataclass(frozen=True, slots=True)
class LegalClock:
    """The state of one order between calls; plain fields only, so that any JSON codec for dataclasses keeps it.

    `t_day` is the last day of the time stated or presumed, `r_day` the revised one that is in force. `seen` is the
    last instant handled, `regime` the law then (NONE for exempt orders), `idle` whether nothing was unshipped then.
    `first_offered`: the first option went out and did not come back. `options` counts options sent. `late_start`:
    a deadline had passed before the clock watched, so the merchant has to decide. `owed`: a refund is due or late.
    """

    order: str
    t_day: date
    seen: datetime
    regime: Regime
    idle: bool = True
    first_offered: bool = False
    option: Option | None = None
    options: int = 0
    r_day: date | None = None
    consent: Consent = Consent.NONE
    lapse: Lapse | None = None
    duties: tuple[OpenDuty, ...] = ()
    cancelled: tuple[CancelledLine, ...] = ()
    owed: bool = False
    late_start: bool = False
    rights: tuple[Right, ...] = ()

    def due(self, duty: Duty) -> datetime | None:
        """When an open duty is due; None where it is not open."""
        return next((one.due for one in self.duties if one.duty is duty), None)

    @property
    def renewal_pending(self) -> bool:
        """Whether a renewed option is out without an answer."""
        return self.option is not None and self.option.template is Template.RENEWED and not self.option.answered
