"""How the connection to the store stands, point by point, and a button that looks again."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from connector.pipeline import checkup, disconnect
from connector.pipeline.connector import Connector
from connector.store import departures
from connector.web.session import behind_login, page, shop_here


def blueprint(connector: Connector) -> Blueprint:
    """/connection: to read it asks nothing of the store, its buttons do."""
    routes = behind_login("checkup")

    @routes.get("/connection")
    def show() -> str:
        shop = shop_here()
        can_check = checkup.can_check(connector, shop.platform) and shop.status != "closed"
        report = checkup.standing(connector, shop.id) if can_check else None
        with connector.db.begin() as tx:
            leaving = departures.is_asked(tx, shop.id)
        return page(connector, "checkup.html", report=report, can_check=can_check, leaving=leaving)

    @routes.post("/connection")
    def again() -> Response:
        checkup.check(connector, shop_here().id)
        return redirect(url_for("checkup.show"), 303)

    @routes.post("/connection/disconnect")
    def leave() -> Response:
        if not request.form.get("sure"):
            flash("Nothing was done: say that you are sure.")
            return redirect(url_for("checkup.show"), 303)
        disconnect.ask(connector, shop_here().id)
        flash("The store is being disconnected: its listings go back to what they were.")
        return redirect(url_for("checkup.show"), 303)

    return routes
