"""Whether money was taken for a WooCommerce order: its date of payment says so, and where it has none its status."""

from datetime import UTC, datetime

import pytest

from adapters.woocommerce.orders import is_charged
from adapters.woocommerce.payloads import Order

PAID = datetime(2026, 3, 4, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "method", "paid", "charged"),
    [
        ("processing", "stripe", PAID, True),
        ("cancelled", "stripe", PAID, True),
        ("on-hold", "stripe", None, False),
        ("on-hold", "bacs", None, False),
        ("on-hold", "bacs", PAID, True),
        ("pending", "stripe", None, False),
        ("cancelled", "stripe", None, False),
        ("processing", "cod", None, False),
        ("completed", "cod", PAID, True),
        ("processing", "invoice", None, True),
        ("awaiting-goods", "cheque", None, True),
        ("refunded", "stripe", None, True),
    ],
)
def test_money_was_taken_where_the_store_says_so(
    status: str, method: str, paid: datetime | None, charged: bool
) -> None:
    made = datetime(2026, 3, 2, tzinfo=UTC)
    order = Order(
        id=7,
        number="7",
        status=status,
        date_created_gmt=made,
        date_modified_gmt=made,
        payment_method=method,
        date_paid_gmt=paid,
        line_items=[],
    )
    assert is_charged(order) is charged
