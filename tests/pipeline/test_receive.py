"""At the door, over HTTP: what is genuine is kept before it is answered, and nothing else is kept at all."""

import dataclasses
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
import requests
from flask import Flask

from connector.domain.errors import BadSignature, Retryable, Unreadable
from connector.domain.facts import NoticeEvent, NoticeOutcome
from connector.gate.arriving import LARGEST_BODY
from connector.pipeline.absorb import absorb
from connector.pipeline.connect import connect
from connector.pipeline.connector import Connector
from connector.store import outbox, shops
from connector.store.tables import inbox, secrets
from connector.store.tables import outbox as effects
from tests.conftest import NOW, open_shop
from tests.pipeline.given import House, signature
from tests.serving import served
from tests.store.given import notice, read
from webhooks import blueprint

BODY = b'{"id":7}'


@dataclass(frozen=True)
class Door:
    """A web process of the house, and how a platform knocks at it."""

    home: House
    url: str

    def knock(self, body: bytes = BODY, key: str = "k1", signed: str | None = None, **where: str) -> int:
        """The status of the answer to a delivery."""
        platform, token = where.get("platform", "stall"), where.get("token", self.home.shop.hook_token)
        headers = {"X-Key": key, "X-Signature": signature(body) if signed is None else signed}
        return requests.post(
            f"{self.url}/webhooks/{platform}/{token}", data=body, headers=headers, timeout=10
        ).status_code

    def kept(self) -> list[tuple[str, bytes]]:
        """What is in the store's inbox."""
        with self.home.connector.db.begin() as tx:
            return read(tx, inbox, "dedupe_key", "body", store=self.home.shop.id)


@pytest.fixture
def door(home: House) -> Iterator[Door]:
    app = Flask("webhooks")
    app.register_blueprint(blueprint(home.connector))
    with served(app) as url:
        yield Door(home, url)


def test_a_genuine_delivery_is_kept_as_it_came(door: Door) -> None:
    assert door.knock() == 200
    assert door.kept() == [("k1", BODY)]
    with door.home.connector.db.begin() as tx:
        assert read(tx, inbox, "headers", "received_at", "status") == [({"x-key": "k1"}, NOW, "due")]


def test_the_same_delivery_fifty_times_at_once_is_kept_once_and_welcome_each_time(door: Door) -> None:
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: door.knock(), range(50)))
    assert answers == [200] * 50
    assert door.kept() == [("k1", BODY)]


@pytest.mark.parametrize(
    "signed",
    ["", "0", signature(BODY)[:-1], signature(BODY + b" "), signature(BODY, "another's"), signature(BODY).upper()],
)
def test_what_nobody_of_ours_has_signed_is_refused_and_not_kept(door: Door, signed: str) -> None:
    assert door.knock(signed=signed) == 401
    assert door.kept() == []


def test_a_body_that_was_written_anew_is_not_the_one_that_was_signed(door: Door) -> None:
    assert door.knock(b'{"id": 7}', signed=signature(BODY)) == 401


def test_an_address_that_nobody_has_is_refused_like_a_bad_signature(door: Door) -> None:
    assert door.knock(token="0" * 40) == 401
    assert door.knock(platform="kiosk") == 401
    assert door.kept() == []


def test_a_delivery_signed_for_one_store_is_not_taken_for_another(door: Door) -> None:
    other = open_shop(door.home.connector, "https://other.example")
    with door.home.connector.db.begin() as tx:
        shop = shops.get(tx, other.id)
        door.home.connector.vault.put(tx, shop.id, "access", {"key": "x", "_hook_secret": "their secret"})
    assert door.knock(token=other.hook_token) == 401
    assert door.knock(token=other.hook_token, signed=signature(BODY, "their secret")) == 200
    assert door.kept() == []


def test_a_ping_is_answered_and_not_kept(door: Door) -> None:
    assert door.knock(b"ping", signed="") == 200
    assert door.kept() == []


def test_a_secret_that_was_changed_meanwhile_is_found(door: Door) -> None:
    assert door.knock() == 200
    with door.home.connector.db.begin() as tx:
        door.home.connector.vault.put(tx, door.home.shop.id, "access", {"key": "ck", "_hook_secret": "new"})
    assert door.knock(key="k2", signed=signature(BODY, "new")) == 200
    assert [key for key, _ in door.kept()] == ["k1", "k2"]
    assert door.knock(key="k3") == 401


def test_deliveries_of_a_closed_store_are_answered_and_not_kept(door: Door) -> None:
    with door.home.connector.db.begin() as tx:
        shops.set_status(tx, door.home.shop.id, "closed")
    assert door.knock() == 200
    assert door.kept() == []


