"""What people see: the merchant's desk and the health of the installation."""

from flask import Flask

from connector.pipeline.connector import Connector
from connector.web import health


def register(app: Flask, connector: Connector) -> None:
    """Put all pages into an application."""
    app.register_blueprint(health.blueprint(connector))
