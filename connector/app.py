"""The web process: webhooks, desk and health as one application; gunicorn runs `connector.app:create()`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flask import Flask

from connector import web
from connector.pipeline.connector import Connector
from connector.wiring import build, read_config, set_up_logging
from webhooks import LARGEST, blueprint

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PATIENCE_SECONDS = 3.0


def make_app(connector: Connector) -> Flask:
    """The application around a connector."""
    app = Flask("connector.web")
    app.secret_key = connector.config.secret
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    web.register(app, connector)
    app.wsgi_app = _beside(_doors(connector).wsgi_app, app.wsgi_app)  # type: ignore[method-assign,assignment] # as Flask shows it
    return app


def _doors(connector: Connector) -> Flask:
    """The webhooks, as an application of their own: sessions, limits and headers of the desk are nothing to them."""
    app = Flask("connector.doors")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST
    app.register_blueprint(blueprint(connector))
    return app


def _beside(doors: WSGIApplication, desk: WSGIApplication) -> WSGIApplication:
    def either(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        return (doors if environ["PATH_INFO"].startswith("/webhooks/") else desk)(environ, start)

    return either


def create() -> Flask:
    """The application that the environment describes."""
    config = read_config(os.environ)
    set_up_logging(config.env)
    return make_app(build(config, lambda: datetime.now(UTC), patience=PATIENCE_SECONDS))
