"""Products: what is there, what waits, what comes, and what the listing says."""

from flask import Blueprint, request

from connector.pipeline.connector import Connector
from connector.store import reports_products
from connector.store.reports_products import Wanted
from connector.web.paging import SIZE, paging, wanted_page
from connector.web.session import behind_login, page, shop_here

SHOWS = {
    "all": "All products",
    "waiting": "With backordered units",
    "out_of_stock": "Out of stock",
    "stopped": "Stopped by your rule",
}
LONGEST = 100


def blueprint(connector: Connector) -> Blueprint:
    """/products."""
    routes = behind_login("products")

    @routes.get("/products")
    def show() -> str:
        shop, wanted = shop_here(), _wanted()
        text = request.args.get("page", "")
        with connector.db.begin() as tx:
            offset = (wanted_page(text) - 1) * SIZE
            found = reports_products.find(tx, shop.id, wanted, SIZE, offset)
            here = paging(text, found.total)
            if here.offset != offset:
                found = reports_products.find(tx, shop.id, wanted, SIZE, here.offset)
            any_at_all = found.total > 0 or reports_products.count_products(tx, shop.id) > 0
        values = {"found": found, "wanted": wanted, "shows": SHOWS, "paging": here, "any_at_all": any_at_all}
        return page(connector, "products.html", **values)

    return routes


def _wanted() -> Wanted:
    text = request.args.get("sku", "").replace("\x00", "").strip()[:LONGEST]
    show = request.args.get("show", "all")
    return Wanted(text, show if show in SHOWS else "all")
