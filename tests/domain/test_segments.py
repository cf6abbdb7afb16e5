"""Which segment an order is of: by its entries, by its buyer's role, by the buyer's entries."""

import pytest

from connector.domain.segments import Trait, asks_customers, by_customer, by_order, traits_of

RULES = traits_of("role:wholesale=b2b, order:_vat_number=b2b, customer:tier:gold=vip, order:channel:phone=desk")


def test_rules_are_read_in_their_order() -> None:
    assert RULES == (
        Trait("role", "wholesale", "", "b2b"),
        Trait("order", "_vat_number", "", "b2b"),
        Trait("customer", "tier", "gold", "vip"),
        Trait("order", "channel", "phone", "desk"),
    )
    assert traits_of(" , ") == ()


@pytest.mark.parametrize("wrong", ["b2b", "role:wholesale", "role:=b2b", "order:x=", "shop:x=b2b", "=b2b"])
def test_a_rule_that_says_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="must look like"):
        traits_of(wrong)


@pytest.mark.parametrize(
    ("marks", "segment"),
    [
        ((), None),
        ((("_vat_number", "ATU1"),), "b2b"),
        ((("_vat_number", ""),), None),
        ((("channel", "phone"),), "desk"),
        ((("channel", "web"),), None),
        ((("tier", "gold"),), None),
    ],
)
def test_an_order_is_told_by_its_entries(marks: tuple[tuple[str, str], ...], segment: str | None) -> None:
    assert by_order(RULES, marks) == segment


@pytest.mark.parametrize(
    ("role", "marks", "segment"),
    [
        ("customer", (), None),
        ("wholesale", (), "b2b"),
        ("customer", (("tier", "gold"),), "vip"),
        ("wholesale", (("tier", "gold"),), "b2b"),
        ("customer", (("tier", "silver"), ("_vat_number", "ATU1")), None),
    ],
)
def test_a_customer_is_told_by_role_and_entries(
    role: str, marks: tuple[tuple[str, str], ...], segment: str | None
) -> None:
    assert by_customer(RULES, role, marks) == segment


def test_accounts_are_only_looked_at_where_a_rule_is_about_them() -> None:
    assert asks_customers(RULES, "dtc")
    assert not asks_customers(traits_of("order:_vat_number=b2b,company:7=key"), "dtc")


def test_a_companys_account_is_always_looked_at() -> None:
    assert asks_customers((), "b2b")


COMPANY = (("id", "1234"), ("external_id", "C-7"), ("terms", "Net 30"), ("custom.tier", "gold"))


@pytest.mark.parametrize(
    ("rule", "segment"),
    [
        ("company:1234=key", "key"),
        ("company:id:1234=key", "key"),
        ("company:123=key", None),
        ("company:external_id:C-7=key", "key"),
        ("company:external_id=any", "any"),
        ("company:terms:Net 30=net", "net"),
        ("company:custom.tier:silver=key", None),
        ("customer:id:1234=key,company:custom.tier:gold=gold", "gold"),
    ],
)
def test_a_company_is_told_by_its_id_and_its_entries(rule: str, segment: str | None) -> None:
    assert by_customer(traits_of(rule), "", (), COMPANY) == segment


def test_a_rule_about_companies_is_about_no_person() -> None:
    assert by_customer(traits_of("company:id:1234=key"), "", COMPANY) is None
