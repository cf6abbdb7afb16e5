"""A customer asks what is held of them, or to be erased: the merchant answers here."""

import json

from flask import Blueprint, Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from connector.domain.errors import BadInput, Retryable
from connector.pipeline.connector import Connector
from connector.pipeline.erase import erase, export, whose
from connector.store.erasure import Whose
from connector.web.session import behind_login, page, shop_here


def blueprint(connector: Connector) -> Blueprint:
    """/privacy; the address is always in a form's body, so that no log of addresses holds it."""
    routes = behind_login("privacy")

    @routes.get("/privacy")
    def show() -> str:
        return page(connector, "privacy.html", asked=None)

    @routes.post("/privacy")
    def look() -> str | Answer:
        try:
            customer = _customer()
        except BadInput as error:
            return _back(str(error))
        held = export(connector, shop_here().id, customer)
        return page(connector, "privacy.html", asked=customer.address, held=held)

    @routes.post("/privacy/export")
    def hand_out() -> Answer:
        try:
            held = export(connector, shop_here().id, _customer())
        except BadInput as error:
            return _back(str(error))
        text = json.dumps(held, ensure_ascii=False, indent=1, default=str)
        shown = {"Content-Disposition": "attachment; filename=customer.json"}
        return Response(text, content_type="application/json", headers=shown)

    @routes.post("/privacy/erase")
    def take_out() -> Answer:
        try:
            done = erase(connector, shop_here().id, _customer())
        except (BadInput, Retryable) as error:
            return _back(str(error))
        return _back(f"Erased: orders {done.orders}, messages {done.messages}, deliveries {done.deliveries}.")

    return routes


def _customer() -> Whose:
    return whose(request.form.get("email", ""))


def _back(text: str) -> Answer:
    flash(text[:1].upper() + text[1:])
    return redirect(url_for("privacy.show"), 303)
