"""Whether the process is up and can work: for whoever watches the installation."""

from flask import Blueprint, Response

from connector.domain.errors import Retryable
from connector.pipeline.connector import Connector
from connector.store import reports


def blueprint(connector: Connector) -> Blueprint:
    """/healthz, /readyz."""
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @routes.get("/readyz")
    def readyz() -> Response:
        try:
            with connector.db.begin() as tx:
                reports.ping(tx)
        except Retryable:
            return Response("the database cannot be reached\n", 503, content_type="text/plain")
        return Response("ready\n", content_type="text/plain")

    return routes
