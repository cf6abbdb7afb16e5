"""The Shopify app: the page that Shopify's admin shows, and the way through the merchant's consent without it."""

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, session, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as Answer

from connector.domain.errors import BadInput, BadSignature, ConnectorError, Retryable
from connector.pipeline import entering
from connector.pipeline.connector import Connector
from connector.store import logins
from connector.store.shops import Shop
from connector.web.headers import POLICY
from connector.web.session import FORM_BYTES, guard_forms, open_session

PLATFORM = "shopify"
AWAY = "shopify"
ATTEMPTS = "60 per minute"
APP_BRIDGE = "https://cdn.shopify.com"
# How browsers say that nobody has opened the page yet; after a 503 they fetch it again when somebody does.
AHEAD = ("Sec-Purpose", "Purpose", "X-Moz")
REFUSED = "Shopify did not open this page, or that was a while ago: open the app in the Shopify admin again."


def add_shopify(app: Flask, connector: Connector) -> None:
    """The app's pages, where the installation has an app."""
    if not entering.has_app(connector, PLATFORM):
        return
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    for routes in (_embedded(connector), _consent(connector)):
        limiter.limit(ATTEMPTS)(routes)
        routes.before_request(_look_ahead)
        app.register_blueprint(routes)


def _look_ahead() -> Response | None:
    """Connecting begins by a GET, as Shopify wants it: whoever only looks, or fetches in advance, begins nothing."""
    if request.method == "HEAD":
        return Response("")
    said = {word.strip() for name in AHEAD for word in request.headers.get(name, "").lower().split(";")}
    return Response("", 503) if "prefetch" in said and request.method == "GET" else None


def _embedded(connector: Connector) -> Blueprint:
    """Who comes is known by Shopify's session token; there are no cookies in a frame, and none are wanted."""
    routes = Blueprint("shopify", __name__, url_prefix="/shopify")

    @routes.before_request
    def weigh() -> None:
        request.max_content_length = FORM_BYTES

    @routes.get("")
    def show() -> Answer | str:
        token = request.args.get("id_token", "")
        if not token and request.args.get("embedded") != "1":
            return _without_the_admin(connector)
        try:
            address, shop = entering.known(connector, PLATFORM, token)
        except BadSignature:
            return _not_known(connector)
        if entering.has_left(connector, shop):
            return _framed(connector, address, None, has_left=True)
        return _entered(connector, address, token)

    @routes.post("/again")
    def again() -> Answer:
        """A store that was disconnected is connected again, because its merchant says so."""
        token = request.form.get("id_token", "")
        try:
            address, _ = entering.known(connector, PLATFORM, token)
        except BadSignature:
            return _plain(REFUSED, 401)
        return _entered(connector, address, token)

    @routes.post("/desk")
    def desk() -> Answer:
        """The desk opens beside the admin, by a link that works once."""
        try:
            _, shop = entering.known(connector, PLATFORM, request.form.get("id_token", ""))
        except BadSignature:
            return _plain(REFUSED, 401)
        if shop is None:
            return _plain(REFUSED, 401)
        with connector.db.begin() as tx:
            token = logins.issue(tx, shop.id, connector.clock())
        return redirect(url_for("login.offer", token=token), 303)

    return routes


def _entered(connector: Connector, address: str, token: str) -> Answer:
    try:
        return _framed(connector, address, entering.enter(connector, PLATFORM, token))
    except ConnectorError as error:
        status = 503 if isinstance(error, Retryable) else 422
        return _framed(connector, address, None, error=str(error), status=status)


def _framed(
    connector: Connector,
    address: str,
    shop: Shop | None,
    *,
    has_left: bool = False,
    asks_for_token: bool = False,
    error: str = "",
    status: int = 200,
) -> Response:
    """A page inside the admin of this shop, which no other page may show inside of it."""
    app = entering.app_of(connector, PLATFORM)
    page = render_template(
        "shopify/embedded.html",
        app=app,
        address=address,
        shop=shop,
        has_left=has_left,
        asks_for_token=asks_for_token,
        error=error,
        id_token=request.values.get("id_token", ""),
    )
    response = make_response(page, status)
    around = f"frame-ancestors {' '.join(app.framed_by(address))}"
    policy = POLICY.replace("frame-ancestors 'none'", f"script-src 'self' {APP_BRIDGE}; {around}")
    response.headers["Content-Security-Policy"] = policy
    return response


def _not_known(connector: Connector) -> Answer:
    """The admin does not always give a good token along; then the page asks for one, as only there it gets."""
    try:
        address = entering.app_of(connector, PLATFORM).address(request.args.get("shop", ""))
    except BadInput:
        return _plain(REFUSED, 401)
    if request.args.get("id_token"):
        return _framed(connector, address, None, error=REFUSED, status=401)
    return _framed(connector, address, None, asks_for_token=True)


def _without_the_admin(connector: Connector) -> Answer | str:
    """Shopify sends browsers here with the shop's name too, before it has installed anything."""
    typed = request.args.get("shop", "")
    return _away(connector, typed) if typed else render_template("shopify/install.html", typed="", error="")


def _consent(connector: Connector) -> Blueprint:
    routes = Blueprint("shopify_consent", __name__, url_prefix="/shopify")

    @routes.post("/install")
    def begin() -> Answer:
        guard_forms()
        return _away(connector, request.form.get("shop", ""))

    @routes.get("/back")
    def back() -> Answer:
        """Only the browser that was sent away comes back to anything, and only once."""
        nonce = session.pop(AWAY, "")
        try:
            shop = entering.finish(connector, PLATFORM, nonce, request.args.to_dict())
        except BadSignature:
            return _plain(entering.OVER, 401)
        except ConnectorError as error:
            return _plain(str(error), 422)
        with connector.db.begin() as tx:
            token = logins.issue(tx, shop.id, connector.clock())
        open_session(connector, token)
        return redirect(url_for("desk.show"), 303)

    return routes


def _away(connector: Connector, typed: str) -> Answer:
    name = typed.strip().lower()
    full = name if "." in name else f"{name}.myshopify.com"
    try:
        begun = entering.begin(connector, PLATFORM, full)
    except BadInput as error:
        text = str(error).removeprefix("shop: ")
        return make_response(render_template("shopify/install.html", typed=typed, error=text), 422)
    session[AWAY] = begun.nonce
    return redirect(begun.ask_at, 303)


def _plain(text: str, status: int) -> Response:
    return make_response(render_template("shopify/install.html", typed="", error=text), status)
