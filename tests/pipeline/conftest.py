"""The house that the tests of the pipeline live in."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask

from connector.pipeline.connector import Connector
from connector.store import feeds
from connector.store.feeds import NewFeed
from tests.conftest import NOW, open_shop
from tests.pipeline.given import House, house
from tests.pipeline.supplier import COLUMNS, Supplier
from tests.serving import served


@pytest.fixture
def home(connector: Connector) -> House:
    """A connected store of a stall."""
    return house(connector, open_shop)


@pytest.fixture
def supplier(make_connector: Callable[..., Connector]) -> Iterator[Supplier]:
    """A supplier whose file is looked at every quarter of an hour."""
    app = Flask("supplier")
    with served(app) as url:
        home = house(make_connector(dial_allow=(url.removeprefix("http://"),)), open_shop)
        made = Supplier(home)
        app.add_url_rule("/restock.csv", view_func=lambda: made.answer())
        new = NewFeed("acme", f"{url}/restock.csv", "csv", COLUMNS, timedelta(minutes=15))
        with home.connector.db.begin() as tx:
            made.feed = feeds.add(tx, home.shop.id, new, NOW).id
        yield made
