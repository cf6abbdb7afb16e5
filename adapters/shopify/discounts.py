"""Discount codes: one for one customer, made once."""

from datetime import UTC, datetime, time, timedelta

from adapters.shopify.client import Client
from adapters.shopify.shapes import Ref, Shape, UserError
from connector.domain.errors import Ambiguous, Retryable, Terminal
from connector.ports import Discount, StoreAccess

TAKEN = "TAKEN"


class Found(Shape, frozen=True):
    """The answer to CustomerByEmail."""

    customer_by_identifier: Ref | None = None


class Creation(Shape, frozen=True):
    """What became of a discount."""

    user_errors: tuple[UserError, ...]
    code_discount_node: Ref | None = None


class Created(Shape, frozen=True):
    """The answer to DiscountCreate."""

    discount_code_basic_create: Creation


def grant(client: Client, access: StoreAccess, discount: Discount) -> None:
    """Make a discount code; one that is there was made by us, because nobody else can know it.

    It is good for the customer alone where the shop knows one by this address, and else for whoever was told it.
    """
    customer = client.call(access, "CustomerByEmail", {"email": discount.to}, Found).data.customer_by_identifier
    variables = {"discount": _input(discount, customer)}
    try:
        made = client.call(access, "DiscountCreate", variables, Created, tries=1).data.discount_code_basic_create
    except Ambiguous as unknown:
        raise Retryable(str(unknown)) from unknown  # the next try hears that the code is taken
    if made.code_discount_node is None and not any(error.code == TAKEN for error in made.user_errors):
        texts = "; ".join(error.message for error in made.user_errors)
        raise Terminal(f"Shopify does not make the discount code ({access.address}): {texts}")


def _input(discount: Discount, customer: Ref | None) -> dict[str, object]:
    # The end of that day wherever the shop is: no place is more than 12 hours behind UTC.
    ends = datetime.combine(discount.until, time(), UTC) + timedelta(days=1, hours=12)
    return {
        "title": discount.code,
        "code": discount.code,
        "startsAt": "2020-01-01T00:00:00Z",  # required, and may be long ago
        "endsAt": ends.isoformat(),
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "context": {"customers": {"add": [customer.id]}} if customer else {"all": "ALL"},
        "customerGets": {"value": {"percentage": discount.percent / 100}, "items": {"all": True}},
    }
