"""The web process: webhooks, desk and health as one application; gunicorn runs `connector.app:create()`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask, abort, request
from gunicorn.errors import AppImportError
from werkzeug.middleware.proxy_fix import ProxyFix

from connector import web
from connector.gate.arriving import LARGEST_BODY
from connector.pipeline.connector import Connector
from connector.wiring import begin, build
from webhooks import blueprint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_SECONDS = 3.0
LONGEST_PATH = 1000


def make_app(connector: Connector) -> Flask:
    """The application around a connector."""
    app = Flask("connector.web")
    app.secret_key = connector.config.secret
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(_refuse_what_nothing_is_called)
    app.teardown_request(lambda _: connector.calls.write_down(connector.db))
    web.register(app, connector)
    beside = _beside(_doors(connector).wsgi_app, app.wsgi_app)
    proxies = connector.config.proxies
    app.wsgi_app = ProxyFix(beside, x_for=proxies, x_proto=proxies) if proxies else beside  # type: ignore[method-assign,assignment] # as Flask shows it
    return app


def _refuse_what_nothing_is_called() -> None:
    """PostgreSQL has no text with a NUL in it, and no id of any platform is this long."""
    if "\x00" in request.path or len(request.path) > LONGEST_PATH:
        abort(404)


def _doors(connector: Connector) -> Flask:
    """The webhooks, as an application of their own: sessions, limits and headers of the desk are nothing to them."""
    app = Flask("connector.doors")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.before_request(_refuse_what_nothing_is_called)
    app.register_blueprint(blueprint(connector))
    return app


def _beside(doors: WSGIApplication, desk: WSGIApplication) -> WSGIApplication:
    def either(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return (doors if environ["PATH_INFO"].startswith("/webhooks/") else desk)(environ, start)

    return either


def create() -> Flask:
    """The application that the environment describes."""
    try:
        config = begin(os.environ)
    except SystemExit as error:
        raise AppImportError(str(error)) from error  # gunicorn prints its line, and does not try for ever
    return make_app(build(config, lambda: datetime.now(UTC), patience=PATIENCE_SECONDS))
