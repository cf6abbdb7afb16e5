"""What people see: the merchant's desk, the way into it, and the health of the installation."""

from flask import Flask

from connector.pipeline.connector import Connector
from connector.web import (
    calibration,
    checkup,
    customer,
    desk,
    duties,
    feeds,
    health,
    orders,
    policy_page,
    privacy,
    products,
    proof,
    settings,
    watch,
)
from connector.web.errors import add_error_pages
from connector.web.filters import add_filters
from connector.web.headers import add_headers
from connector.web.install import add_install
from connector.web.login import add_login
from connector.web.session import add_sessions
from connector.web.shopify import add_shopify

PAGES = (
    customer,
    desk,
    orders,
    proof,
    duties,
    products,
    watch,
    feeds,
    calibration,
    checkup,
    settings,
    privacy,
    policy_page,
    health,
)


def register(app: Flask, connector: Connector) -> None:
    """Put all pages into an application that has its secret key."""
    add_headers(app)
    add_filters(app, connector.config.command)
    add_error_pages(app)
    add_sessions(app, connector)
    add_login(app, connector)
    add_install(app, connector)
    add_shopify(app, connector)
    for part in PAGES:
        app.register_blueprint(part.blueprint(connector))
