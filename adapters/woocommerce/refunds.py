"""A cancellation carried out in the store: the money goes back by the gateway that took it, and the order ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from adapters.woocommerce.bills import Back, Bill, Left, cent_of, lines_left, money_left, others_left
from adapters.woocommerce.divided import line_of, split_into, split_off
from adapters.woocommerce.payloads import OnlyId
from adapters.woocommerce.refusals import Missing, NotRefunded
from adapters.woocommerce.rest import Rest
from connector.domain.effects import CancelLines
from connector.domain.errors import NeedsMerchant, Retryable, Terminal
from connector.ports import Refunded

OVER = ("cancelled", "refunded", "trash")
SHIPPED = "completed"
HAS_SHIPPED = "The store shows the order as completed, so nothing was cancelled or given back: see what has shipped."
UNDECIDED = "The store keeps this refund, and does not say that its payment gateway has sent the money"


def refund(rest: Rest, wanted: CancelLines) -> Refunded:
    """Give the money for these lines back, unless a refund that bears the key shows that it was done; end the order.

    Of an order that was split, what waits is in the part, and has been paid there.
    """
    bill = rest.get(f"orders/{wanted.order}", Bill).value
    part = _part_of(rest, bill)
    if part is None:
        return _refund(rest, bill, wanted)
    there, here = _shared(part, tuple(rest.every(f"orders/{part.id}/refunds", Back)), wanted)
    done = [_refund(rest, of, lines) for of, lines in ((part, there), (bill, here)) if lines.lines]
    ended = all(rest.get(f"orders/{of.id}", Bill).value.status in OVER for of in (bill, part))
    return Refunded(sum((one.amount for one in done), Decimal(0)), bill.currency, ended)


def _part_of(rest: Rest, bill: Bill) -> Bill | None:
    """The order that a part of this one is; None where it is whole."""
    known_as = split_into(bill.meta_data)
    if not known_as:
        return None
    try:
        part = rest.get(f"orders/{known_as}", Bill).value
    except Missing:
        return None
    return part if split_off(part.meta_data) == str(bill.id) else None


def _shared(part: Bill, backs: Sequence[Back], wanted: CancelLines) -> tuple[CancelLines, CancelLines]:
    """What of it is to be cancelled in the part, by its own lines, and what in the order that it was split off.

    Who asks again is told the same: units that this very cancellation has taken off the part were the part's.
    """
    before = [back for back in backs if wanted.key not in _words(back)]
    over = part.status in OVER and len(before) == len(backs)
    left = {} if over else lines_left(part, before)
    own = {line: str(one.id) for one in part.line_items if (line := line_of(one.meta_data))}
    there, here = list[tuple[str, int]](), list[tuple[str, int]]()
    for line, units in wanted.lines:
        known = own.get(line, "")
        taken = min(units, left[known].units) if known in left else 0
        there += [(known, taken)] if taken else []
        here += [(line, units - taken)] if units > taken else []
    return replace(wanted, order=str(part.id), lines=tuple(there)), replace(wanted, lines=tuple(here))


def _refund(rest: Rest, bill: Bill, wanted: CancelLines) -> Refunded:
    """Give back what of one order of the store is to be cancelled.

    Shipping goes back where nothing of the order is left to ship; money that nobody has paid does not.
    """
    backs = tuple(rest.every(f"orders/{bill.id}/refunds", Back))
    done = next((back for back in backs if wanted.key in _words(back)), None)
    if done is None and bill.status == SHIPPED:
        raise Terminal(HAS_SHIPPED)
    lines = lines_left(bill, backs)
    gone = dict(wanted.lines) if done is None else {}  # its units are off the order already
    everything = all(left.units <= gone.get(line, 0) for line, left in lines.items())
    if done is not None:
        return _was_done(rest, bill, done, everything=everything)
    parts = tuple(_part(bill, lines[line], units) for line, units in wanted.lines if line in lines)
    parts = tuple(part for part in parts if part.units)
    if everything:
        parts += others_left(bill, backs)
    money = money_left(bill, backs) if everything else sum((part.money for part in parts), Decimal(0))
    return _carry_out(rest, bill, wanted, parts, money, everything=everything)


def _words(back: Back) -> list[str]:
    """The words of a refund's reason; the key stands there in brackets."""
    return (back.reason or "").replace("(", " ").replace(")", " ").split()


def _was_done(rest: Rest, bill: Bill, done: Back, *, everything: bool) -> Refunded:
    if bill.date_paid_gmt is not None and not done.refunded_payment:
        raise Retryable(UNDECIDED)
    _end(rest, bill, everything=everything)
    sent = Decimal(str(done.amount)) if done.refunded_payment else Decimal(0)
    return Refunded(abs(sent), bill.currency, everything)


def _part(bill: Bill, left: Left, units: int) -> Left:
    return left.share(min(units, left.units), cent_of(bill))


def _carry_out(
    rest: Rest, bill: Bill, wanted: CancelLines, parts: Sequence[Left], money: Decimal, *, everything: bool
) -> Refunded:
    paid = bill.date_paid_gmt is not None
    moves = paid and money > 0
    if moves or (parts and not paid and not everything):
        try:
            rest.send("POST", f"orders/{bill.id}/refunds", _form(wanted, parts, money, moves=moves), OnlyId)
        except NotRefunded as error:
            _end(rest, bill, everything=everything)
            raise NeedsMerchant(_by_hand(str(error), money, bill, everything=everything)) from None
    _end(rest, bill, everything=everything)
    return Refunded(money if moves else Decimal(0), bill.currency, everything)


def _form(wanted: CancelLines, parts: Sequence[Left], money: Decimal, *, moves: bool) -> Mapping[str, object]:
    reason = f"{wanted.reason} ({wanted.key})"
    lines = [part.form() for part in parts]
    return {"amount": str(money), "reason": reason, "api_refund": moves, "line_items": lines}


def _end(rest: Rest, bill: Bill, *, everything: bool) -> None:
    """Cancel an order of which nothing is left; one whose money has all gone back has ended as refunded by itself."""
    if not everything or bill.status in OVER:
        return
    if rest.get(f"orders/{bill.id}", Bill).value.status not in OVER:
        rest.send("PUT", f"orders/{bill.id}", {"status": "cancelled"}, OnlyId)


def _by_hand(why: str, money: Decimal, bill: Bill, *, everything: bool) -> str:
    done = " The order is cancelled in the store." if everything else ""
    return (
        f"The store could not send the money by itself ({why}).{done} Give {money} {bill.currency} back by hand, the"
        " way it came, and record it in the store (Refund manually)."
    )
