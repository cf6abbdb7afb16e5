"""A large Shopify shop, end to end over HTTP: read in by one operation, its listings written by another."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from adapters.http import Http
from adapters.shopify import Shopify
from adapters.shopify.bulk_listings import ShopifyBulk
from adapters.shopify.practice import Fault, RealClock, Shop, ShopifyFake
from adapters.shopify.practice.storage import Storage
from connector.domain.effects import ListingState, WriteListing
from connector.domain.errors import Retryable
from connector.pipeline.absorb import absorb
from connector.pipeline.connect import connect
from connector.pipeline.connector import Connector
from connector.pipeline.perform import perform
from connector.pipeline.reconcile import reconcile
from connector.store import bulk_writes, outbox, problems
from connector.store.tables import items, levels, stores
from connector.store.tables import outbox as effects
from tests.serving import served
from webhooks import blueprint

MANY = 30
OPTIONS = {"shop": "large.myshopify.com", "token": "shpat_token", "api_secret": "shpss_secret"}


@dataclasses.dataclass
class Large:
    """A shop of many variants that is not connected yet."""

    shop: Shop
    fake: ShopifyFake
    connector: Connector

    def connect(self) -> str:
        return connect(self.connector, "shopify", OPTIONS, lambda *_: None).store

    def count(self, table: sa.Table) -> int:
        with self.connector.db.begin() as tx:
            return tx.scalar(sa.select(sa.func.count()).select_from(table)) or 0

    def called(self, name: str) -> int:
        return sum(one == name for one, _ in self.shop.calls)


@pytest.fixture
def large(make_connector: Callable[..., Connector]) -> Iterator[Large]:
    app = Flask("webhooks")
    with ShopifyFake(RealClock()) as fake, served(app) as url:
        shop = fake.open_shop("large", rate=1000.0)
        first = shop.add_product("Shelf", "S-0", 5, policy="continue").product
        for number in range(1, MANY):
            shop.add_variant(first, f"Size {number}", f"S-{number}", number, policy="continue")
        plain = make_connector(url=url, dial_allow=(fake.authority, url.removeprefix("http://")))
        http = Http([fake.authority])
        shopify = Shopify(http, fake.origin, bulk_above=10, sleep=lambda _: None)
        assert isinstance(shopify.bulk, ShopifyBulk)
        shopify.bulk = dataclasses.replace(shopify.bulk, worth=10)
        platforms = {**plain.platforms, "shopify": shopify}
        connector = dataclasses.replace(plain, clock=lambda: datetime.now(UTC), platforms=platforms)
        app.register_blueprint(blueprint(connector))
        yield Large(shop, fake, connector)
        http.close()


def change_all(large: Large, store: str, eta: date = date(2027, 1, 15)) -> list[WriteListing]:
    with large.connector.db.begin() as tx:
        known = sorted(tx.scalars(sa.select(items.c.item).where(items.c.store == store)), key=int)
        wanted = [WriteListing(item, None, ListingState.BACKORDER, eta, 3, "Soon.") for item in known]
        outbox.put_states(tx, store, wanted, large.connector.clock())
    return wanted


def test_a_large_shop_is_read_in_by_one_operation(large: Large) -> None:
    large.connect()
    assert (large.count(items), large.count(levels)) == (MANY, MANY)
    assert (large.called("BulkRunQuery"), large.called("Variants")) == (1, 1)


def test_an_import_that_was_cut_off_goes_on_within_the_same_result(
    large: Large, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.shopify.bulk.PART", 4_000)
    parts, given = iter(range(1_000)), Storage.get
    monkeypatch.setattr(Storage, "get", lambda *of: (503, b"", {}) if next(parts) == 2 else given(*of))
    monkeypatch.setattr("adapters.shopify.bulk.TRIES", 1)
    with pytest.raises(Retryable):
        large.connect()
    with large.connector.db.begin() as tx:
        progress = tx.scalar(sa.select(stores.c.progress))
    assert progress["products_cursor"].startswith("bulk:1:")
    assert 0 < large.count(items) < MANY
    large.connect()
    assert (large.count(items), large.count(levels)) == (MANY, MANY)
    assert len(large.shop.bulk.operations) == 1


def test_reconciling_finds_by_an_operation_what_no_webhook_told(large: Large) -> None:
    store = large.connect()
    large.shop.outgoing.queue.clear()
    gone, changed = large.shop.catalogue.by_sku("S-3"), large.shop.catalogue.by_sku("S-4")
    large.shop.catalogue.set_level(changed, large.shop.catalogue.first_location, 77)
    gone.product.variants.remove(gone)
    large.shop.outgoing.queue.clear()
    reconcile(large.connector, store)
    while perform(large.connector, store):
        pass
    with large.connector.db.begin() as tx:
        mine = sa.select(levels.c.available).where(levels.c.stock == str(changed.inventory_item))
        assert tx.scalars(mine).all() == [77]
        assert tx.scalars(sa.select(items.c.item).where(items.c.gone)).all() == [str(gone.id)]
    assert large.called("BulkRunQuery") == 2


def test_many_listings_go_by_one_operation_and_its_webhook_ends_it(large: Large) -> None:
    store = large.connect()
    large.shop.outgoing.queue.clear()
    change_all(large, store)
    refused = large.shop.catalogue.by_sku("S-7")
    large.shop.refusals[refused.id] = "Value is not allowed."
    assert perform(large.connector, store) == 0
    assert (large.called("BulkRunMutation"), large.called("MetafieldsSet")) == (1, 0)
    assert large.shop.metafields_of("S-0") == {}
    large.shop.bulk.settle()
    assert [one.status for one in large.shop.deliver()] == [200]
    absorb(large.connector, store)
    while perform(large.connector, store):
        pass
    wanted = {"state": "backorder", "eta": "2027-01-15", "available": "3", "notice": "Soon."}
    shown = [large.shop.metafields_of(f"S-{number}") for number in range(MANY)]
    assert shown == [{} if number == 7 else wanted for number in range(MANY)]
    # The five that shared a line with the refused one go by an ordinary call.
    assert (large.called("BulkRunMutation"), large.called("MetafieldsSet")) == (1, 1)
    with large.connector.db.begin() as tx:
        told = [one.text for one in problems.open_problems(tx, store)]
        states = tx.scalars(sa.select(effects.c.status).where(effects.c.kind == "listing")).all()
    assert told == [f"The listing of product {refused.id} could not be written: Value is not allowed."]
    assert sorted(states) == ["dead"] + ["done"] * (MANY - 1)


def test_a_start_whose_answer_is_lost_is_found_and_not_made_twice(large: Large) -> None:
    store = large.connect()
    change_all(large, store)
    large.shop.bulk.seconds = 3600.0
    large.fake.faults.append(Fault(hang_up=True, done=True, operation="BulkRunMutation"))
    perform(large.connector, store)
    with large.connector.db.begin() as tx:
        tx.execute(sa.update(bulk_writes.bulk_writes).values(look_at=large.connector.clock()))
    perform(large.connector, store)
    assert [one.type for one in large.shop.bulk.operations] == ["QUERY", "MUTATION"]
    with large.connector.db.begin() as tx:
        assert tx.scalar(sa.select(bulk_writes.bulk_writes.c.started)) is True
