"""The promise ledger as sentences that somebody reads who was not there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from zoneinfo import ZoneInfo

from connector.domain.effects import Means
from connector.domain.facts import NoticeOutcome
from connector.domain.jurisdictions import Regime
from connector.domain.obligations import (
    Answer,
    CancelledNotice,
    DeemedCancelled,
    Duty,
    DutyEvent,
    ObligationBreached,
    ObligationMet,
    ObligationOpened,
    OptionNotice,
    RefundStatement,
    Right,
    RightArose,
    Silence,
    StaffNeeded,
    StaffReason,
)
from connector.domain.paragraphs import of_cause, of_duty
from connector.domain.promise import Filled, PromiseMade, Reason
from connector.domain.record import (
    LINK,
    Answered,
    DayStated,
    NoticeGivenUp,
    NoticeReported,
    NoticeSent,
    NoticeWithdrawn,
    OrderNotSplit,
    OrderSplit,
    OrderTurned,
    PaymentApproved,
    PaymentNotTaken,
    PaymentTaken,
    Record,
    Reduced,
    RefundApproved,
    RefundMade,
    RefundRefused,
    Shipped,
    ToldByHand,
)
from connector.domain.wording import ESTIMATE, counted, day, moment, units

Entry = PromiseMade | Filled | DutyEvent | Record

REASONS = {
    Reason.NEW: "because more was ordered than is there",
    Reason.SUPPLIER_LATER: "because the supplier moved its date back",
    Reason.SUPPLIER_EARLIER: "because supply comes sooner",
    Reason.MISSED: "because the date before it passed",
    Reason.SUPPLY_GONE: "because the supplier no longer announces the units it rested on",
    Reason.QUEUE: "because others came first",
    Reason.RECEIVED: "because goods came in",
    Reason.MERCHANT: "because you set it",
}
MOVED_UP = "because it moved up in the queue"
DUTIES = {
    Duty.FIRST_OPTION: "to offer the choice between waiting and cancelling",
    Duty.RENEWED_OPTION: "to offer the choice again",
    Duty.REFUND: "to give the money back",
}
STAFF = {
    StaffReason.UNREACHABLE: (
        "the customer has to be told of the delay by telephone or letter: no e-mail can go out, because no address"
        " takes one, the customer wants none or notices are switched off"
    ),
    StaffReason.BOUNCED: "the notice about the delay came back; the customer has to be reached in another way",
    StaffReason.LATE_START: "a legal deadline had passed before it was watched; decide what it is to become",
    StaffReason.UNTOLD_END: (
        "the customer has to be told by telephone or letter what became of the order and its money: no e-mail can"
        " go out"
    ),
}
REPORTS = {
    NoticeOutcome.ACCEPTED: "accepted",
    NoticeOutcome.DELIVERED: "delivered to the customer's mail server",
    NoticeOutcome.FAILED: "not delivered",
    NoticeOutcome.UNWANTED: "unwanted, so that its customer gets no more mail from this store,",
}
ANSWERS = {
    Answer.WAIT: "to wait",
    Answer.CANCEL: "to cancel",
    Answer.PARTIAL: "to take a part",
    Answer.SUBSTITUTE: "to take a substitute",
}
HOW = {
    LINK: "by the link in the mail",
    "telephone": "by telephone",
    "e-mail": "by e-mail",
    "letter": "by letter",
    "in person": "in person",
}
RIGHTS = {
    Right.FURTHER_PERIOD: "The time to deliver is over: the customer may set a further period.",
    Right.END_CONTRACT: "The further period is over too: the customer may end the contract.",
}
STATES = {
    "completed": "completed",
    "cancelled": "cancelled",
    "gone": "deleted",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom it is told: the zone that times are given in, and the law that the order stands under."""

    zone: ZoneInfo
    regime: Regime = Regime.NONE


def tell(entry: Entry, reader: Reader) -> str:
    """An entry of the promise ledger as a sentence or more."""
    return TELLERS[type(entry)](entry, reader)


def promised(entry: PromiseMade | Filled) -> str:
    """What was promised or kept, without a full stop."""
    if isinstance(entry, Filled):
        return f"{units(entry.quantity)} on hand for this order"
    said = f"Promised {day(entry.eta)}" if entry.eta else "No date can be promised"
    said += f" ({ESTIMATE})" if entry.eta and entry.estimated else ""
    why = MOVED_UP if _moved_up(entry) else REASONS[entry.reason]
    if entry.reason is not Reason.NEW:
        why += f" (was {day(entry.previous)})" if entry.previous else " (there was no date before)"
    return f"{said} {why}; {units(entry.quantity)} waiting"


