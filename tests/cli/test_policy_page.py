"""`backorder policy-page` prints the page, and writes it into a Shopify shop when it is told to."""

from collections.abc import Iterator

import pytest

from adapters.shopify.practice import Shop, ShopifyFake
from tests.cli.conftest import Outcome, Run


class Hand:
    """Somebody at a terminal, with a shop that is connected."""

    def __init__(self, run: Run, fake: ShopifyFake, shop: Shop) -> None:
        self.ways = {"SHOPIFY_ORIGIN": fake.origin, "BACKORDER_DIAL_ALLOW": fake.authority}
        self.run = run
        keys = ("--shop", shop.domain, "--token", shop.token, "--api-secret", "shpss_secret")
        ways = self.ways | {"BACKORDER_URL": "https://ours.example"}
        (added,) = run("store", "add", "--platform", "shopify", "--json", *keys, **ways).json()
        self.store = added["store"]

    def page(self, *words: str) -> Outcome:
        return self.run("policy-page", "--store", self.store, *words, **self.ways)


@pytest.fixture
def fake() -> Iterator[ShopifyFake]:
    with ShopifyFake() as fake:
        yield fake


@pytest.fixture
def acme(fake: ShopifyFake) -> Shop:
    return fake.open_shop("acme")


@pytest.fixture
def hand(run: Run, fake: ShopifyFake, acme: Shop) -> Hand:
    return Hand(run, fake, acme)


def test_the_page_is_printed_and_written_only_when_that_is_said(hand: Hand, fake: ShopifyFake, acme: Shop) -> None:
    acme.scopes |= {"write_online_store_pages"}
    shown = hand.page()
    assert shown.out.startswith("<h1>Backorders: what happens when we have to wait for goods</h1>\n<h2>How you know")
    assert acme.pages.kept == {}
    done = hand.page("--publish")
    assert (done.code, done.out) == (0, f"{fake.origin}/pages/backorders\n")
    (kept,) = acme.pages.kept.values()
    assert kept.body == shown.out.partition("\n")[2].strip()
    (again,) = hand.page("--json").json()
    assert (again["is_current"], again["can_publish"]) == (True, True)


def test_what_the_merchant_changed_is_not_written_over_silently(hand: Hand, acme: Shop) -> None:
    acme.scopes |= {"write_online_store_pages"}
    hand.page("--publish")
    (kept,) = acme.pages.kept.values()
    kept.body += "<p>Call us.</p>"
    refused = hand.page("--publish")
    assert (refused.code, "not as it was last written from here" in refused.err) == (2, True)
    assert kept.body.endswith("<p>Call us.</p>")
    assert hand.page("--publish", "--replace").code == 0
    assert "Call us." not in kept.body


def test_without_the_right_it_is_said_which_is_missing_and_the_store_goes_on(hand: Hand, acme: Shop) -> None:
    refused = hand.page("--publish")
    assert (refused.code, "write_online_store_pages" in refused.err) == (2, True)
    (listed,) = hand.run("store", "list", "--json").json()
    assert listed["status"] == "active"


def test_a_woocommerce_store_has_the_text_to_copy(run: Run) -> None:
    assert run("policy-page", "--store", "s404").err == "backorder: there is no store s404\n"
