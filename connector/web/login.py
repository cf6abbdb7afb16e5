"""Login by a link: opening it changes nothing, because mail scanners follow links; its one button does."""

from flask import Blueprint, Flask, redirect, render_template, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from connector.pipeline.connector import Connector
from connector.web.session import behind_login, close_session, guard_forms, open_session

ATTEMPTS = "30 per minute"


def add_login(app: Flask, connector: Connector) -> None:
    """The login pages, which nobody may try too often, and the way out."""
    routes = _login(connector)
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    limiter.limit(ATTEMPTS)(routes)
    app.register_blueprint(routes)
    app.register_blueprint(_logout(connector))


def _login(connector: Connector) -> Blueprint:
    routes = Blueprint("login", __name__, url_prefix="/login")
    routes.before_request(guard_forms)

    @routes.get("")
    def explain() -> str:
        return render_template("desk/login.html")

    @routes.get("/<token>")
    def offer(token: str) -> str:
        return render_template("desk/login_link.html", token=token)

    @routes.post("/<token>")
    def enter(token: str) -> Response | tuple[str, int]:
        if not open_session(connector, token):
            return render_template("desk/login_over.html"), 410
        return redirect(url_for("desk.show"), 303)

    return routes


def _logout(connector: Connector) -> Blueprint:
    routes = behind_login("logout")

    @routes.post("/logout")
    def leave() -> Response:
        close_session(connector)
        return redirect(url_for("login.explain"), 303)

    return routes
