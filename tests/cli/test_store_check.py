"""`backorder store check` says point by point how a connection stands, and ends with 1 where it is not sound."""

from adapters.woocommerce.practice import PracticeStore
from tests.cli.conftest import Run


def test_a_store_is_looked_over_and_says_what_is_not_in_order(run: Run, practice: PracticeStore) -> None:
    ways = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    keys = ("--url", practice.url, "--key", practice.key, "--secret", practice.secret)
    (added,) = run("store", "add", "--platform", "woocommerce", "--json", *keys, **ways).json()
    told = run("store", "check", "--store", added["store"], "--wait", "1", **ways)
    lines = told.out.splitlines()
    assert told.code == 1
    assert lines[0].startswith("NOT in order   Encryption: The store has no https")
    assert lines[1:3] == [
        "in order       Reading: The key can read products and orders.",
        "in order       Writing: The key can write products.",
    ]
    assert lines[-1].startswith("not known yet  Arrival: The webhook that the store was made to send has not come")
    again = run("store", "check", "--store", added["store"], "--wait", "1", "--json", **ways)
    assert again.err == "waiting up to 1 second for the webhook that the store was made to send\n"
    (printed,) = again.json()
    assert [(one["point"], one["good"]) for one in printed["points"]][3:] == [
        ("Webhooks", True),
        ("Permalinks", True),
        ("Arrival", None),
    ]


def test_a_store_that_there_is_not_cannot_be_checked(run: Run) -> None:
    done = run("store", "check", "--store", "s404")
    assert (done.code, done.err) == (2, "backorder: there is no store s404\n")
