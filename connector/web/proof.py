"""The proof of one order, to be printed or handed on as a file."""

import msgspec
from flask import Blueprint, Response, abort, render_template

from connector.domain.chain import HOW_TO_CHECK
from connector.domain.paragraphs import of_duty
from connector.domain.telling import DUTIES
from connector.pipeline.connector import Connector
from connector.pipeline.proof import Proof, pack, proof_of
from connector.web.session import behind_login, shop_here


def blueprint(connector: Connector) -> Blueprint:
    """/orders/<order>/proof and /orders/<order>/proof.json."""
    routes = behind_login("proof")

    @routes.get("/orders/<order>/proof")
    def show(order: str) -> str:
        found = _found(connector, order)
        owed = [(row, DUTIES[row.duty], of_duty(found.regime, row.duty)[0]) for row in found.duties]
        return render_template("desk/proof.html", proof=found, shop=found.shop, owed=owed, how=HOW_TO_CHECK)

    @routes.get("/orders/<order>/proof.json")
    def download(order: str) -> Response:
        found = _found(connector, order)
        body = msgspec.json.format(msgspec.json.encode(pack(found)))
        answer = Response(body, content_type="application/json")
        answer.headers.set("Content-Disposition", "attachment", filename=f"proof-{_plain(found.order.number)}.json")
        return answer

    return routes


def _found(connector: Connector, order: str) -> Proof:
    found = proof_of(connector, shop_here().id, order)
    if found is None:
        abort(404)
    return found


def _plain(number: str) -> str:
    """A number as a part of a file's name."""
    return "".join(sign for sign in number if sign.isascii() and sign.isalnum()) or "order"
