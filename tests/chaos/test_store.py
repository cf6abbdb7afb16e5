"""A store whose webhooks get lost: one reconciliation brings the books level with it."""

from adapters.woocommerce.practice import PracticeStore
from connector.pipeline.reconcile import reconcile
from connector.store import plans
from connector.store.tables import orders
from tests.chaos.conftest import MakeHouse
from tests.chaos.house import House
from tests.chaos.waiting import until

LAMP = "LAMP-1"  # one in stock, sold beyond it
BUYERS = 120
STATES = {"processing": "open", "cancelled": "cancelled", "completed": "completed"}


def books(home: House) -> dict[str, str]:
    """The state of every order that is known."""
    return {row.order: row.state for row in home.rows(orders, "order", "state")}


def truth(shop: PracticeStore) -> dict[str, str]:
    """The state of every order as the store has it."""
    return {str(order.id): STATES[order.status] for order in shop.shop.orders.values()}


def test_a_fifth_of_the_webhooks_is_lost_and_one_reconciliation_repairs_all(
    practice_store: PracticeStore, make_house: MakeHouse
) -> None:
    shop = practice_store
    home = make_house(dial_allow=(shop.url.removeprefix("http://"),))
    home.installation.web()
    store = home.connect(shop)
    home.installation.worker()
    home.installation.clock()
    shop.courier.drop(0.2, seed=20)
    bought = [shop.checkout(LAMP, 1, {"email": f"buyer-{number}@example.com"}) for number in range(BUYERS)]
    told = shop.deliver_now()
    for order in bought[20:50]:
        shop.cancel(order)
    for order in bought[:20]:
        shop.ship(order)
    told += shop.deliver_now()
    home.until_quiet(60)
    assert {one.status for one in told} == {200}
    created = {one.resource for one in told if one.topic == "order.created"}
    assert created < {order.id for order in bought}  # of the others no webhook told
    reconcile(home.connector, store)
    home.until_quiet(60)
    assert books(home) == truth(shop)
    assert len(truth(shop)) == BUYERS
    with home.connector.db.begin() as tx:
        assert plans.totals(tx, store) == plans.Totals(backordered=70, backlog=70)
    waiting = {f"buyer-{number}@example.com" for number in range(50, BUYERS)}
    assert waiting <= home.mailed().keys()
    assert set(home.mailed().values()) == {1}


def test_a_webhook_that_the_store_has_given_up_is_found_and_what_it_did_not_tell_is_read(
    practice_store: PracticeStore, make_house: MakeHouse
) -> None:
    shop = practice_store
    home = make_house(dial_allow=(shop.url.removeprefix("http://"),))
    web = home.installation.web()
    store = home.connect(shop)
    home.installation.worker()
    home.installation.clock()
    web.kill()
    for number in range(10):
        shop.checkout(LAMP, 1, {"email": f"buyer-{number}@example.com"})
        shop.deliver_now()
    assert "disabled" in {hook.status for hook in shop.shop.hooks.values()}
    home.installation.web()
    reconcile(home.connector, store)
    until(lambda: books(home) == truth(shop), 20)
    assert {hook.status for hook in shop.shop.hooks.values()} == {"active"}
    home.until_quiet(30)
    assert len(home.mailed()) == 9
    assert set(home.mailed().values()) == {1}
