"""Workers and clocks are killed and doubled; in the end every customer has been told once, and nothing is lost."""

from collections import Counter

from adapters.woocommerce.practice import PracticeStore
from connector.store.tables import inbox, ledger, orders, outbox
from tests.chaos.conftest import MakeHouse
from tests.chaos.house import House
from tests.chaos.posting import post_all
from tests.chaos.storefront import Storefront, open_storefront
from tests.chaos.waiting import until
from tests.fakes.sendgrid import hanging

ITEMS = 7
LEFT_SECONDS = 150.0  # what a dead worker was sending is taken up when its lease of two minutes is over


def order_all(home: House, store: Storefront, count: int, first: int = 1) -> None:
    """So many orders, spread over the items, all acknowledged."""
    told = post_all(home.url, [store.order(number, 1 + number % ITEMS) for number in range(first, first + count)])
    assert Counter(one.status for one in told) == {200: count}


def everybody_once(count: int) -> Counter[str]:
    """One mail for each buyer."""
    return Counter({f"buyer-{number}@example.com": 1 for number in range(1, count + 1)})


def test_killing_the_worker_in_mid_drain_loses_nothing_and_tells_nobody_twice(home: House) -> None:
    store = open_storefront(home.connector, ITEMS)
    home.installation.web()
    home.installation.clock()
    order_all(home, store, 600)
    for kill in range(6):
        worker = home.installation.worker()
        folded, told = home.count(inbox, status="done"), len(home.sendgrid.mails)
        until(
            lambda was=(folded, told): (home.count(inbox, status="done"), len(home.sendgrid.mails)) != was,  # type: ignore[misc]
            20,
            lambda: str(home.states()),
        )
        worker.kill()
        order_all(home, store, 50, 601 + 50 * kill)
    home.word_of_mails()
    home.installation.worker()
    until(lambda: home.count(inbox, status="done") == 900, 60, lambda: str(home.states()))
    home.until_quiet(LEFT_SECONDS)
    assert home.mailed() == everybody_once(900)
    assert home.count(orders, state="open", stage="waiting") == 900
    assert home.count(ledger, kind="PromiseMade") == 900
    assert home.count(inbox, status="dead") == 0


def test_killing_the_worker_in_mid_mail_and_mid_write_does_everything_once(
    practice_store: PracticeStore, make_house: MakeHouse
) -> None:
    """Of the mails that are going, the service has taken half and answered none; a listing has no answer either."""
    home = make_house(dial_allow=(practice_store.url.removeprefix("http://"),))
    store = open_storefront(home.connector, ITEMS)
    home.installation.web()
    home.connect(practice_store)
    home.installation.clock()
    worker = home.installation.worker()
    home.until_quiet(30)
    home.sendgrid.then(*(hanging(accept=number % 2 == 0) for number in range(16)))
    order_all(home, store, 100)
    home.sendgrid.wait_for_requests(16)
    home.sendgrid.wait_for(8)
    lamp = practice_store.shop.by_sku("LAMP-1")
    with practice_store.shop.lock:  # nobody is answered any more
        practice_store.checkout("LAMP-1", 3, {"email": "ann@example.com"})
        practice_store.deliver_now()
        writing = {"key": f"listing:{lamp.id}", "status": "sending"}
        until(lambda: home.count(outbox, **writing) == 1, 20, lambda: str(home.states()))
        worker.kill()
    assert home.count(outbox, kind="notice", status="sending") >= 16
    home.sendgrid.release()
    home.word_of_mails()
    home.installation.worker()
    home.until_quiet(LEFT_SECONDS)
    practice_store.deliver_now()
    home.until_quiet(20)
    assert home.mailed() == everybody_once(100) | {"ann@example.com": 1}
    assert lamp.short_description.count("backorder:start") == 1
    assert home.count(outbox, key=f"listing:{lamp.id}", status="done") == 1


def test_a_worker_that_is_ended_under_load_leaves_nothing_half_done(home: House) -> None:
    store = open_storefront(home.connector, ITEMS)
    home.installation.web()
    home.installation.clock()
    worker = home.installation.worker()
    order_all(home, store, 400)
    home.sendgrid.wait_for(50)
    assert worker.terminate() < 25
    assert home.count(outbox, status="sending") == 0
    home.installation.worker()
    home.until_quiet(60)
    assert home.mailed() == everybody_once(400)


def test_two_workers_and_two_clocks_tell_everybody_once(home: House) -> None:
    store = open_storefront(home.connector, ITEMS)
    home.installation.web()
    workers = [home.installation.worker() for _ in range(2)]
    clocks = [home.installation.clock() for _ in range(2)]
    until(lambda: any(clock.says("clock_is_up") for clock in clocks), 20)
    order_all(home, store, 500)
    home.until_quiet(60)
    assert home.mailed() == everybody_once(500)
    assert home.count(ledger, kind="PromiseMade") == 500
    assert [clock.says("clock_is_up") for clock in clocks].count(True) == 1
    assert all(running.alive() for running in (*workers, *clocks))


def test_the_clock_that_stands_by_takes_over(home: House) -> None:
    store = open_storefront(home.connector, ITEMS)
    home.installation.web()
    home.installation.worker()
    first = home.installation.clock()
    until(lambda: first.says("clock_is_up"), 20)
    second = home.installation.clock()
    first.kill()
    until(lambda: second.says("clock_is_up"), 20)
    order_all(home, store, 10)
    home.until_quiet(20)
    assert home.mailed() == everybody_once(10)
