"""How the connection to the store stands, point by point, and a button that looks again."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from connector.pipeline import checkup
from connector.pipeline.connector import Connector
from connector.web.session import behind_login, page, shop_here


def blueprint(connector: Connector) -> Blueprint:
    """/connection: to read it asks nothing of the store, its button does."""
    routes = behind_login("checkup")

    @routes.get("/connection")
    def show() -> str:
        shop = shop_here()
        can_check = checkup.can_check(connector, shop.platform)
        report = checkup.standing(connector, shop.id) if can_check else None
        return page(connector, "checkup.html", report=report, can_check=can_check)

    @routes.post("/connection")
    def again() -> Response:
        checkup.check(connector, shop_here().id)
        return redirect(url_for("checkup.show"), 303)

    return routes
