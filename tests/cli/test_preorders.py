"""Products are offered for pre-order by a command: one plan for its terms, and never by terms that make none."""

from collections.abc import Callable, Iterator

import pytest

from adapters.shopify.practice import RealClock, Shop, ShopifyFake
from connector.pipeline.connector import Connector
from tests.cli.conftest import Outcome, Run
from tests.web import given

Offer = Callable[..., Outcome]


@pytest.fixture
def fake() -> Iterator[ShopifyFake]:
    with ShopifyFake(RealClock()) as fake:
        yield fake


@pytest.fixture
def shop(fake: ShopifyFake) -> Shop:
    shop = fake.open_shop("tents", token="shpat_token", api_secret="shpss_secret")
    shop.scopes.add("write_purchase_options")
    for title, sku in (("Tent", "TENT"), ("Bag", "BAG"), ("Other bag", "BAG")):
        shop.add_product(title, sku)
    return shop


@pytest.fixture
def offer(run: Run, fake: ShopifyFake, shop: Shop) -> Offer:
    """Runs the command for the store of the shop."""
    reached = {"SHOPIFY_ORIGIN": fake.origin, "BACKORDER_DIAL_ALLOW": fake.authority}
    keys = ("--shop", shop.domain, "--token", "shpat_token", "--api-secret", "shpss_secret", "--json")
    (added,) = run("store", "add", "--platform", "shopify", *keys, **reached).json()
    return lambda *words: run("shopify-plan", added["store"], *words, **reached)


def test_it_is_offered_once_and_says_so(offer: Offer, shop: Shop) -> None:
    first, again = offer("--sku", "TENT", "--deposit", "20"), offer("--sku", "TENT", "--deposit", "20", "--json")
    assert (first.code, first.out) == (
        0,
        "A new plan offers 1 product for pre-order. Companies (B2B) are not offered it.\n",
    )
    assert again.json() == [{"new": False, "items": 1}]
    assert [group.form["name"] for group in shop.plan_groups] == ["Pre-order"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--sku", "HAT"), "--sku HAT: no product of the store has it"),
        (("--sku", "BAG"), "--sku BAG: 2 products of the store have it"),
        (("--sku", "TENT", "--deposit", "100"), "--deposit '100': must be a whole number from 0 to 99"),
        (("--sku", "TENT", "--deposit", "-1"), "--deposit '-1': must be a whole number from 0 to 99"),
        (("--sku", "TENT", "--ships-on", "soon"), "--ships-on 'soon': must be a day such as 2027-02-01"),
        (("--sku", "TENT", "--ships-on", "2020-01-01"), "--ships-on 2020-01-01: must be a day to come"),
        (("--sku", "TENT", "--name", " "), "--name: must be a line of 1 to 100 signs"),
    ],
)
def test_what_makes_no_plan_is_refused(offer: Offer, shop: Shop, words: tuple[str, ...], said: str) -> None:
    done = offer(*words)
    assert (done.code, done.out, shop.plan_groups) == (2, "", [])
    assert done.err.startswith(f"backorder: {said}")


def test_a_store_that_has_no_such_plans_says_so(run: Run, connector: Connector) -> None:
    store = given.small_store(connector)
    done = run("shopify-plan", store.id, "--sku", "LAMP-1")
    assert (done.code, done.out) == (2, "")
    assert done.err == "backorder: A store of woocommerce has no pre-orders that are paid later\n"
