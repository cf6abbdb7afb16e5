"""A discount code is made first, and told of only when the store has it."""

from connector.domain.errors import NeedsMerchant, Retryable
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.store import shops
from tests.conftest import Clock
from tests.pipeline.given import House
from tests.pipeline.test_perform import status, wrong
from tests.store.given import item, level, line, order

SAID = "For your patience: 10 % off your next order with the code "


def order_that_waits(home: House) -> None:
    """An order of which nothing is there, in a store that gives codes with the first notice."""
    with home.connector.db.begin() as tx:
        shops.change_settings(tx, home.shop.id, {"offer_with": "backordered"})
    home.tell(item("A"), level("A", 0), order("1001", line(taken=0)))
    plan(home.connector, home.shop.id)


def told(home: House) -> list[str]:
    """What the letters say of a code, a line each."""
    return [line for letter in home.post.sent for line in letter.text.split("\n") if line.startswith(SAID)]


def test_the_code_in_the_letter_is_the_one_that_the_store_has(home: House) -> None:
    order_that_waits(home)
    assert perform(home.connector, home.shop.id) > 0
    (made,) = home.stall.granted
    assert (made.percent, made.to) == (10, home.post.sent[0].to)
    assert len(home.post.sent) == 1
    assert told(home) == [
        f"{SAID}{made.code}, once, until {made.until.day} {made.until:%B %Y}. It comes on top of all that you"
        " have a right to."
    ]


def test_a_store_that_is_busy_makes_the_letter_wait_for_the_code(home: House, clock: Clock) -> None:
    order_that_waits(home)
    home.stall.trouble = Retryable("The store answered 503")
    perform(home.connector, home.shop.id)
    assert home.post.sent == []
    home.stall.trouble = None
    clock.move(hours=1)
    perform(home.connector, home.shop.id)
    assert (len(home.post.sent), len(told(home))) == (1, 1)


def test_a_store_that_makes_no_codes_costs_the_customer_the_code_and_not_the_letter(home: House) -> None:
    order_that_waits(home)
    home.stall.ungiving = NeedsMerchant("The right write_discounts is missing.")
    perform(home.connector, home.shop.id)
    assert (len(home.post.sent), told(home), status(home)) == (1, [], "active")
    assert wrong(home) == {
        "offer": "The discount code for order #1001 was not made, and its customer is not told of one: The right"
        " write_discounts is missing."
    }
