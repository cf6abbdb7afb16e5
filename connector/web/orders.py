"""One order: what of it waits, what was promised for it, and what its customer was told."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from connector.domain.effects import CancelLines, CapturePayment
from connector.pipeline import captures
from connector.pipeline.connector import Connector
from connector.pipeline.refunds import approve
from connector.store import pins, problems, proposals, reports, reports_grounds, reports_orders
from connector.store.engine import wait_for_store
from connector.web.session import behind_login, page, shop_here

NOTICES_SHOWN = 100
IN_TURN = "-"


def blueprint(connector: Connector) -> Blueprint:
    """/orders/<order>, and POST to /refund, /capture and /<line>/pin below it."""
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
            given = pins.pins_of(tx, store, order)
            lost = {line: problems.about(tx, store, ["pin"], f"{order}/{line}") for line in given}
            given_back = proposals.of_order(tx, store, CancelLines, order)
            payments = proposals.of_order(tx, store, CapturePayment, order)
            why = reports_grounds.grounds_of(tx, store, order, today)
        values = {"order": found, "ledger": ledger, "notices": notices, "why": why, "pins": given, "lost_pins": lost}
        return page(connector, "order.html", **values, refunds=given_back, payments=payments)

    @routes.post("/orders/<order>/refund")
    def refund(order: str) -> Response:
        if "\x00" in order or not approve(connector, shop_here().id, order):
            abort(404)
        flash("It is being cancelled and given back in the store. What comes of it will stand here.")
        return redirect(url_for("orders.show", order=order), 303)

    @routes.post("/orders/<order>/capture")
    def capture(order: str) -> Response:
        if "\x00" in order or not captures.approve(connector, shop_here().id, order):
            abort(404)
        flash("The store is being asked for the money. What comes of it will stand here.")
        return redirect(url_for("orders.show", order=order), 303)

    @routes.post("/orders/<order>/<line>/pin")
    def pin(order: str, line: str) -> Response:
        lot, store, now = request.form.get("lot", ""), shop_here().id, connector.clock()
        if "\x00" in order + line + lot:  # PostgreSQL has no such text
            abort(404)
        with connector.db.begin() as tx:
            wait_for_store(tx, store)
            in_turn = lot == IN_TURN
            done = pins.unpin(tx, store, order, line, now) if in_turn else pins.pin(tx, store, order, line, lot, now)
        if not done:
            abort(404)
        flash("The line waits in its turn." if in_turn else "The line is put first. The plan is being made anew.")
        return redirect(url_for("orders.show", order=order), 303)

    return routes
