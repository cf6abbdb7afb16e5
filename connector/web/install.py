"""Connecting a WooCommerce store: there and back by a click, or with keys that were typed in."""

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, session, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response

from connector.domain.errors import BadInput, ConnectorError
from connector.pipeline import checkup, entering, install
from connector.pipeline.connector import Connector
from connector.store import logins
from connector.store.shops import Shop
from connector.web import shopify
from connector.web.session import guard_forms, open_session

PLATFORM = "woocommerce"
AWAY = "install"
ATTEMPTS = "20 per minute"
KEYS_BYTES = 4096
CONNECTED = "{} is connected. Its products and open orders are being read now."


def add_install(app: Flask, connector: Connector) -> None:
    """The pages, which nobody may try too often; where the installation is open to whoever has a store."""
    if not connector.config.install:
        return
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    for routes in (_pages(connector), _behind_the_browser(connector)):
        limiter.limit(ATTEMPTS)(routes)
        app.register_blueprint(routes)


def _pages(connector: Connector) -> Blueprint:
    routes = Blueprint("install", __name__, url_prefix="/install")
    routes.before_request(guard_forms)

    @routes.get("")
    def show() -> str:
        return _form(connector)

    @routes.post("")
    def begin() -> str | tuple[str, int]:
        try:
            begun = install.begin(connector, PLATFORM, request.form.get("url", ""))
        except BadInput as error:
            return _form(connector, error), 422
        session[AWAY] = begun.nonce
        # Stores send keys to https addresses only; the practice store sends them to this machine too.
        by_click = connector.config.url.startswith("https://") or connector.config.env == "development"
        return render_template("desk/install_ask.html", begun=begun, by_click=by_click)

    @routes.get("/back")
    def back() -> str | tuple[str, int]:
        """The browser comes from the store; opening this changes nothing, its one button does."""
        nonce = session.get(AWAY, "")
        waiting = install.awaited(connector, nonce) if nonce and request.args.get("user_id") == nonce else None
        if waiting is None or request.args.get("success") != "1":
            return render_template("desk/install_over.html"), 410
        return render_template("desk/install_back.html", waiting=waiting)

    @routes.post("/back")
    def finish() -> Response | tuple[str, int]:
        try:
            shop = install.finish(connector, session.pop(AWAY, ""))
        except ConnectorError as error:
            return _form(connector, error), 422
        return _in(connector, shop)

    @routes.post("/with-keys")
    def with_keys() -> Response | tuple[str, int]:
        options = {name: request.form.get(name, "") for name in ("url", "key", "secret")}
        try:
            shop = install.with_keys(connector, PLATFORM, options)
        except ConnectorError as error:
            return _form(connector, error), 422
        return _in(connector, shop)

    return routes


def _behind_the_browser(connector: Connector) -> Blueprint:
    routes = Blueprint("install_keys", __name__)

    @routes.post("/install/keys/<platform>")
    def keys(platform: str) -> Response:
        request.max_content_length = KEYS_BYTES
        if not install.take_keys(connector, platform, request.get_data(cache=False)):
            abort(404)  # for anything but 200 the store takes the key back
        return Response("", 200, content_type="text/plain; charset=utf-8")

    return routes


def _form(connector: Connector, error: ConnectorError | None = None) -> str:
    typed, said = request.form.get("url", ""), str(error or "").removeprefix("url: ")
    by_app = entering.has_app(connector, shopify.PLATFORM)
    return render_template("desk/install.html", typed=typed, error=said, by_app=by_app)


def _in(connector: Connector, shop: Shop) -> Response:
    """Whoever can let us into a store may see its desk."""
    with connector.db.begin() as tx:
        token = logins.issue(tx, shop.id, connector.clock())
    open_session(connector, token)
    flash(CONNECTED.format(shop.name))
    checkup.check(connector, shop.id)
    return redirect(url_for("checkup.show"), 303)