def _moved_up(entry: PromiseMade) -> bool:
    sooner = entry.eta is not None and (entry.previous is None or entry.eta < entry.previous)
    return entry.reason is Reason.QUEUE and sooner


def _promise(entry: PromiseMade, reader: Reader) -> str:  # noqa: ARG001 - the shape of a teller
    said = f"{promised(entry)}."
    if entry.lot:
        date = f", which the supplier announces for {day(entry.lot_ready)}" if entry.lot_ready else ""
        said += f" It rests on the supply {entry.lot}{date}."
    if entry.evidence is None:
        return said
    of = entry.evidence
    spare, handling = counted(of.buffer_days, "day"), counted(of.handling_days, "working day")
    extra = f" with {spare} to spare and {handling} of handling"
    order = of.fill_order.replace("_", " ")
    rule = f" Units go out by the rule “{order}”; {of.promise_quantile:.0%} of the dates are meant to be kept"
    return f"{said} {of.history}{rule}{extra if of.buffer_days or of.handling_days else ''}."


def _filled(entry: Filled, reader: Reader) -> str:  # noqa: ARG001
    return f"{promised(entry)}."


def _named(reader: Reader, duty: Duty) -> str:
    place, _ = of_duty(reader.regime, duty)
    return f"The duty {DUTIES[duty]}" + (f" ({place})" if place else "")


def _opened(entry: ObligationOpened, reader: Reader) -> str:
    return f"{_named(reader, entry.duty)} began; it has to be done by {moment(entry.due, reader.zone)}."


def _met(entry: ObligationMet, reader: Reader) -> str:
    how = f" {HOW.get(entry.by_hand, entry.by_hand)}" if entry.by_hand else ""
    return f"{_named(reader, entry.duty)} was done in time{how}; it was due by {moment(entry.due, reader.zone)}."


def _breached(entry: ObligationBreached, reader: Reader) -> str:
    return f"{_named(reader, entry.duty)} was not done by {moment(entry.due, reader.zone)}."


def _option(entry: OptionNotice, reader: Reader) -> str:
    until = f"to wait until {day(entry.eta)}" if entry.eta else "to wait although no date can be given"
    said = f"The customer is offered the choice {until}, or to cancel with a full refund of what has not shipped."
    if entry.silence_means is Silence.CONSENT:
        return f"{said} No answer means consent until that date."
    if entry.silence_means is Silence.CANCEL and entry.cancels_at is not None:
        return f"{said} Without an answer by {moment(entry.cancels_at, reader.zone)} it counts as cancelled."
    return f"{said} No answer changes nothing."


def _cancelled(entry: DeemedCancelled, reader: Reader) -> str:
    place, words = of_cause(reader.regime, entry.cause)
    return f"{units(entry.quantity)} count as cancelled: {words}{f' ({place})' if place else ''}."


def _word(entry: CancelledNotice, reader: Reader) -> str:  # noqa: ARG001
    return "The customer is to be told that this is cancelled."


def _statement(entry: RefundStatement, reader: Reader) -> str:  # noqa: ARG001
    if entry.charged:
        return "The money has gone back; the customer is to be told so."
    return "No money was ever taken; the customer is to be told so."


def _right(entry: RightArose, reader: Reader) -> str:  # noqa: ARG001
    return RIGHTS[entry.right]


def _staff(entry: StaffNeeded, reader: Reader) -> str:
    return f"A task for people, by {moment(entry.due, reader.zone)}: {STAFF[entry.reason]}."


def _sent(entry: NoticeSent, reader: Reader) -> str:  # noqa: ARG001
    said = entry.personal
    what = f"The e-mail “{said.subject}” to {said.to}" if said.to else "An e-mail, whose text has been erased,"
    ours = f" as {entry.mail}" if entry.mail else ""
    if not entry.sure:
        return f"{what} was handed to the mail service, which has not said whether it took it."
    twice = " It may have gone twice." if entry.doubled else ""
    return f"{what} was taken by the mail service{ours}.{twice}"


def _given_up(entry: NoticeGivenUp, reader: Reader) -> str:  # noqa: ARG001
    why = f": {entry.personal.words}" if entry.personal.words else "."
    return f"A notice could not be sent and was given up{why}"


def _withdrawn(entry: NoticeWithdrawn, reader: Reader) -> str:  # noqa: ARG001
    return f"A notice was not sent any more: {entry.reason}."


def _reported(entry: NoticeReported, reader: Reader) -> str:
    why = f": {entry.personal.words}" if entry.personal.words else ""
    at = moment(entry.happened, reader.zone)
    return f"The mail service reports the notice {REPORTS[entry.outcome]} at {at}{why}."


