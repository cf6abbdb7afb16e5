"""The page about backorders says what the settings do, and nothing else."""

import pytest

from connector.domain.jurisdictions import RULES, Regime
from connector.domain.policy_page import policy_page
from connector.domain.settings import read_settings


def said(**given: object) -> str:
    sections = policy_page(read_settings(given))
    return "\n".join(line for one in sections for line in (one.heading, *one.paragraphs))


def test_without_a_law_no_law_is_spoken_of_and_no_link_is_promised() -> None:
    text = said()
    assert [one.heading for one in policy_page(read_settings({}))] == [
        "How you know when it ships",
        "While you wait",
        "If you would rather not wait",
    ]
    assert "Write to us while it has not shipped yet." in text
    assert "by the link" not in text


@pytest.mark.parametrize(
    ("law", "words"),
    [
        ("us_ftc", ["within 30 days where we stated none", "at most 30 days later", "within 7 working days"]),
        ("us_california", ["in writing", "within 7 days"]),
        ("uk", ["in the United Kingdom", "end the contract", "within 14 days"]),
        ("eu", ["in the European Union", "withdraw"]),
    ],
)
def test_the_law_in_force_is_told_by_its_own_figures(law: str, words: list[str]) -> None:
    text = said(jurisdiction=law)
    assert [word for word in words if word not in text] == []
    assert text.count("Your rights in ") == 1
    assert "by the link in the mails" in text


def test_the_law_of_the_customers_address_tells_all_of_them() -> None:
    headings = [one.heading for one in policy_page(read_settings({"jurisdiction": "auto"}))]
    assert sum(heading.startswith("Your rights in ") for heading in headings) == len(RULES)
    assert Regime.NONE not in RULES


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"promise_quantile": 0.8}, "in 80 of 100 cases"),
        ({"handling_days": 2}, "make a parcel ready"),
        ({"partial_shipments": "ask"}, "if you ask us to"),
        ({"offer_with": "backordered", "offer_percent": 15, "offer_days": 30}, "15 % off your next order"),
        ({"sender_email": "help@shop.example"}, "Write to help@shop.example."),
    ],
)
def test_a_setting_is_told_where_it_does_something(given: dict[str, object], word: str) -> None:
    assert word in said(**given)
    assert word not in said()


def test_a_store_that_writes_no_mails_promises_none() -> None:
    assert "We write to you" in said()
    assert "We write to you" not in said(notify_customers=False)
