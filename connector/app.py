"""The web process: webhooks, desk and health as one Flask application; gunicorn runs `connector.app:create()`."""

import os
from datetime import UTC, datetime

from flask import Flask

from connector import web
from connector.pipeline.connector import Connector
from connector.wiring import build, read_config, set_up_logging
from webhooks import blueprint


def make_app(connector: Connector) -> Flask:
    """The application around a connector."""
    app = Flask("connector.web")
    app.secret_key = connector.config.secret
    app.config["MAX_CONTENT_LENGTH"] = 5 * 1024 * 1024
    hooks = blueprint(connector)
    app.register_blueprint(hooks)
    web.register(app, connector)
    return app


def create() -> Flask:
    """The application that the environment describes."""
    config = read_config(os.environ)
    set_up_logging(config.env)
    return make_app(build(config, lambda: datetime.now(UTC)))
