"""Webhook deliveries of the practice store: late, collapsed, unrepeated, and given up after seven failures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import html
from dataclasses import dataclass
from random import Random
from threading import Condition, Lock, Thread

import requests

from adapters.woocommerce.practice.forms import Forms, encoded
from adapters.woocommerce.practice.model import Hook, Refused
from adapters.woocommerce.practice.shop import INVALID_ORDER, INVALID_PRODUCT, Shop

AGENT = "WooCommerce/11.0.1 Hookshot (practice)"
PING_SECONDS = 5.0
DELIVERY_SECONDS = 60.0
# The count may pass 5 and the next failure disables (includes/class-wc-webhook.php, failed_delivery).
FAILURES_BORNE = 6
NO_RIGHTS = {"code": "woocommerce_rest_cannot_view", "message": "Sorry, you cannot view this resource."}


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery that went out: its topic and resource, and the answer's status (0: no answer)."""

    topic: str
    resource: int
    status: int


class Courier:
    """Keeps what is to be told, and tells it: by itself after `lag` seconds, or when asked to."""

    def __init__(self, url: str, lag: float) -> None:
        self.paused = False
        self.owner_has_rights = True
        self._url = url
        self._lag = lag
        self._waiting: dict[tuple[int, str, int], None] = {}
        self._news = Condition()
        self._sending = Lock()
        self._stopped = False
        self._drop = 0.0
        self._random = Random(0)  # noqa: S311 # chance, not secrecy
        self._session = requests.Session()
        self._session.trust_env = False

    def attach(self, shop: Shop, forms: Forms) -> None:
        """Where deliveries find their content."""
        self._shop = shop
        self._forms = forms

    def changed(self, topic: str, resource: int) -> None:
        """Something happened; told once for each webhook, however often it happens before the delivery."""
        hooks = [hook.id for hook in self._shop.hooks.values() if hook.topic == topic and hook.status == "active"]
        with self._news:
            for hook in hooks:
                self._waiting[hook, topic, resource] = None
            self._news.notify_all()

    def drop(self, fraction: float, seed: int) -> None:
        """From now on lose this part of the deliveries, as a store does whose cron is not called."""
        self._drop = fraction
        self._random = Random(seed)  # noqa: S311 # chance, not secrecy

    def deliver_now(self) -> list[Delivered]:
        """Deliver what waits, one after the other; what was lost on purpose is not in the answer."""
        with self._sending:
            with self._news:
                due, self._waiting = list(self._waiting), {}
            told = [self._deliver(hook, topic, resource) for hook, topic, resource in due if self._arrives()]
        return [one for one in told if one is not None]

    def ping(self, hook: Hook) -> None:
        """Sent while the webhook is still being made; its answer changes nothing."""
        try:
            self._session.post(
                hook.url, data={"webhook_id": hook.id}, headers={"User-Agent": AGENT}, timeout=PING_SECONDS
            )
        except requests.RequestException:
            return

    def send(self, url: str, value: object) -> int:
        """Send something that is no webhook, as JSON; the answer's status (0: no answer)."""
        headers = {"User-Agent": AGENT, "Content-Type": "application/json;charset=UTF-8"}
        try:
            body = encoded(value)
            return self._session.post(
                url, data=body, headers=headers, timeout=DELIVERY_SECONDS, allow_redirects=False
            ).status_code
        except requests.RequestException:
            return 0

    def start(self) -> Thread:
        """Begin to deliver in the background."""
        thread = Thread(target=self._run, name="practice-courier", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        """End the background deliveries; what waits is forgotten."""
        with self._news:
            self._stopped = True
            self._news.notify_all()

    def close(self) -> None:
        """Close the connections; only after the background deliveries have ended."""
        self._session.close()

    def _run(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._stopped or (self._waiting and not self.paused))
                # What follows within the lag goes along; a stop ends the wait at once.
                if self._news.wait_for(lambda: self._stopped, timeout=self._lag):
                    return
            if not self.paused:
                self.deliver_now()

    def resume(self) -> None:
        """Deliver again after a pause."""
        with self._news:
            self.paused = False
            self._news.notify_all()

    def _arrives(self) -> bool:
        return self._drop == 0.0 or self._random.random() >= self._drop

    def _deliver(self, known_as: int, topic: str, resource: int) -> Delivered | None:
        with self._shop.lock:
            hook = self._shop.hooks.get(known_as)
            if hook is None or hook.status != "active":
                return None
            body = encoded(self._content(topic, resource)).encode()
            headers = self._headers(hook, body)
        try:
            answer = self._session.post(
                hook.url, data=body, headers=headers, timeout=DELIVERY_SECONDS, allow_redirects=False
            )
            status = answer.status_code
        except requests.RequestException:
            status = 0
        with self._shop.lock:
            self._count(hook, 200 <= status <= 302)
        return Delivered(topic, resource, status)

    def _count(self, hook: Hook, arrived: bool) -> None:
        if arrived:
            hook.failures = 0
        elif hook.failures >= FAILURES_BORNE:
            hook.status, hook.modified = "disabled", self._shop.now()
        else:
            hook.failures += 1

    def _content(self, topic: str, resource: int) -> object:
        kind, _, event = topic.partition(".")
        if event == "deleted":
            return {"id": resource}
        if not self.owner_has_rights:
            return NO_RIGHTS | {"data": {"status": 403}}
        try:
            if kind == "order":
                return self._forms.order(self._shop.order(resource))
            return self._forms.product(self._shop.product(resource))
        except Refused:
            code, message, status = INVALID_ORDER if kind == "order" else INVALID_PRODUCT
            return {"code": code, "message": message, "data": {"status": status}}

    def _headers(self, hook: Hook, body: bytes) -> dict[str, str]:
        resource, _, event = hook.topic.partition(".")
        second = int(self._shop.now().timestamp())
        key = html.unescape(hook.secret).encode()
        return {
            "User-Agent": AGENT,
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": f"{self._url}/",
            "X-WC-Webhook-Topic": hook.topic,
            "X-WC-Webhook-Resource": resource,
            "X-WC-Webhook-Event": event,
            "X-WC-Webhook-Signature": base64.b64encode(hmac.digest(key, body, hashlib.sha256)).decode(),
            "X-WC-Webhook-ID": str(hook.id),
            "X-WC-Webhook-Delivery-ID": hashlib.sha256(f"{hook.id}:{second}".encode()).hexdigest()[:32],
        }
