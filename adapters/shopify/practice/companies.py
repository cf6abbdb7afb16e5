"""Companies that buy, their locations, and what the shop knows of people's accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from adapters.shopify.practice.connections import connection
from adapters.shopify.practice.payloads import gid
from adapters.shopify.practice.records import Buyer, Company, CompanyLocation

if TYPE_CHECKING:
    from adapters.shopify.practice.shop import Shop

View = dict[str, Any]


@dataclass(slots=True)
class Companies:
    """The locations of all companies, by id."""

    locations: dict[int, CompanyLocation] = field(default_factory=dict)

    def add(self, location: CompanyLocation) -> CompanyLocation:
        """One more location, and its company with it."""
        self.locations[location.id] = location
        return location


def root(shop: "Shop") -> View:
    """What can be queried of who buys."""
    return {
        "companyLocation": lambda id: _found(shop, id),
        "customer": lambda id: next(
            (_account(buyer) for buyer in _buyers(shop) if gid("Customer", buyer.account) == id), None
        ),
    }


def purchasing_view(buyer: Buyer) -> View:
    """Who an order was sold to."""
    if buyer.company is None:
        return {"__typename": "Customer", "id": gid("Customer", buyer.account)}
    return {
        "__typename": "PurchasingCompany",
        "company": _company(buyer.company.company),
        "location": _location(buyer.company),
        "contact": None,
    }


def _buyers(shop: "Shop") -> list[Buyer]:
    """The newest first."""
    return [order.buyer for order in reversed(shop.orders.kept.values())]


def _found(shop: "Shop", global_id: str) -> View | None:
    known = {gid("CompanyLocation", one.id): one for one in shop.companies.locations.values()}
    return _location(known[global_id]) if global_id in known else None


def _account(buyer: Buyer) -> View:
    return {
        "id": gid("Customer", buyer.account),
        "email": buyer.email,
        "tags": sorted(buyer.tags),
        "metafields": partial(_metafields, buyer.metafields),
    }


def _company(company: Company) -> View:
    return {
        "id": gid("Company", company.id),
        "name": company.name,
        "externalId": company.external_id,
        "metafields": partial(_metafields, company.metafields),
    }


def _location(location: CompanyLocation) -> View:
    return {
        "id": gid("CompanyLocation", location.id),
        "name": location.name,
        "externalId": location.external_id,
        "company": _company(location.company),
        "metafields": partial(_metafields, location.metafields),
        "buyerExperienceConfiguration": {
            "checkoutToDraft": False,
            "editableShippingAddress": True,
            "paymentTermsTemplate": None if location.net_days is None else _net(location.net_days),
        },
    }


def _net(days: int) -> View:
    return {
        "id": gid("PaymentTermsTemplate", days),
        "name": f"Net {days}",
        "dueInDays": days,
        "paymentTermsType": "NET",
    }


def _metafields(kept: Sequence[tuple[str, str]], **wanted: Any) -> View:
    return connection(list(enumerate(kept, 1)), lambda one: ("", one[0]), _metafield, **wanted)


def _metafield(numbered: tuple[int, tuple[str, str]]) -> View:
    number, (name, value) = numbered
    namespace, _, key = name.partition(".")
    return {"id": gid("Metafield", number), "namespace": namespace, "key": key, "value": value}
