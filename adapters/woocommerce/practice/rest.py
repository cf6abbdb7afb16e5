"""The practice store's REST interface: signing, errors, lists and paging, as all its routes share them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from math import ceil
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import Request, Response, request

from adapters.woocommerce.practice.auth import Keyring
from adapters.woocommerce.practice.forms import Forms, Json, encoded
from adapters.woocommerce.practice.model import Order, Product, Refused
from adapters.woocommerce.practice.shop import Shop

R = TypeVar("R", Order, Product)
Params = Mapping[str, str]

MOST = 100
STRIPPED = re.compile(r"</?(?:script|style|iframe|form|input|embed|svg)\b[^>]*>", re.IGNORECASE)
TOO_LARGE = (
    "woocommerce_rest_request_entity_too_large",
    f"Unable to accept more than {MOST} items for this request.",
    413,
)
NO_ROUTE = ("rest_no_route", "No route was found matching the URL and request method.", 404)
CANNOT = {"GET": ("woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")}
CANNOT_CHANGE = ("woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources.")


class Api:
    """What the routes work with: the shop, how its records look in JSON, and who may come in."""

    def __init__(self, shop: Shop, forms: Forms, keyring: Keyring, url: str) -> None:
        self.shop = shop
        self.forms = forms
        self.keyring = keyring
        self.url = url

    def admit(self) -> None:
        """Refused where the request is not signed, or wrongly; over http there is no basic authentication."""
        query = parse_qsl(request.query_string.decode("ascii", "replace"), keep_blank_values=True)
        if not self.keyring.check(request.method, self.url + request.path, query, self.shop.now()):
            raise Refused(*CANNOT.get(request.method, CANNOT_CHANGE), 401)


def answer(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON as WordPress sends it."""
    response = Response(encoded(value), status, content_type="application/json; charset=UTF-8")
    response.headers["Access-Control-Expose-Headers"] = "X-WP-Total, X-WP-TotalPages, Link"
    response.headers.extend(dict(headers or {}))
    return response


def refused(error: Refused) -> Response:
    """An error as WordPress sends it."""
    return answer({"code": error.code, "message": error.message, "data": error.data}, error.status)


def outcome(known_as: int, error: Refused) -> Json:
    """An error as an entry of a batch."""
    data = {"status": 400} if error.status == 404 else error.data
    return {"id": known_as, "error": {"code": error.code, "message": error.message, "data": data}}


def sent(received: Request) -> dict[str, Any]:
    """The JSON object in a request; empty where there is none."""
    body = received.get_json(silent=True)
    return body if isinstance(body, dict) else {}


def entries(received: Request) -> list[Json]:
    """The entries of a batch; Refused where there are too many."""
    found = sent(received).get("update", [])
    if len(found) > MOST:
        raise Refused(*TOO_LARGE)
    return [entry for entry in found if isinstance(entry, dict)]


def listed(records: Iterable[R], form: Callable[[R], Json]) -> Response:
    """One page of the records that the request asks for, with the figures of paging in the headers."""
    params = request.args
    size, page = _within(params, "per_page", 10), _within(params, "page", 1, most=10**9)
    found = _ordered([record for record in records if _asked_for(record, params)], params)
    on_page = found[(page - 1) * size : page * size]
    pages = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(ceil(len(found) / size))}
    return answer([cut(form(record), params) for record in on_page], headers=pages)


def cut(form: Json, params: Params) -> Json:
    """Only the fields of `_fields`, where it is given."""
    wanted = params.get("_fields", "")
    return {name: form[name] for name in form if name in wanted.split(",")} if wanted else form


def kept(text: str) -> str:
    """A text as WordPress stores what REST brings: one layer of backslashes less, unsafe elements taken out."""
    return STRIPPED.sub("", re.sub(r"\\(.?)", r"\1", text, flags=re.DOTALL))


def whole(body: Mapping[str, Any], name: str, *, validated: bool) -> int:
    """A number of units; what is no number is refused, but in a batch it becomes 0."""
    value = body[name]
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if validated and value is not None:
        problem = f"{name} is not of type integer."
        details = {name: {"code": "rest_invalid_type", "message": problem, "data": {"param": name}}}
        raise _invalid(name, problem, details)
    return 0


def _within(params: Params, name: str, default: int, most: int = MOST) -> int:
    given = params.get(name, str(default))
    if given.isdecimal() and 1 <= int(given) <= most:
        return int(given)
    problem = f"{name} must be between 1 (inclusive) and {most} (inclusive)"
    raise _invalid(name, problem, {name: {"code": "rest_out_of_bounds", "message": problem, "data": None}})


def _invalid(name: str, problem: str, details: Json) -> Refused:
    data = {"status": 400, "params": {name: problem}, "details": details}
    return Refused("rest_invalid_param", f"Invalid parameter(s): {name}", 400, data)


def _asked_for(record: Order | Product, params: Params) -> bool:
    statuses = params.get("status", "any").split(",")
    if record.status != "trash" if "any" in statuses else record.status in statuses:
        include = params.get("include", "")
        if include and str(record.id) not in include.split(","):
            return False
        return _later(record.created, params.get("after")) and _later(record.modified, params.get("modified_after"))
    return False


def _later(moment: datetime, than: str | None) -> bool:
    return not than or moment.replace(tzinfo=None) > datetime.fromisoformat(than).replace(tzinfo=None)


def _ordered(records: list[R], params: Params) -> list[R]:
    by = params.get("orderby", "date")
    descending = params.get("order", "desc") == "desc"
    if by == "modified":
        return sorted(records, key=lambda record: (record.modified, record.id), reverse=descending)
    if by == "id":
        return sorted(records, key=lambda record: record.id, reverse=descending)
    return sorted(records, key=lambda record: (record.created, record.id), reverse=descending)
