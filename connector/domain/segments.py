"""Which segment an order belongs to: by what the order carries, or by its buyer's role, account or company."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WHERE = ("order", "role", "customer", "company")
BUSINESS = "b2b"  # what a company's order is, where no rule says more
HOW = "must look like role:wholesale=b2b,order:_vat_number=b2b,customer:tier:gold=vip,company:1234=key"


@dataclass(frozen=True, slots=True)
class Trait:
    """One rule: whoever has this `name` there (with this `value`, where one is named) is of the segment.

    `where` is order (an entry of the order), role (the name is the role), customer (an entry of the account) or
    company (an entry of the company that the account belongs to).
    """

    where: str
    name: str
    value: str
    segment: str


def traits_of(text: str) -> tuple[Trait, ...]:
    """The rules in a text such as role:wholesale=b2b,order:_vat_number=b2b,customer:tier:gold=vip; ValueError."""
    return tuple(_trait(part.strip()) for part in text.split(",") if part.strip())


def _trait(part: str) -> Trait:
    what, equals, segment = part.rpartition("=")
    where, _, rest = what.strip().partition(":")
    name, _, value = (rest, "", "") if where == "role" else rest.partition(":")
    if where == "company" and name.strip().isdecimal() and not value:
        name, value = "id", name
    if not equals or where not in WHERE or not name or not segment.strip():
        raise ValueError(HOW)
    return Trait(where, name.strip(), value.strip(), segment.strip())


def by_order(traits: Iterable[Trait], marks: Sequence[tuple[str, str]]) -> str | None:
    """The segment that an order's own entries make it one of; None where no rule is about them."""
    return next((one.segment for one in traits if one.where == "order" and _carried(one, marks)), None)


def by_customer(
    traits: Iterable[Trait], role: str, marks: Sequence[tuple[str, str]], company: Sequence[tuple[str, str]] = ()
) -> str | None:
    """The segment of a customer, or of a company's account; None where no rule is about one like this."""
    carried = {"customer": marks, "company": company}
    for one in traits:
        if (one.where == "role" and one.name == role) or _carried(one, carried.get(one.where, ())):
            return one.segment
    return None


def asks_customers(traits: Iterable[Trait], segment: str) -> bool:
    """Whether the account of an order of this segment has to be looked at; that of a company always is."""
    return segment == BUSINESS or any(one.where in ("role", "customer") for one in traits)


def _carried(trait: Trait, marks: Sequence[tuple[str, str]]) -> bool:
    """Whether there is such an entry with something in it."""
    return any(name == trait.name and (value == trait.value if trait.value else value) for name, value in marks)
