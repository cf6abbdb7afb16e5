"""Whether the process is up and can work, and how far behind it is: for whoever watches the installation."""

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from connector.domain.errors import Retryable
from connector.pipeline.connector import Connector
from connector.store import reports
from connector.web.metrics import gauges


def blueprint(connector: Connector) -> Blueprint:
    """/healthz, /readyz, /metrics."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return _plain("ok\n")

    @routes.get("/readyz")
    def readyz() -> Response:
        try:
            with connector.db.begin() as tx:
                reports.ping(tx)
        except Retryable:
            return _plain("the database cannot be reached\n", 503)
        return _plain("ready\n")

    @routes.get("/metrics")
    def metrics() -> Response:
        try:
            with connector.db.begin() as tx:
                text = generate_latest(gauges(tx, connector.clock()))
        except Retryable:
            return _plain("the database cannot be reached\n", 503)
        return Response(text, content_type=CONTENT_TYPE_LATEST)

    return routes


def _plain(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")
