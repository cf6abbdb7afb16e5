"""Who buys: a person by tags and entries, or a company at one of its locations and on its terms."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.shopify import Shopify
from adapters.shopify.client import VERSION
from adapters.shopify.practice import Buyer, Shop, VirtualClock
from adapters.shopify.practice.records import Company, CompanyLocation
from adapters.shopify.receiving import parse
from connector.domain.errors import Terminal
from connector.domain.facts import Company as Business
from connector.domain.facts import CustomerSnapshot, OrderSnapshot, Refetch
from connector.ports import Delivery, StoreAccess

DUE = datetime(2026, 12, 2, 5, 0, tzinfo=UTC)
ACME = Company(77, "Acme Ltd.", "C-7", (("custom.tier", "gold"),))
BERLIN = CompanyLocation(78, ACME, "Berlin", "L-1", 30, (("custom.route", "east"),))


@pytest.fixture
def berlin(shop: Shop) -> CompanyLocation:
    shop.add_product("Reading Lamp", "LAMP-1", 3)
    return shop.companies.add(BERLIN)


def test_a_companys_order_names_its_location_and_when_it_pays(
    shopify: Shopify, access: StoreAccess, shop: Shop, berlin: CompanyLocation
) -> None:
    buyer = Buyer(company=berlin, account=9)
    shop.checkout({"LAMP-1": 1}, buyer=buyer, payment="pending", payment_terms=True, pay_by=DUE)
    (order,) = shopify.orders(access, None).facts
    assert isinstance(order, OrderSnapshot)
    assert (order.customer, order.segment, order.pay_by) == ("location:78", "b2b", DUE)


def test_terms_that_were_paid_are_due_no_more(
    shopify: Shopify, access: StoreAccess, shop: Shop, berlin: CompanyLocation
) -> None:
    shop.checkout({"LAMP-1": 1}, buyer=Buyer(company=berlin), payment_terms=True, pay_by=DUE)
    (order,) = shopify.orders(access, None).facts
    assert isinstance(order, OrderSnapshot)
    assert order.pay_by is None


def test_an_order_carries_its_tags_and_attributes(
    shopify: Shopify, access: StoreAccess, shop: Shop, berlin: CompanyLocation
) -> None:
    shop.checkout({"LAMP-1": 1}, tags=("wholesale", "fair"), attributes=(("VAT number", "ATU1"),))
    (order,) = shopify.orders(access, None).facts
    assert isinstance(order, OrderSnapshot)
    assert order.marks == (("tag", "fair"), ("tag", "wholesale"), ("VAT number", "ATU1"))


def test_a_company_is_told_by_its_own_entries_and_its_locations(
    shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock, berlin: CompanyLocation
) -> None:
    marks = (
        ("id", "77"),
        ("external_id", "C-7"),
        ("location", "78"),
        ("location_external_id", "L-1"),
        ("terms", "Net 30"),
        ("custom.tier", "gold"),
        ("custom.route", "east"),
    )
    (found,) = shopify.fetch(access, Refetch("customer", "location:78"))
    business = Business("Acme Ltd.", "Berlin", "Net 30", marks)
    assert found == CustomerSnapshot("location:78", "", (), clock.now(), business)


def test_a_company_without_terms_or_ids_of_its_own_is_told_without(
    shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    shop.companies.add(CompanyLocation(80, Company(79, "Bell"), "Hall"))
    (found,) = shopify.fetch(access, Refetch("customer", "location:80"))
    assert isinstance(found, CustomerSnapshot)
    assert found.company == Business("Bell", "Hall", "", (("id", "79"), ("location", "80")))


def test_a_person_is_told_by_tags_and_entries(
    shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock, berlin: CompanyLocation
) -> None:
    buyer = Buyer(account=9, tags=("trade",), metafields=(("custom.tier", "gold"),))
    shop.checkout({"LAMP-1": 1}, buyer=buyer)
    marks = (("tag", "trade"), ("custom.tier", "gold"))
    assert shopify.fetch(access, Refetch("customer", "9")) == (CustomerSnapshot("9", "", marks, clock.now()),)


@pytest.mark.parametrize("gone", ["location:1", "1"])
def test_an_account_that_was_deleted_says_nothing(
    gone: str, shopify: Shopify, access: StoreAccess, shop: Shop
) -> None:
    assert shopify.fetch(access, Refetch("customer", gone)) == ()


@pytest.mark.parametrize("hidden", ["QueryRoot.companyLocation", "CompanyLocation.metafields", "Company.externalId"])
def test_a_company_that_the_app_may_not_read_is_said_and_pauses_nothing(
    hidden: str, shopify: Shopify, access: StoreAccess, shop: Shop, berlin: CompanyLocation
) -> None:
    shop.hidden.add(hidden)
    with pytest.raises(Terminal, match="give the app the rights to customers and companies"):
        shopify.fetch(access, Refetch("customer", "location:78"))


def test_without_the_rights_to_companies_an_order_says_so(
    shopify: Shopify, access: StoreAccess, shop: Shop, berlin: CompanyLocation
) -> None:
    shop.checkout({"LAMP-1": 1}, buyer=Buyer(company=berlin), payment="pending")
    shop.scopes -= {"read_customers"}
    order, lost = shopify.orders(access, None).facts
    assert isinstance(order, OrderSnapshot)
    assert (order.segment, order.customer) == ("dtc", "")
    assert "purchasingEntity" in getattr(lost, "text", "")


def test_read_companies_is_a_right_to_them_as_well(
    shopify: Shopify, access: StoreAccess, shop: Shop, berlin: CompanyLocation
) -> None:
    shop.change_scopes(*(shop.scopes - {"read_customers"}), "read_companies")
    (found,) = shopify.fetch(access, Refetch("customer", "location:78"))
    assert isinstance(found, CustomerSnapshot)


def test_a_webhook_that_does_not_say_which_company_has_the_order_read(
    shop: Shop, clock: VirtualClock, berlin: CompanyLocation
) -> None:
    order = shop.checkout({"LAMP-1": 1}, buyer=Buyer(company=berlin))
    (payload,) = [payload for topic, payload in shop.told if topic == "orders/create"]
    body = shop.outgoing.delivery("", "orders/create", payload | {"company": {"name": "Acme"}}).body
    headers = {"x-shopify-topic": "orders/create", "x-shopify-api-version": VERSION}
    assert parse(Delivery(headers, body, clock.now())) == (Refetch("order", str(order.id)),)


def test_webhook_and_graphql_tell_a_companys_order_alike(
    shopify: Shopify, access: StoreAccess, shop: Shop, clock: VirtualClock, berlin: CompanyLocation
) -> None:
    buyer = replace(Buyer(company=berlin), account=9)
    order = shop.checkout(
        {"LAMP-1": 1},
        buyer=buyer,
        payment="pending",
        payment_terms=True,
        pay_by=DUE + timedelta(days=1),
        tags=("b", "a"),
        attributes=(("PO", "7"),),
    )
    (payload,) = [payload for topic, payload in shop.told if topic == "orders/create"]
    delivery = shop.outgoing.delivery("", "orders/create", payload)
    headers = {"x-shopify-topic": "orders/create", "x-shopify-api-version": VERSION}
    told = parse(Delivery(headers, delivery.body, clock.now()))
    assert shopify.fetch(access, Refetch("order", str(order.id))) == told
