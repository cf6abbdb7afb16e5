"""Who bought: the account of an order, its role and entries; a guest has none."""

from adapters.woocommerce.practice.model import Customer, Meta
from connector.domain.facts import CustomerSnapshot, OrderSnapshot, Refetch
from tests.adapters.woocommerce.conftest import Scripted, Shopfront, Talking
from tests.adapters.woocommerce.recorded import body


def snapshot(front: Shopfront, number: int) -> OrderSnapshot:
    (found,) = front.platform.fetch(front.access, Refetch("order", str(number)))
    assert isinstance(found, OrderSnapshot)
    return found


def test_an_account_is_read_with_its_role_and_entries(front: Shopfront) -> None:
    shop = front.store.shop
    meta = [Meta(1, "tier", "gold"), Meta(2, "basket", {"a": 1}), Meta(3, "essay", "x" * 101)]
    shop.customers[7] = Customer(7, shop.now(), shop.now(), "ann@example.com", "wholesale", meta)
    (found,) = front.platform.fetch(front.access, Refetch("customer", "7"))
    assert isinstance(found, CustomerSnapshot)
    assert (found.customer, found.role, found.marks) == ("7", "wholesale", (("tier", "gold"),))


def test_an_account_that_was_deleted_says_nothing(front: Shopfront) -> None:
    assert front.platform.fetch(front.access, Refetch("customer", "7")) == ()


def test_a_recorded_account_is_read(scripted: Scripted, talking: Talking) -> None:
    platform, access = talking
    scripted.says("customers/8", body("rest_customer_create"), date="Mon, 23 Nov 2026 07:16:26 GMT")
    (found,) = platform.fetch(access, Refetch("customer", "8"))
    assert isinstance(found, CustomerSnapshot)
    assert (found.customer, found.role, found.marks) == ("8", "customer", ())


def test_an_order_names_its_account_and_its_entries_but_not_ours(front: Shopfront) -> None:
    order = front.store.checkout("LAMP-1", 1)
    assert (snapshot(front, order.id).customer, snapshot(front, order.id).marks) == ("", ())
    order.customer = 7
    order.meta = [Meta(1, "_vat_number", "ATU1"), Meta(2, "_backorder_link", "https://x.example")]
    assert (snapshot(front, order.id).customer, snapshot(front, order.id).marks) == ("7", (("_vat_number", "ATU1"),))
