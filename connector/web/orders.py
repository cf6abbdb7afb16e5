"""One order: what of it waits, what was promised for it, and what its customer was told."""

from flask import Blueprint, abort

from connector.pipeline.connector import Connector
from connector.store import reports, reports_grounds, reports_orders
from connector.web.session import behind_login, page, shop_here

NOTICES_SHOWN = 100


def blueprint(connector: Connector) -> Blueprint:
    """/orders/<order>."""
    routes = behind_login("orders")

    @routes.get("/orders/<order>")
    def show(order: str) -> str:
        store = shop_here().id
        with connector.db.begin() as tx:
            found = reports_orders.order_report(tx, store, order)
            if found is None:
                abort(404)
            ledger = reports_orders.ledger_of(tx, store, order)
            notices = reports.notices(tx, store, NOTICES_SHOWN, order)
            today = connector.clock().astimezone(shop_here().settings.zone).date()
            why = reports_grounds.grounds_of(tx, store, order, today)
        return page(connector, "order.html", order=found, ledger=ledger, notices=notices, why=why)

    return routes
