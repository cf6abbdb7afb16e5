"""What an order's money is at Shopify: what was paid, what has gone back, and what would go back for some lines."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from adapters.shopify.client import Client
from adapters.shopify.ids import gid, plain
from adapters.shopify.paging import ALL_AT_ONCE, whole
from adapters.shopify.shapes import Connection, Ref, Shape, Units
from connector.domain.effects import CancelLines
from connector.domain.errors import NeedsMerchant
from connector.ports import StoreAccess

FAILED = ("FAILURE", "ERROR")
SENT = ("SUCCESS",)
# An app sees the orders of the last 60 days, unless it has the right to read all of them.
HIDDEN = (
    "Shopify does not show this order to the app (an older one wants the right read_all_orders): cancel what has not"
    " shipped in the Shopify admin, and give its money back there."
)


class Amount(Shape, frozen=True):
    """Money."""

    amount: Decimal


class Money(Shape, frozen=True):
    """Money in the currency that the customer paid in."""

    presentment_money: Amount


class Transaction(Shape, frozen=True):
    """A movement of money, and what became of it."""

    status: str
    amount_set: Money


class Transactions(Shape, frozen=True):
    """Movements of money."""

    nodes: tuple[Transaction, ...]


class Back(Shape, frozen=True):
    """A refund; one without transactions only takes units off."""

    transactions: Transactions
    note: str | None = None

    def money(self, statuses: Collection[str]) -> Decimal:
        """How much of it has come that far."""
        moved = (one.amount_set.presentment_money.amount for one in self.transactions.nodes if one.status in statuses)
        return sum(moved, Decimal(0))

    @property
    def decided(self) -> bool:
        """Whether the payment provider has said what becomes of all of it."""
        return all(one.status in (*FAILED, *SENT) for one in self.transactions.nodes)


class BillLine(Shape, frozen=True):
    """A line: the units that the buyer still wants, and those of them that have not shipped."""

    id: str
    current_quantity: Units
    unfulfilled_quantity: Units
    duties: tuple[Ref, ...] = ()


class Bill(Shape, frozen=True):
    """An order's money; `net_payment_set` is what was received less what went back."""

    id: str
    presentment_currency_code: str
    net_payment_set: Money
    refunds: tuple[Back, ...]
    line_items: Connection[BillLine]
    cancelled_at: str | None = None


class BillOf(Shape, frozen=True):
    """The answer to Bill."""

    order: Bill | None


class Payment(Shape, frozen=True):
    """What was paid; `manual_payment_gateway`: by hand, so that Shopify can send nothing back."""

    id: str
    manual_payment_gateway: bool


class Suggestion(Shape, frozen=True):
    """Money that would go back to where it came from."""

    amount_set: Money
    gateway: str | None = None
    parent_transaction: Payment | None = None


class Suggestions(Shape, frozen=True):
    """All of it."""

    suggested_transactions: tuple[Suggestion, ...]


class Suggested(Shape, frozen=True):
    """An order, of which only a refund was asked for."""

    suggested_refund: Suggestions | None


class SuggestedOf(Shape, frozen=True):
    """The answer to SuggestedRefund."""

    order: Suggested | None


@dataclass(frozen=True, slots=True)
class Going:
    """Units that go off an order, by line; `everything`: nothing stays with the buyer."""

    units: tuple[tuple[BillLine, int], ...]
    everything: bool

    def lines(self) -> list[dict[str, object]]:
        """As the lines of a refund; they have not shipped, so that they go back into the stock."""
        return [{"lineItemId": line.id, "quantity": count, "restockType": "CANCEL"} for line, count in self.units]

    def duties(self) -> list[dict[str, object]]:
        """The duties that were paid for them."""
        duties = (duty.id for line, _ in self.units for duty in line.duties)
        return [{"dutyId": duty, "refundType": "PROPORTIONAL"} for duty in duties]


def bill_of(client: Client, access: StoreAccess, order: str) -> tuple[Bill, tuple[BillLine, ...]]:
    """An order's money and all of its lines; NeedsMerchant where the app may not see it."""

    def page(cursor: str | None) -> Bill | None:
        variables = {"id": gid("Order", order), "first": ALL_AT_ONCE, "after": cursor}
        return client.call(access, "Bill", variables, BillOf).data.order

    def more(cursor: str) -> Connection[BillLine] | None:
        found = page(cursor)
        return found.line_items if found else None

    bill = page(None)
    if bill is None:
        raise NeedsMerchant(HIDDEN)
    return bill, tuple(whole(bill.line_items, more))


def going(lines: Sequence[BillLine], wanted: CancelLines) -> Going:
    """The units that are to go and have not shipped."""
    gone = dict(wanted.lines)
    units = {line.id: max(0, min(gone.get(plain(line.id), 0), line.unfulfilled_quantity)) for line in lines}
    everything = all(line.current_quantity <= units[line.id] for line in lines)
    return Going(tuple((line, units[line.id]) for line in lines if units[line.id]), everything)


def suggested(client: Client, access: StoreAccess, bill: Bill, gone: Going) -> tuple[Suggestion, ...]:
    """The money that goes back for units, the way it came; with everything goes the shipping too."""
    variables = {"id": bill.id, "lines": gone.lines(), "duties": gone.duties(), "everything": gone.everything}
    order = client.call(access, "SuggestedRefund", variables, SuggestedOf).data.order
    found = order.suggested_refund.suggested_transactions if order and order.suggested_refund else ()
    return tuple(one for one in found if one.amount_set.presentment_money.amount > 0)


def total(suggestions: Sequence[Suggestion]) -> Decimal:
    """How much that is."""
    return sum((one.amount_set.presentment_money.amount for one in suggestions), Decimal(0))
