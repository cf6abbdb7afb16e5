"""The merchant disconnects the store where its connection is shown, and only when sure."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from connector.domain.errors import BadInput
from connector.pipeline.checkup import check
from connector.pipeline.connector import Connector
from connector.ports import Examined, Verdict
from connector.store import checkups, departures, shops
from connector.store.checkups import Checked
from connector.store.shops import Shop
from tests.web import given
from tests.web.conftest import press

LogIn = Callable[[Shop], FlaskClient]


def test_a_merchant_who_is_sure_has_the_store_disconnected(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    browser = log_in(shop)
    for fields, asked in (({}, False), ({"sure": "yes"}, True)):
        done = press(browser, "/connection/disconnect", on="/connection", **fields)
        assert (done.status_code, done.location) == (303, "/connection")
        with connector.db.begin() as tx:
            assert departures.is_asked(tx, shop.id) is asked
    assert "The store is being disconnected" in browser.get("/connection").text


def test_a_store_that_was_left_says_so(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    browser = log_in(shop)
    with connector.db.begin() as tx:
        shops.set_status(tx, shop.id, "closed")
        found = Examined((Verdict("Webhooks", True, "All of them are there."),), asked=False)
        checkups.keep(tx, shop.id, Checked(connector.clock(), found))
    page = browser.get("/connection").text
    assert ("This store is disconnected." in page, "I am sure" in page) == (True, False)
    assert ("All of them are there." in page, "Check now" in page) == (False, False)


def test_a_store_without_a_check_up_says_what_stands_in_for_one(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    connector.platforms[shop.platform].checkup = None
    page = log_in(shop).get("/connection").text
    assert ("makes webhooks anew that are missing" in page, "Check now" in page) == (True, False)
    with pytest.raises(BadInput, match="need no check-up: each reading"):
        check(connector, shop.id)
