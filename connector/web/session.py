"""Who is at the desk: a session belongs to one store, and it is the database that knows whether it lasts."""

from dataclasses import dataclass

from flask import Blueprint, Flask, abort, current_app, redirect, render_template, request, session, url_for
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf import CSRFProtect
from werkzeug.wrappers import Response

from connector.pipeline.connector import Connector
from connector.store import logins, shops
from connector.store.shops import Shop

OPENED_BY = "opened_by"
FORM_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Merchant:
    """Whoever has a session: the store is all that there is to know."""

    shop: Shop
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        """What the session remembers."""
        return self.shop.id


def add_sessions(app: Flask, connector: Connector) -> None:
    """Sessions, and tokens against forged forms, for the pages that ask for them."""
    app.config.update(
        SESSION_COOKIE_NAME="backorder",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=connector.config.env == "production",
        PERMANENT_SESSION_LIFETIME=logins.STAY,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,  # webhooks carry signatures instead; see `guard_forms`
        WTF_CSRF_TIME_LIMIT=None,  # a token lasts as long as its session
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which the login pages forbid the browser to send
    )
    CSRFProtect(app)
    manager = LoginManager()
    manager.init_app(app, add_context_processor=False)  # an error page must not ask the database who is there

    def load(store: str) -> Merchant | None:
        with connector.db.begin() as tx:
            if not logins.is_open(tx, store, session.get(OPENED_BY, ""), connector.clock()):
                return None
            return Merchant(shops.get(tx, store))

    manager.user_loader(load)


def open_session(connector: Connector, token: str) -> bool:
    """Begin a new session with a login token; False where the token opens nothing."""
    now = connector.clock()
    with connector.db.begin() as tx:
        store = logins.redeem(tx, token, now)
        if store is None:
            return False
        logins.end(tx, session.get(OPENED_BY, ""))
        merchant = Merchant(shops.get(tx, store))
    session.clear()
    session.permanent = True
    session[OPENED_BY] = logins.digest(token)
    login_user(merchant)
    return True


def close_session(connector: Connector) -> None:
    """End the session; a copy of its cookie is worth nothing afterwards."""
    with connector.db.begin() as tx:
        logins.end(tx, session.get(OPENED_BY, ""))
    logout_user()
    session.clear()


def guard_forms() -> None:
    """What a form may weigh, and that it is one of ours."""
    request.max_content_length = FORM_BYTES
    current_app.extensions["csrf"].protect()


def _guard() -> Response | None:
    if not current_user.is_authenticated:
        if request.method in ("GET", "HEAD"):
            return redirect(url_for("login.explain"), 303)
        abort(401)
    guard_forms()
    return None


def behind_login(name: str) -> Blueprint:
    """A blueprint whose pages are only for whoever has a session."""
    routes = Blueprint(name, __name__)
    routes.before_request(_guard)
    return routes


def shop_here() -> Shop:
    """The store of the session."""
    shop: Shop = current_user.shop
    return shop


def page(connector: Connector, template: str, **values: object) -> str:
    """A page of the desk."""
    return render_template(f"desk/{template}", shop=shop_here(), now=connector.clock(), **values)
