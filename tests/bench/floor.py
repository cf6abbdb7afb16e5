"""What cannot be done for less: a bare view that checks an HMAC and commits one insert, under the same gunicorn."""

import base64
import hashlib
import hmac
import os
from queue import LifoQueue

import psycopg
from flask import Flask, Response, request

CONNECTIONS = 10  # as many as the product's pool may have
TABLE = (
    "create table if not exists floor (id bigint generated always as identity primary key, key text not null unique,"
    " body bytea not null)"
)


def create() -> Flask:
    """The floor, on the database and with the secret of the environment."""
    secret = os.environ["FLOOR_SECRET"].encode()
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url) as tx:
        tx.execute(TABLE)
    pool: LifoQueue[psycopg.Connection] = LifoQueue()
    for _ in range(CONNECTIONS):
        pool.put(psycopg.connect(url))
    app = Flask("floor")

    @app.post("/floor")
    def floor() -> Response:
        body = request.get_data(cache=False)
        wanted = base64.b64encode(hmac.new(secret, body, hashlib.sha256).digest())
        if not hmac.compare_digest(wanted, request.headers["X-WC-Webhook-Signature"].encode()):
            return Response("", 401)
        tx = pool.get()
        tx.execute("insert into floor (key, body) values (%s, %s)", (hashlib.sha256(body).hexdigest(), body))
        tx.commit()
        pool.put(tx)
        return Response("", 200)

    return app
