"""Suppliers' feeds: how each is doing, and the merchant's word on a file that was held back."""

from flask import Blueprint, abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from connector.pipeline.connector import Connector
from connector.store import reports_feeds
from connector.web.session import behind_login, page, shop_here

LARGEST_ID = 2**63 - 1
SAID = {
    True: "The next file of {supplier} will be used as it is. It is being read now.",
    False: "Nothing of {supplier} is held back.",
}


def blueprint(connector: Connector) -> Blueprint:
    """/feeds and POST /feeds/<id>/use."""
    routes = behind_login("feeds")

    @routes.get("/feeds")
    def show() -> str:
        with connector.db.begin() as tx:
            feeds = reports_feeds.feed_reports(tx, shop_here().id)
        return page(connector, "feeds.html", feeds=feeds)

    @routes.post("/feeds/<int:feed>/use")
    def use(feed: int) -> Response:
        if feed > LARGEST_ID:
            abort(404)
        with connector.db.begin() as tx:
            found = reports_feeds.use_anyway(tx, shop_here().id, feed, connector.clock())
        if found is None:
            abort(404)
        flash(SAID[found.held].format(supplier=found.supplier))
        return redirect(url_for("feeds.show"), 303)

    return routes
