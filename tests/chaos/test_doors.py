"""What is acknowledged is kept, once, whatever the web process goes through."""

import hashlib
import itertools
import time
from collections import Counter

import pytest

from connector.store.tables import inbox, orders
from tests.chaos.house import House
from tests.chaos.posting import Flood, post_all
from tests.chaos.storefront import number_of, numbers_of, open_storefront
from tests.chaos.waiting import until

KILLS = 8
BETWEEN_KILLS = 0.7


def kept(home: House) -> Counter[str]:
    """How often the inbox has each order."""
    return Counter(number_of(bytes(row.body)) for row in home.rows(inbox, "body"))


def test_killing_web_under_load_loses_nothing_that_was_acknowledged(home: House) -> None:
    store = open_storefront(home.connector)
    web = home.installation.web(workers=2)
    with Flood(home.url, (store.order(number) for number in itertools.count(1))) as flood:
        for _ in range(KILLS):
            told = len(flood.acknowledged())
            until(lambda told=told: len(flood.acknowledged()) > told + 20, 20, web.log.read_text)  # type: ignore[misc]
            web.children()[0].kill()
            time.sleep(BETWEEN_KILLS)
        web.kill()
        home.installation.web()
        told = len(flood.acknowledged())
        until(lambda: len(flood.acknowledged()) > told, 20)
    acknowledged = numbers_of([told.post for told in flood.acknowledged()])
    assert acknowledged - kept(home).keys() == set()
    assert set(kept(home).values()) == {1}
    assert len(acknowledged) > KILLS * 20


def test_the_same_delivery_fifty_times_at_once_is_kept_once_and_always_acknowledged(home: House) -> None:
    store = open_storefront(home.connector)
    home.installation.web(workers=2)
    told = post_all(home.url, [store.order(1)] * 50, lines=50)
    assert Counter(one.status for one in told) == {200: 50}
    assert home.count(inbox) == 1


def test_two_orders_of_one_second_under_one_delivery_id_are_both_kept(home: House) -> None:
    store = open_storefront(home.connector)
    home.installation.web()
    one_second = hashlib.md5(b"1 and 1795418171").hexdigest()
    told = post_all(home.url, [store.order(number, delivery_id=one_second) for number in (1, 2)])
    assert Counter(one.status for one in told) == {200: 2}
    home.installation.worker()
    home.installation.clock()
    until(lambda: home.count(orders, state="open") == 2, 20, lambda: str(home.states()))


@pytest.mark.parametrize("kept_lines", [False, True])
def test_a_web_process_that_is_ended_under_load_finishes_what_it_has_begun(home: House, *, kept_lines: bool) -> None:
    store = open_storefront(home.connector)
    web = home.installation.web(workers=2)
    with Flood(home.url, (store.order(number) for number in itertools.count(1)), kept=kept_lines) as flood:
        until(lambda: len(flood.acknowledged()) > 200, 20)
        seconds = web.terminate()
    assert seconds < 25
    assert [one for one in flood.told if one.begun and one.status != 200] == []
    assert numbers_of([told.post for told in flood.acknowledged()]) <= kept(home).keys()
