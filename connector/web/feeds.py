"""Suppliers' feeds: how each is doing, and the merchant's word on a file that was held back."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from connector.pipeline.connector import Connector
from connector.store import reports_feeds
from connector.web.session import behind_login, page, shop_here

LARGEST_ID = 2**63 - 1
NOT_HELD = "That file of {supplier} is not held back any more: see what is said now."
VERDICTS = {
    "use": (reports_feeds.use_anyway, "The file of {supplier} will be used as it is. It is being read now."),
    "decline": (reports_feeds.decline, "The file of {supplier} stays unused until the supplier says something else."),
}


def blueprint(connector: Connector) -> Blueprint:
    """/feeds, POST /feeds/<id>/use and POST /feeds/<id>/decline."""
    routes = behind_login("feeds")

    @routes.get("/feeds")
    def show() -> str:
        with connector.db.begin() as tx:
            feeds = reports_feeds.feed_reports(tx, shop_here().id)
        return page(connector, "feeds.html", feeds=feeds)

    @routes.post("/feeds/<int:feed>/use", defaults={"verdict": "use"})
    @routes.post("/feeds/<int:feed>/decline", defaults={"verdict": "decline"})
    def judge(feed: int, verdict: str) -> Response:
        if feed > LARGEST_ID:
            abort(404)
        carry_out, said = VERDICTS[verdict]
        with connector.db.begin() as tx:
            found = carry_out(tx, shop_here().id, feed, connector.clock(), request.form.get("file", ""))
        if found is None:
            abort(404)
        flash((said if found.held else NOT_HELD).format(supplier=found.supplier))
        return redirect(url_for("feeds.show"), 303)

    return routes
