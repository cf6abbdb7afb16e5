"""A discount code is made first, and told of only when the store has it."""

from connector.domain.errors import NeedsMerchant, Retryable
from connector.domain.facts import OrderState
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


def test_a_code_whose_letter_waited_too_long_is_told_of_by_the_letter_that_is_written_anew(
    home: House, clock: Clock
) -> None:
    order_that_waits(home)
    home.post.trouble["ann@example.com"] = NeedsMerchant("The mail service refuses the key.")
    perform(home.connector, home.shop.id)
    (made,) = home.stall.granted
    home.post.trouble.clear()
    clock.move(days=2)
    perform(home.connector, home.shop.id)
    assert home.post.sent == []
    plan(home.connector, home.shop.id)
    perform(home.connector, home.shop.id)
    assert [made.code in said for said in told(home)] == [True]
    assert f"until {made.until.day} {made.until:%B %Y}" in told(home)[0]
    assert len(home.stall.granted) == 1


def test_a_code_whose_order_ended_before_the_letter_went_is_told_at_the_desk(home: House, clock: Clock) -> None:
    order_that_waits(home)
    home.post.trouble["ann@example.com"] = NeedsMerchant("The mail service refuses the key.")
    perform(home.connector, home.shop.id)
    home.tell(order("1001", line(taken=0), seen=9, state=OrderState.CANCELLED))
    clock.move(minutes=2)
    perform(home.connector, home.shop.id)
    assert home.post.sent == []
    assert wrong(home)["offer"] == (
        "The discount code for order #1001 was made, but its customer is not told of it: its order was cancelled"
        " before it could go."
    )
