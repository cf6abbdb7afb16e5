"""Whose account an order is on: a person's tags and entries, or a company at one of its locations and its terms."""

from collections.abc import Iterable
from datetime import datetime

from adapters.shopify.client import Client, Reply
from adapters.shopify.ids import LOCATION, gid, plain
from adapters.shopify.orders import TAG
from adapters.shopify.problems import Withheld
from adapters.shopify.shapes import Shape
from connector.domain.errors import Terminal, Unreadable
from connector.domain.facts import Company, CustomerSnapshot, Fact
from connector.ports import StoreAccess

# The desk shows the beginning of it.
HIDDEN = (
    "give the app the rights to customers and companies: Shopify hides who buys, so segment_of cannot follow it"
    " ({}: {})"
)

Marks = tuple[tuple[str, str], ...]


class Metafield(Shape, frozen=True):
    """A name and a value that somebody carries."""

    namespace: str
    key: str
    value: str


class Metafields(Shape, frozen=True):
    """The first hundred of them."""

    nodes: tuple[Metafield, ...] = ()


class CustomerNode(Shape, frozen=True):
    """A person's account."""

    tags: tuple[str, ...] = ()
    metafields: Metafields = Metafields()


class OneCustomer(Shape, frozen=True):
    """The answer to Customer."""

    customer: CustomerNode | None


class CompanyNode(Shape, frozen=True):
    """A company."""

    id: str
    name: str
    external_id: str | None = None
    metafields: Metafields = Metafields()


class Template(Shape, frozen=True):
    """Terms of payment, such as Net 30."""

    name: str


class Configuration(Shape, frozen=True):
    """How a location buys."""

    payment_terms_template: Template | None = None


class LocationNode(Shape, frozen=True):
    """A company's location, which is what buys."""

    id: str
    name: str
    company: CompanyNode
    external_id: str | None = None
    buyer_experience_configuration: Configuration | None = None
    metafields: Metafields = Metafields()

    @property
    def terms(self) -> str:
        """The terms that its orders are sold on."""
        template = self.buyer_experience_configuration and self.buyer_experience_configuration.payment_terms_template
        return template.name if template else ""


class OneLocation(Shape, frozen=True):
    """The answer to CompanyLocation."""

    company_location: LocationNode | None


def read_customer(client: Client, access: StoreAccess, known_as: str) -> tuple[Fact, ...]:
    """The account as it is now, or nothing where it was deleted.

    Terminal, with words for the merchant, where the app may not read it.
    """
    try:
        if known_as.startswith(LOCATION):
            return _company(client, access, known_as)
        return _person(client, access, known_as)
    except Withheld as error:
        raise Terminal(HIDDEN.format(access.address, error)) from error


def _person(client: Client, access: StoreAccess, known_as: str) -> tuple[Fact, ...]:
    reply = client.call(access, "Customer", {"id": gid("Customer", known_as)}, OneCustomer)
    read_at, found = _whole_at(reply), reply.data.customer
    if found is None:
        return ()
    marks = (*((TAG, tag) for tag in found.tags), *_entries(found.metafields.nodes))
    return (CustomerSnapshot(known_as, "", marks, read_at),)


def _company(client: Client, access: StoreAccess, known_as: str) -> tuple[Fact, ...]:
    number = known_as.removeprefix(LOCATION)
    reply = client.call(access, "CompanyLocation", {"id": gid("CompanyLocation", number)}, OneLocation)
    read_at, found = _whole_at(reply), reply.data.company_location
    if found is None:
        return ()
    company = Company(found.company.name, found.name, found.terms, _marks(found))
    return (CustomerSnapshot(known_as, "", (), read_at, company),)


def _whole_at(reply: Reply[OneCustomer] | Reply[OneLocation]) -> datetime:
    """When an answer was given of which nothing is withheld."""
    if reply.withheld:
        raise Withheld(", ".join(reply.withheld))
    if reply.read_at is None:
        raise Unreadable("Shopify's answer carries no date")
    return reply.read_at


def _marks(found: LocationNode) -> Marks:
    """What rules can tell a company by; its own entries come before those of the location."""
    company = found.company
    said = {
        "id": plain(company.id),
        "external_id": company.external_id,
        "location": plain(found.id),
        "location_external_id": found.external_id,
        "terms": found.terms,
    }
    known = tuple((name, value) for name, value in said.items() if value)
    return (*known, *_entries(company.metafields.nodes), *_entries(found.metafields.nodes))


def _entries(metafields: Iterable[Metafield]) -> Marks:
    return tuple((f"{one.namespace}.{one.key}", one.value) for one in metafields)
