"""The mail service misbehaves in every way it can; each customer is told once, and nobody is forgotten."""

from collections import Counter

from connector.store.outbox import DOUBLED
from connector.store.tables import outbox
from tests.chaos.house import House
from tests.chaos.posting import post_all
from tests.chaos.storefront import open_storefront
from tests.chaos.waiting import until
from tests.fakes.sendgrid import (
    dropped_after,
    dropped_before,
    failing,
    moved,
    throttled,
)

BUYERS = 40
ELSEWHERE = "https://mail.example/v3/mail/send"


def tell_all(home: House) -> None:
    """Forty customers whose orders have to wait."""
    store = open_storefront(home.connector)
    home.installation.web()
    home.installation.worker()
    post_all(home.url, [store.order(number) for number in range(1, BUYERS + 1)])
    home.installation.clock()


def everybody_once() -> Counter[str]:
    """One mail for each buyer."""
    return Counter({f"buyer-{number}@example.com": 1 for number in range(1, BUYERS + 1)})


def flagged(home: House) -> set[str]:
    """Whom the books show as possibly told twice."""
    return {row.effect["to"] for row in home.rows(outbox, "effect", "result") if DOUBLED in (row.result or "")}


def test_mails_that_were_refused_go_later_and_once(home: House) -> None:
    home.sendgrid.then(*[throttled(3)] * 6, *[failing(429)] * 6, *[moved(ELSEWHERE)] * 6)
    tell_all(home)
    home.until_quiet(60)
    assert home.mailed() == everybody_once()
    assert flagged(home) == set()


def test_mails_that_were_not_taken_and_nobody_knows_go_again_flagged(home: House) -> None:
    ways = (failing(500), failing(503, html=True), dropped_after(accept=False), dropped_before())
    home.sendgrid.then(*(way for way in ways for _ in range(4)))
    tell_all(home)
    home.until_quiet(60)
    assert home.mailed() == everybody_once()
    assert len(flagged(home)) == 16


def test_mails_that_were_taken_all_the_same_do_not_go_again_once_there_is_word(home: House) -> None:
    ways = (failing(500, accept=True), failing(503, html=True, accept=True), dropped_after(accept=True))
    home.sendgrid.then(*(way for way in ways for _ in range(5)))
    tell_all(home)
    home.sendgrid.wait_for(BUYERS)
    home.word_of_mails()
    home.until_quiet(60)
    assert home.mailed() == everybody_once()
    assert flagged(home) == set()


def test_one_address_that_is_refused_keeps_nobody_else_from_being_told(home: House) -> None:
    home.sendgrid.refuse("buyer-7@example.com")
    tell_all(home)
    home.until_quiet(60)
    others = everybody_once()
    del others["buyer-7@example.com"]
    assert home.mailed() == others
    assert home.count(outbox, status="dead") == 1


def test_mails_that_were_taken_without_a_word_are_at_most_doubled_and_flagged(home: House) -> None:
    home.sendgrid.then(*[dropped_after(accept=True)] * 10)
    tell_all(home)
    home.until_quiet(60)
    assert home.mailed().keys() == everybody_once().keys()
    twice = {to for to, times in home.mailed().items() if times == 2}
    assert len(twice) == 10
    assert set(home.mailed().values()) == {1, 2}
    assert flagged(home) == twice


def test_a_throttled_service_is_left_alone_until_it_says(home: House) -> None:
    home.sendgrid.always(throttled(60))
    tell_all(home)
    home.sendgrid.wait_for_requests(1)
    until(lambda: home.count(outbox) == home.count(outbox, status="due") == BUYERS, 20)
    assert home.sendgrid.requests <= 16
    assert home.sendgrid.mails == []
