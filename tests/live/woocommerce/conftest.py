"""The connector beside a real store: its web answers on loopback, its supplier and its mails are the test's."""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest
from flask import Flask, Response

from connector.pipeline.absorb import absorb
from connector.pipeline.connect import Connected, connect
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import reconcile
from connector.pipeline.restock import poll
from connector.store import feeds, shops
from connector.store.feeds import NewFeed
from tests.live.woocommerce.store import Json, RealStore, borrowed
from tests.serving import served
from webhooks import blueprint

NEEDED = ("WOO_URL", "WOO_KEY", "WOO_SECRET")
COLUMNS = {name: name for name in ("sku", "quantity", "date", "reference")}
PATIENCE = timedelta(minutes=4)


def day(ahead: int) -> str:
    return (datetime.now(UTC).date() + timedelta(days=ahead)).isoformat()


def words(iso: str) -> str:
    when = datetime.fromisoformat(iso)
    return f"{when.day} {when:%B %Y}"


@pytest.fixture
def store() -> Iterator[RealStore]:
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        pytest.skip(f"set {', '.join(missing)}: address and REST key of a WooCommerce shop that is there for tests")
    with borrowed(*(os.environ[name] for name in NEEDED)) as real:
        yield real


@pytest.fixture
def without_companion(store: RealStore) -> None:
    """With the plugin in the store, descriptions are left alone."""
    if store.has_companion():
        pytest.skip("deactivate the companion plugin in the store to see what is written without it")


@dataclasses.dataclass
class Beside:
    """The connector and the real store; webhooks come when the store sends them."""

    store: RealStore
    connector: Connector
    feed_url: str
    arrived: Event
    supply: list[str]
    mailbox: Path
    connected: Connected = dataclasses.field(init=False)
    feed: int = dataclasses.field(init=False)

    def connect(self) -> None:
        """Connect the store, as `backorder store add` does, and its supplier's feed."""
        real = self.store
        options = {"url": real.url, "key": real.key, "secret": real.secret}
        self.connected = connect(self.connector, "woocommerce", options, lambda *_: None)
        new = NewFeed("Lamps Ltd", self.feed_url, "csv", COLUMNS, timedelta(minutes=15))
        with self.connector.db.begin() as tx:
            shops.change_settings(tx, self.connected.store, {"cold_start_days": 0})
            self.feed = feeds.add(tx, self.connected.store, new, self.connector.clock()).id

    def supplier_says(self, *rows: tuple[str, int, str, str]) -> None:
        """A new file of the supplier, read at once: SKU, units, date, reference."""
        self.supply[:] = [",".join(map(str, row)) for row in rows]
        assert poll(self.connector, self.feed).problem is None
        plan(self.connector, self.connected.store)
        self.turn()

    def turn(self) -> None:
        """What has come in is absorbed, what has to go out goes."""
        absorb(self.connector, self.connected.store)
        while perform(self.connector, self.connected.store):
            pass

    def until(self, seen: Callable[[], bool]) -> None:
        """Take in webhooks until something is so; the store's own clock decides when it sends them."""
        ends = datetime.now(UTC) + PATIENCE
        while True:
            self.arrived.clear()
            self.turn()
            if seen():
                return
            assert datetime.now(UTC) < ends, "the store sent nothing that made it so"
            self.store.visit()
            self.arrived.wait(3)

    def reconcile(self) -> None:
        """What the clock does every quarter of an hour."""
        reconcile(self.connector, self.connected.store)
        self.turn()

    def mails(self, to: str) -> list[str]:
        """Subjects of the letters to somebody, as they went out."""
        letters = [json.loads(file.read_text()) for file in self._by_age()]
        return [letter["subject"] for letter in letters if letter["to"] == to]

    def forget_hooks(self) -> None:
        """Take our webhooks out of the store."""
        for hook in self.hooks():
            self.store.rest("DELETE", f"webhooks/{hook['id']}", force="true")

    def _by_age(self) -> list[Path]:
        return sorted(self.mailbox.glob("*.json"), key=lambda file: file.stat().st_mtime_ns)

    def hooks(self) -> list[Json]:
        """The webhooks in the store that come to us."""
        every = self.store.rest("GET", "webhooks", per_page=100)
        return [hook for hook in every if hook["delivery_url"].startswith(self.connector.config.url)]


@pytest.fixture
def beside(store: RealStore, make_connector: Callable[..., Connector], tmp_path: Path) -> Iterator[Beside]:
    app, arrived, supply = Flask("beside"), Event(), list[str]()
    with served(app, int(os.environ.get("WOO_HOOKS_PORT", "0"))) as url:
        public = os.environ.get("WOO_HOOKS_URL", url).rstrip("/")
        allowed = (store.authority, url.removeprefix("http://"))
        plain = make_connector(url=public, env="development", dial_allow=allowed)
        connector = dataclasses.replace(plain, clock=lambda: datetime.now(UTC))
        app.register_blueprint(blueprint(connector))

        @app.get("/feed.csv")
        def feed() -> Response:
            return Response("\n".join((",".join(COLUMNS), *supply)), content_type="text/csv")

        @app.after_request
        def ring(response: Response) -> Response:
            arrived.set()
            return response

        made = Beside(store, connector, f"{url}/feed.csv", arrived, supply, tmp_path / "mailbox")
        store.undo.append(made.forget_hooks)
        yield made