def test_a_store_that_is_connected_again_is_heard_by_a_process_that_knew_it_closed(door: Door) -> None:
    with door.home.connector.db.begin() as tx:
        shops.set_status(tx, door.home.shop.id, "closed")
    assert door.knock(key="while closed") == 200
    connect(door.home.connector, "stall", {"url": door.home.shop.address}, lambda *_: None)
    assert door.knock(key="after") == 200
    assert [key for key, _ in door.kept()] == ["after"]


def test_a_store_that_closes_after_it_was_heard_has_its_last_words_dropped(door: Door) -> None:
    assert door.knock(key="before") == 200
    with door.home.connector.db.begin() as tx:
        shops.set_status(tx, door.home.shop.id, "closed")
    assert door.knock(key="after") == 200
    absorb(door.home.connector, door.home.shop.id)
    assert {body for _, body in door.kept()} == {b""}


def test_a_body_of_more_than_five_megabytes_is_refused(door: Door) -> None:
    assert door.knock(b"x" * LARGEST_BODY) == 200
    assert door.knock(b"x" * (LARGEST_BODY + 1), key="k2") == 413
    assert [key for key, _ in door.kept()] == ["k1"]


def test_a_body_in_chunks_is_taken_and_weighed_like_any_other(door: Door) -> None:
    def knock(size: int) -> int:
        body = b"x" * size
        pieces = (body[at : at + 65_536] for at in range(0, size, 65_536))
        headers = {"X-Key": f"k{size}", "X-Signature": signature(body)}
        path = f"{door.url}/webhooks/stall/{door.home.shop.hook_token}"
        return requests.post(path, data=pieces, headers=headers, timeout=10).status_code

    assert [knock(size) for size in (70_000, LARGEST_BODY, LARGEST_BODY + 1)] == [200, 200, 413]
    assert {key: len(body) for key, body in door.kept()} == {"k70000": 70_000, f"k{LARGEST_BODY}": LARGEST_BODY}


def test_a_secret_that_cannot_be_opened_now_has_the_platform_come_again(door: Door) -> None:
    with door.home.connector.db.begin() as tx:
        tx.execute(secrets.delete())
    assert door.knock() == 503
    assert door.kept() == []


def test_a_signed_body_that_is_nothing_readable_is_taken_and_becomes_a_dead_letter(door: Door) -> None:
    assert door.knock(b"<html>") == 200
    absorb(door.home.connector, door.home.shop.id)
    with door.home.connector.db.begin() as tx:
        assert read(tx, inbox, "status") == ["dead"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_nothing_but_a_post_is_a_delivery(door: Door, method: str) -> None:
    url = f"{door.url}/webhooks/stall/{door.home.shop.hook_token}"
    assert requests.request(method, url, timeout=10).status_code == 405


def test_a_database_that_is_away_has_the_platform_come_again(
    home: House, make_connector: Callable[..., Connector]
) -> None:
    away = make_connector(database_url="postgresql://nobody@127.0.0.1:1/nothing")
    app = Flask("webhooks")
    app.register_blueprint(blueprint(dataclasses.replace(away, platforms=home.connector.platforms)))
    with served(app) as url:
        assert Door(home, url).knock() == 503
        mail = requests.post(f"{url}/webhooks/mail/events", data=b"[]", timeout=10)
        assert mail.status_code == 401  # a console has no events


def mail_event(door: Door) -> int:
    """The status of the answer to the mail service."""
    return requests.post(f"{door.url}/webhooks/mail/events", data=b"[]", timeout=10).status_code


def test_word_of_the_mail_service_ends_a_doubt(door: Door) -> None:
    home = door.home
    with home.connector.db.begin() as tx:
        outbox.put_messages(tx, home.shop.id, [notice()], NOW)
        row = outbox.claim(tx, home.shop.id, type(notice()), NOW, 1)[0]
        outbox.in_doubt(tx, row, "no answer", NOW)
    home.post.happened = (NoticeEvent("e1", f"{home.shop.id}/notice:1001:1", NoticeOutcome.ACCEPTED, NOW),)
    assert mail_event(door) == 200
    with home.connector.db.begin() as tx:
        assert read(tx, effects, "status") == ["done"]


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [(BadSignature("forged"), 401), (Unreadable("no list"), 200), (Retryable("the database is away"), 503)],
)
def test_word_that_cannot_be_used_is_answered_as_it_deserves(
    door: Door, trouble: BadSignature | Unreadable | Retryable, expected: int
) -> None:
    door.home.post.happened = trouble
    assert mail_event(door) == expected
