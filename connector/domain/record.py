"""Entries of the promise ledger that tell what people and services did: told, delivered, answered, shipped, ended."""

from dataclasses import dataclass
from datetime import date, datetime

from connector.domain.effects import Means
from connector.domain.facts import NoticeOutcome
from connector.domain.obligations import Answer


@dataclass(frozen=True, slots=True)
class Spoken:
    """What was said to a person, letter by letter; erased when the person asks for it."""

    to: str = ""
    name: str = ""
    sender: str = ""
    subject: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Who answered or was told, and what the merchant noted of it; erased when the person asks for it."""

    who: str = ""
    note: str = ""


NOTHING = Note()


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail service said of a letter, which may name its reader in ways nobody foresees; erased likewise."""

    words: str = ""


WORDLESS = Words()


@dataclass(frozen=True, slots=True)
class NoticeSent:
    """A notice that was handed to the mail service; `mail` is its own id of it.

    `sure` is false where the service has not said that it took it, `doubled` true where it may have gone twice.
    """

    order: str
    notice: str
    template: str
    mail: str
    sure: bool
    doubled: bool
    personal: Spoken


@dataclass(frozen=True, slots=True)
class NoticeGivenUp:
    """A notice that the mail service would not take."""

    order: str
    notice: str
    template: str
    personal: Words = WORDLESS


@dataclass(frozen=True, slots=True)
class NoticeWithdrawn:
    """A notice that did not go out, because it had nothing true to say any more."""

    order: str
    notice: str
    template: str
    reason: str


@dataclass(frozen=True, slots=True)
class NoticeReported:
    """What the mail service says became of a notice, and when by its own clock."""

    order: str
    notice: str
    outcome: NoticeOutcome
    happened: datetime
    personal: Words = WORDLESS


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer to an option: by the link in the mail, or told to the merchant, who says how.

    `until` is the end of a further period that the customer has set (None: the answer sets none).
    """

    order: str
    answer: Answer
    how: str
    personal: Note
    until: date | None = None


@dataclass(frozen=True, slots=True)
class ToldByHand:
    """The merchant told a customer in another way than by our mail: how, when, what (`offered`), and to whom.

    `offered` is the date of the option that was given (None: none could be given, or it was no option).
    """

    order: str
    how: str
    happened: datetime
    offered: date | None
    personal: Note


@dataclass(frozen=True, slots=True)
class DayStated:
    """The listings named a day by which all of an order ships, before it was placed; `day` is the latest of them."""

    order: str
    day: date


@dataclass(frozen=True, slots=True)
class Shipped:
    """Units of a line that the store says the carrier has since: `quantity` more, `shipped` in all."""

    order: str
    line: str
    quantity: int
    shipped: int


@dataclass(frozen=True, slots=True)
class Reduced:
    """Units that the store took off a line (refunded, removed): it was `was`, it is `quantity`."""

    order: str
    line: str
    quantity: int
    was: int


@dataclass(frozen=True, slots=True)
class OrderTurned:
    """What the store says an order has become (completed, cancelled, gone), and whether its money went back."""

    order: str
    state: str
    refunded: bool


@dataclass(frozen=True, slots=True)
class RefundApproved:
    """The merchant has a cancellation that was proposed carried out in the store."""

    order: str
    key: str


@dataclass(frozen=True, slots=True)
class RefundMade:
    """What the store did for a cancellation, asked by us: the money that went back, and whether the order ended."""

    order: str
    key: str
    amount: str
    currency: str
    cancelled: bool

    def words(self) -> str:
        """A sentence for whoever reads it."""
        back = f"gave back {self.amount} {self.currency}" if self.amount else "had no money left to give back"
        end = " and the order is cancelled in it" if self.cancelled else ""
        return f"The store {back}{end}."


@dataclass(frozen=True, slots=True)
class RefundRefused:
    """A cancellation that the store would not carry out, so that a person has to; and why."""

    order: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class PaymentApproved:
    """The merchant has money taken that was proposed to be."""

    order: str
    key: str


@dataclass(frozen=True, slots=True)
class PaymentTaken:
    """The store has taken an order's money, asked by us: what its `gateway` had reserved or, by a mandate, charged.

    `sure` is false where the answer to our asking got lost, and the store shows the money as taken since.
    """

    order: str
    key: str
    gateway: str
    means: Means = Means.RESERVED
    reason: str = ""
    sure: bool = True


@dataclass(frozen=True, slots=True)
class PaymentNotTaken:
    """Money of an order that was to be taken, and that the store did not take; and why."""

    order: str
    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderSplit:
    """The store shows a part of an order as an order of its own (`into`); for its customer it is one as before."""

    order: str
    into: str


@dataclass(frozen=True, slots=True)
class OrderNotSplit:
    """An order of which a part can ship, and that the store did not split; and why."""

    order: str
    key: str
    reason: str


Refunds = RefundApproved | RefundMade | RefundRefused
Notices = NoticeSent | NoticeGivenUp | NoticeWithdrawn | NoticeReported
Payments = PaymentApproved | PaymentTaken | PaymentNotTaken
Splits = OrderSplit | OrderNotSplit
Record = Notices | Payments | Splits | Answered | ToldByHand | DayStated | Shipped | Reduced | OrderTurned | Refunds
LINK = "link"
