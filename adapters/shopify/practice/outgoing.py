"""Webhooks on their way out: built when something happens, signed, delivered until they are accepted."""

import base64
import hashlib
import hmac
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import msgspec
import requests

from adapters.shopify.practice.clock import Clock
from adapters.shopify.practice.records import Webhook
from adapters.shopify.practice.schema import VERSION

CONNECT_SECONDS, ANSWER_SECONDS = 1.0, 5.0
RETRIES = 8
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
IDS = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")


@dataclass(slots=True)
class Delivery:
    """One delivery to one address; retries send the same bytes under the same id, from `again_at` on."""

    uri: str
    topic: str
    headers: Mapping[str, str]
    body: bytes
    attempts: int = 0
    again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one attempt; status 0: no answer in time."""

    topic: str
    status: int

    @property
    def accepted(self) -> bool:
        """A redirect is a failure."""
        return 200 <= self.status < 300


@dataclass(slots=True)
class Outgoing:
    """The webhooks of one shop. `queue` may be reordered, thinned or doubled by a test before it goes out."""

    domain: str
    clock: Clock
    secret: str
    webhooks: list[Webhook] = field(default_factory=list)
    queue: list[Delivery] = field(default_factory=list)
    told: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    queued: threading.Condition = field(default_factory=threading.Condition)
    _count: int = 0

    def tell(self, event: str, topic: str, payload: dict[str, Any]) -> None:
        """Queue one delivery for each webhook of the topic; those of one event share its id."""
        with self.lock:
            self.told.append((topic, payload))
            for webhook in self.webhooks:
                if webhook.topic == topic:
                    self.queue.append(self.delivery(webhook.uri, topic, payload, event))
        with self.queued:
            self.queued.notify_all()

    def delivery(self, uri: str, topic: str, payload: dict[str, Any], event: str = "") -> Delivery:
        """A signed delivery of any payload, such as those of compliance topics, which no API subscribes to."""
        body = msgspec.json.encode(payload)
        return Delivery(uri, topic, self.headers(topic, body, event or self.new_id()), body)

    def headers(self, topic: str, body: bytes, event: str) -> dict[str, str]:
        """The headers of a delivery; only the body is signed."""
        signature = base64.b64encode(hmac.digest(self.secret.encode(), body, hashlib.sha256)).decode()
        return {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": signature,
            "X-Shopify-Shop-Domain": self.domain,
            "X-Shopify-API-Version": VERSION,
            "X-Shopify-Webhook-Id": self.new_id(),
            "X-Shopify-Triggered-At": _exact(self.clock.now()),
            "X-Shopify-Event-Id": event,
        }

    def new_id(self) -> str:
        """An id that nothing else has."""
        with self.lock:
            self._count += 1
            return str(uuid5(IDS, f"{self.domain}/{self._count}"))

    def deliver(self) -> list[Outcome]:
        """Send everything in the queue once, in its order; what is not accepted stays for a later call.

        After the last retry the delivery is dropped and its webhook deleted.
        """
        return self._send(list(self.queue))

    def deliver_due(self) -> list[Outcome]:
        """Send what has not been tried yet, and what failed once its pause is over: 2 seconds, 4, 8 …"""
        now = self.clock.now()
        return self._send([one for one in list(self.queue) if one.again_at is None or one.again_at <= now])

    def _send(self, waiting: list[Delivery]) -> list[Outcome]:
        with self.lock:
            going = {id(one) for one in waiting}
            self.queue[:] = [one for one in self.queue if id(one) not in going]
        outcomes = []
        for delivery in waiting:
            outcomes.append(send(delivery))
            if not outcomes[-1].accepted:
                self._put_back(delivery)
        return outcomes

    def _put_back(self, delivery: Delivery) -> None:
        delivery.again_at = self.clock.now() + timedelta(seconds=2**delivery.attempts)
        with self.lock:
            if delivery.attempts <= RETRIES:
                self.queue.append(delivery)
            else:
                given_up = (delivery.topic, delivery.uri)
                self.webhooks[:] = [webhook for webhook in self.webhooks if (webhook.topic, webhook.uri) != given_up]


def send(delivery: Delivery) -> Outcome:
    """Make one attempt; none reaches another machine."""
    delivery.attempts += 1
    if urlsplit(delivery.uri).hostname not in LOOPBACK:
        return Outcome(delivery.topic, 0)
    with requests.Session() as session:
        session.trust_env = False
        try:
            answer = session.post(
                delivery.uri,
                data=delivery.body,
                headers=dict(delivery.headers),
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
            )
        except requests.RequestException:
            return Outcome(delivery.topic, 0)
    return Outcome(delivery.topic, answer.status_code)


def _exact(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
