"""A customer's data on the command line: handed out, erased, and refused where nobody is named."""

from datetime import UTC, datetime

from connector.pipeline.connector import Connector
from tests.cli.conftest import Run
from tests.web import given


def test_a_customer_is_handed_out_and_erased(run: Run, connector: Connector) -> None:
    shop = given.small_store(connector)
    about = ("--store", shop.id, "--email", "ann@example.com")
    (held,) = run("customer", "export", *about).json()
    assert [one["order"] for one in held["orders"]] == ["1001", "1002", "1003"]
    assert held["orders"][0]["placed_at"].endswith("Z")
    assert datetime.fromisoformat(held["orders"][0]["placed_at"]).tzinfo is UTC
    gone = run("customer", "erase", *about)
    assert (gone.code, gone.out, gone.err) == (0, "Erased: 3 orders, 2 messages, 0 deliveries not read yet\n", "")
    (held,) = run("customer", "export", *about).json()
    assert (held["orders"], held["messages"], held["ledger"]) == ([], [], [])


def test_a_customer_has_to_be_named(run: Run, connector: Connector) -> None:
    shop = given.store(connector)
    refused = run("customer", "erase", "--store", shop.id)
    assert (refused.code, refused.out) == (2, "")
    assert refused.err == "backorder: email: the customer's e-mail address, or an order, is needed\n"


def test_one_of_a_kind_is_told_as_one(run: Run, connector: Connector) -> None:
    shop = given.small_store(connector)
    gone = run("customer", "erase", "--store", shop.id, "--order", "1001")
    assert gone.out.startswith("Erased: 1 order, ")
    assert gone.out.endswith(" 0 deliveries not read yet\n")
