"""What of an order's money has not gone back yet, to the cent, part by part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

import msgspec

from adapters.woocommerce.payloads import Id, Meta, Moment, Units, whole
from connector.domain.errors import Unreadable

OF = "_refunded_item_id"
Money = str | float | int | None


class Tax(msgspec.Struct, frozen=True):
    """What was paid of one tax on one part of an order; the store may not have rounded it."""

    id: Id
    total: Money = None


class Part(msgspec.Struct, frozen=True):
    """A line, a shipping or a fee of an order; of a refund the same below zero, naming its part in `meta_data`."""

    id: Id
    total: Money
    quantity: Units = 0
    taxes: list[Tax] = []
    meta_data: list[Meta] = []


class Back(msgspec.Struct, frozen=True):
    """One refund; `refunded_payment` is whether the gateway has sent the money."""

    id: Id
    amount: Money
    reason: str | None = ""
    refunded_payment: bool = False
    line_items: list[Part] = []
    shipping_lines: list[Part] = []
    fee_lines: list[Part] = []


class Bill(msgspec.Struct, frozen=True):
    """What an order cost; `date_paid_gmt` is empty as long as nobody has paid."""

    id: Id
    status: str
    currency: str
    total: str
    line_items: list[Part]
    date_paid_gmt: Moment | None = None
    meta_data: list[Meta] = []
    shipping_lines: list[Part] = []
    fee_lines: list[Part] = []


@dataclass(frozen=True, slots=True)
class Left:
    """What has not gone back of one part: units, money without taxes, and each tax."""

    part: int
    units: int
    total: Decimal
    taxes: Mapping[int, Decimal]

    @property
    def money(self) -> Decimal:
        """All of it."""
        return self.total + sum(self.taxes.values())

    def share(self, units: int, cent: Decimal) -> Left:
        """The same of some of its units; the last ones take whatever cents are left."""
        if units >= self.units:
            return self
        taxes = {id_: _rounded(tax * units / self.units, cent) for id_, tax in self.taxes.items()}
        return Left(self.part, units, _rounded(self.total * units / self.units, cent), taxes)

    def form(self) -> dict[str, object]:
        """As an entry of a refund."""
        taxes = [{"id": id_, "refund_total": str(tax)} for id_, tax in self.taxes.items()]
        return {"id": self.part, "quantity": self.units, "refund_total": str(self.total), "refund_tax": taxes}


def amount(text: Money) -> Decimal:
    """An amount as the store writes it; Unreadable for anything else."""
    try:
        found = Decimal(str(text or 0))
    except InvalidOperation:
        found = Decimal("nan")
    if not found.is_finite():
        raise Unreadable("an amount of the order is no number")
    return found


def cent_of(bill: Bill) -> Decimal:
    """The smallest amount that the store writes in the order's currency."""
    return Decimal(1).scaleb(min(int(amount(bill.total).as_tuple().exponent), 0))


def money_left(bill: Bill, backs: Sequence[Back]) -> Decimal:
    """What has not gone back of the whole order."""
    return amount(bill.total) - sum(abs(amount(back.amount)) for back in backs)


def lines_left(bill: Bill, backs: Sequence[Back]) -> dict[str, Left]:
    """What has not gone back of each line."""
    return {str(one.part): one for one in _left(bill.line_items, backs, cent_of(bill))}


def others_left(bill: Bill, backs: Sequence[Back]) -> tuple[Left, ...]:
    """What has not gone back of shipping and fees."""
    found = _left((*bill.shipping_lines, *bill.fee_lines), backs, cent_of(bill))
    return tuple(one for one in found if one.money)


def _left(parts: Sequence[Part], backs: Sequence[Back], cent: Decimal) -> Iterator[Left]:
    for part in parts:
        gone = [one for back in backs for one in _parts(back) if _of(one) == str(part.id)]
        units = whole(part.quantity) - sum(abs(whole(one.quantity)) for one in gone)
        total = amount(part.total) - sum(abs(amount(one.total)) for one in gone)
        back = [tax for one in gone for tax in one.taxes]
        taxes = {tax.id: _rounded(_without(tax, back), cent) for tax in part.taxes}
        yield Left(part.id, max(units, 0), _rounded(total, cent), {id_: tax for id_, tax in taxes.items() if tax})


def _without(tax: Tax, back: Sequence[Tax]) -> Decimal:
    return amount(tax.total) - sum(abs(amount(one.total)) for one in back if one.id == tax.id)


def _parts(back: Back) -> Iterator[Part]:
    yield from (*back.line_items, *back.shipping_lines, *back.fee_lines)


def _of(part: Part) -> str:
    return next((str(entry.value) for entry in part.meta_data if entry.key == OF), "")


def _rounded(money: Decimal, cent: Decimal) -> Decimal:
    return money.quantize(cent, ROUND_HALF_UP)
