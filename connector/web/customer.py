"""The customer's own page of an order: opening it changes nothing, because mail scanners follow links."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connector.domain.errors import BadInput
from connector.domain.obligations import Answer
from connector.pipeline.connector import Connector
from connector.pipeline.customers import Case, NoPeriod, give_answer, give_period, open_case
from connector.web.session import guard_forms

PERIOD = "period"


def blueprint(connector: Connector) -> Blueprint:
    """/o/<token>."""
    routes = Blueprint("customer", __name__, url_prefix="/o")
    routes.before_request(guard_forms)
    routes.after_request(_secret)

    @routes.get("/<token>")
    def show(token: str) -> str:
        return render_template("customer/order.html", case=_found(connector, token), token=token)

    @routes.post("/<token>")
    def answer(token: str) -> str | Response | tuple[str, int]:
        case, given = _found(connector, token), request.form.get("answer", "")
        if case.left:
            abort(409)
        if given == Answer.CANCEL and case.decides and request.form.get("sure") != "yes":
            return render_template("customer/cancel.html", case=case, token=token)
        try:
            if given == PERIOD:
                give_period(connector, case, request.form.get("until", ""))
            else:
                give_answer(connector, case, Answer(given))
        except NoPeriod:
            return render_template("customer/order.html", case=case, token=token, wrong=True), 422
        except (BadInput, ValueError):
            abort(409)
        return redirect(url_for("customer.show", token=token), 303)

    return routes


def _found(connector: Connector, token: str) -> Case:
    case = open_case(connector, token)
    if case is None:
        abort(404)
    return case


def _secret(response: Response) -> Response:
    """The address is a secret: it is not kept, not passed on and not found."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "no-store"
    return response
