"""A customer asks what is held of them, or to be erased: the merchant answers here."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from connector.domain.errors import BadInput, Retryable
from connector.domain.wording import in_json
from connector.pipeline import requests as asking
from connector.pipeline.connector import Connector
from connector.pipeline.erase import erase, export, whose
from connector.ports import RequestKind
from connector.store import requests
from connector.store.erasure import Whose
from connector.store.requests import Request
from connector.web.session import behind_login, page, shop_here

SHOWN = 100
LARGEST = 2**63 - 1


def blueprint(connector: Connector) -> Blueprint:
    """/privacy; the address is always in a form's body, so that no log of addresses holds it."""
    routes = behind_login("privacy")

    @routes.get("/privacy")
    def show() -> str:
        with connector.db.begin() as tx:
            asked_of_us = requests.listed(tx, shop_here().id, SHOWN)
        return page(connector, "privacy.html", asked=None, requests=asked_of_us)

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
        return _handed(held)

    @routes.post("/privacy/requests/<int:number>/export")
    def hand_out_asked(number: int) -> Answer:
        try:
            return _handed(asking.hand_out(connector, shop_here().id, _asked(connector, number)))
        except BadInput as error:
            return _back(str(error))

    @routes.post("/privacy/requests/<int:number>/done")
    def end(number: int) -> Answer:
        asking.answered(connector, shop_here().id, _asked(connector, number))
        return _back(asking.HANDED_OUT)

    @routes.post("/privacy/erase")
    def take_out() -> str | Answer:
        try:
            customer = _customer()
            if request.form.get("sure") != "yes":
                held = export(connector, shop_here().id, customer)
                return page(connector, "erase.html", asked=customer.address, held=held)
            done = erase(connector, shop_here().id, customer)
        except (BadInput, Retryable) as error:
            return _back(str(error))
        return _back(f"Erased: orders {done.orders}, messages {done.messages}, deliveries {done.deliveries}.")

    return routes


def _asked(connector: Connector, number: int) -> Request:
    """An open request of the session's store that is the merchant's to answer."""
    with connector.db.begin() as tx:
        found = requests.get(tx, shop_here().id, number) if number <= LARGEST else None
    if found is None or found.done_at is not None or found.kind is not RequestKind.EXPORT:
        abort(404)
    return found


def _handed(held: Mapping[str, Any]) -> Response:
    text = json.dumps(held, ensure_ascii=False, indent=1, default=in_json)
    shown = {"Content-Disposition": "attachment; filename=customer.json"}
    return Response(text, content_type="application/json", headers=shown)


def _customer() -> Whose:
    return whose(request.form.get("email", ""))


def _back(text: str) -> Answer:
    flash(text[:1].upper() + text[1:])
    return redirect(url_for("privacy.show"), 303)
