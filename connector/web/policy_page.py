"""The page about backorders, as the merchant reads it before it is written into the store."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from connector.domain.errors import ConnectorError
from connector.pipeline.connector import Connector
from connector.pipeline.policy_page import draft, publish
from connector.web.session import behind_login, page, shop_here


def blueprint(connector: Connector) -> Blueprint:
    """/policy-page: to read it asks nothing of the store, its button writes."""
    routes = behind_login("policy_page")

    @routes.get("/policy-page")
    def show() -> str:
        return page(connector, "policy_page.html", draft=draft(connector, shop_here()))

    @routes.post("/policy-page")
    def write() -> Response:
        try:
            written = publish(connector, shop_here().id, replace=request.form.get("replace") == "yes")
        except ConnectorError as error:
            flash(str(error))
        else:
            flash(f"The page is in your store: {written.url}")
        return redirect(url_for("policy_page.show"), 303)

    return routes
