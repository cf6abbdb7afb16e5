"""The stock-out watch: what sells how fast, and what has to be ordered by when."""

from flask import Blueprint, request

from connector.pipeline.connector import Connector
from connector.store import demand, reports_watch
from connector.web.paging import SIZE, paging
from connector.web.session import behind_login, page, shop_here


def blueprint(connector: Connector) -> Blueprint:
    """/watch."""
    routes = behind_login("watch")

    @routes.get("/watch")
    def show() -> str:
        shop = shop_here()
        with connector.db.begin() as tx:
            here = paging(request.args.get("page", ""), reports_watch.count_watched(tx, shop.id))
            rows = reports_watch.watched(tx, shop.id, SIZE, here.offset)
            through = demand.watched_through(tx, shop.id)
        today = connector.clock().astimezone(shop.settings.zone).date()
        return page(connector, "watch.html", rows=rows, paging=here, through=through, today=today)

    return routes