def _answered(entry: Answered, reader: Reader) -> str:  # noqa: ARG001
    by = HOW.get(entry.how, entry.how)
    said = f"to set a further period until {day(entry.until)}" if entry.until else ANSWERS[entry.answer]
    if entry.how == LINK:
        return f"The customer answered {by}: {said}."
    who, note = entry.personal.who, entry.personal.note
    whom = f" ({who})" if who else ""
    return f"The customer{whom} answered {by}: {said}. Recorded by the merchant.{_quoted(note)}"


def _told(entry: ToldByHand, reader: Reader) -> str:
    by, who = HOW.get(entry.how, entry.how), entry.personal.who
    date = f", with {day(entry.offered)} as the new date" if entry.offered else ""
    at = moment(entry.happened, reader.zone)
    whom = f" ({who})" if who else ""
    return f"The merchant told the customer{whom} {by} at {at}{date}.{_quoted(entry.personal.note)}"


def _quoted(note: str) -> str:
    return f" Note: “{note}”" if note else ""


def _stated(entry: DayStated, reader: Reader) -> str:  # noqa: ARG001
    return f"When this was ordered, the listings said that it ships by {day(entry.day)}: that is the time stated."


def _shipped(entry: Shipped, reader: Reader) -> str:  # noqa: ARG001
    return f"The store shows {units(entry.quantity)} as shipped, {entry.shipped} in all."


def _reduced(entry: Reduced, reader: Reader) -> str:  # noqa: ARG001
    return f"The store took {units(entry.was - entry.quantity)} off this line; {entry.quantity} are left."


def _turned(entry: OrderTurned, reader: Reader) -> str:  # noqa: ARG001
    said = f"The store shows the order as {STATES.get(entry.state, entry.state)}"
    return f"{said}, and its money as given back." if entry.refunded else f"{said}."


def _approved(entry: RefundApproved, reader: Reader) -> str:  # noqa: ARG001
    return "The merchant has the cancellation carried out in the store, and the money given back."


def _made(entry: RefundMade, reader: Reader) -> str:  # noqa: ARG001
    return f"Asked by the connector: {entry.words()}"


def _refused(entry: RefundRefused, reader: Reader) -> str:  # noqa: ARG001
    return f"The cancellation could not be carried out in the store; a person has to. {entry.reason}"


def _taken(entry: PaymentTaken, reader: Reader) -> str:  # noqa: ARG001
    why = entry.reason or "All of it is there."
    by = "charge the payment method that its customer has left"
    what = f"have {entry.gateway or 'its gateway'} take the money that it had reserved"
    done = f"{why} The store was asked to {by if entry.means is Means.MANDATE else what}, and has done so."
    return done if entry.sure else f"{done} Its first answer was lost; it shows the money as taken."


def _not_taken(entry: PaymentNotTaken, reader: Reader) -> str:  # noqa: ARG001
    return f"Its money was to be taken, and was not. {entry.reason}"


def _asked(entry: PaymentApproved, reader: Reader) -> str:  # noqa: ARG001
    return "The merchant has the money of the order taken."


def _split(entry: OrderSplit, reader: Reader) -> str:  # noqa: ARG001
    return f"What waited has become an order of its own in the store, {entry.into}: the promise stays the same."


def _not_split(entry: OrderNotSplit, reader: Reader) -> str:  # noqa: ARG001
    return f"A part of it can ship, but the store did not split the order. {entry.reason}"


# Each teller takes the one kind that it stands beside.
TELLERS = cast(
    "dict[type[Any], Callable[[Any, Reader], str]]",
    {
        PromiseMade: _promise,
        Filled: _filled,
        ObligationOpened: _opened,
        ObligationMet: _met,
        ObligationBreached: _breached,
        OptionNotice: _option,
        DeemedCancelled: _cancelled,
        CancelledNotice: _word,
        RefundStatement: _statement,
        RightArose: _right,
        StaffNeeded: _staff,
        NoticeSent: _sent,
        NoticeGivenUp: _given_up,
        NoticeWithdrawn: _withdrawn,
        NoticeReported: _reported,
        Answered: _answered,
        ToldByHand: _told,
        DayStated: _stated,
        Shipped: _shipped,
        Reduced: _reduced,
        OrderTurned: _turned,
        RefundApproved: _approved,
        RefundMade: _made,
        RefundRefused: _refused,
        PaymentApproved: _asked,
        PaymentTaken: _taken,
        PaymentNotTaken: _not_taken,
        OrderSplit: _split,
        OrderNotSplit: _not_split,
    },
)
KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in TELLERS}
