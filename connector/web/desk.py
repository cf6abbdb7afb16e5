"""The merchant's first page: what is connected, what waits, what is promised, what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from connector.pipeline import entering
from connector.pipeline.connector import Connector
from connector.store import inbox, outbox, plans, problems, reports, reports_feeds, reports_products
from connector.store.engine import Tx
from connector.store.problems import Problem
from connector.store.reports import Day, WaitingLine
from connector.store.shops import Shop
from connector.web import words
from connector.web.paging import SIZE, Paging, paging
from connector.web.session import behind_login, page, shop_here

NOTICES_SHOWN = 20
PROBLEMS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DayGroup:
    """The waiting lines of one day that are on this page, and how much is promised for that day in all."""

    day: Day
    overdue: bool
    lines: tuple[WaitingLine, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """The problems of one kind, newest first."""

    kind: str
    problems: tuple[Problem, ...]


def blueprint(connector: Connector) -> Blueprint:
    """/ and POST /try-again."""
    routes = behind_login("desk")

    @routes.get("/")
    def show() -> str:
        shop = shop_here()
        with connector.db.begin() as tx:
            values = _values(tx, shop, connector.clock().astimezone(shop.settings.zone).date())
        return page(connector, "desk.html", by_app=entering.has_app(connector, shop.platform), **values)

    @routes.post("/try-again")
    def try_again() -> Response:
        store, now = shop_here().id, connector.clock()
        with connector.db.begin() as tx:
            count = inbox.replay(tx, store, now) + outbox.replay(tx, store, now)
        flash(f"{words.figure(count)} will be tried again now." if count else "There is nothing to try again.")
        return redirect(url_for("desk.show"), 303)

    return routes


def _values(tx: Tx, shop: Shop, today: date) -> dict[str, Any]:
    days = reports.days(tx, shop.id)
    here = paging(request.args.get("page", ""), sum(one.lines for one in days))
    return {
        "totals": plans.totals(tx, shop.id),
        "out_of_stock": reports_products.out_of_stock(tx, shop.id),
        "stopped": reports_products.stopped(tx, shop.id),
        "products": reports_products.count_products(tx, shop.id),
        "overdue": sum(one.lines for one in days if _overdue(one, today)),
        "paging": here,
        "groups": _groups(tx, shop.id, days, here, today),
        "troubles": _troubles(problems.open_problems(tx, shop.id, PROBLEMS_SHOWN)),
        "given_up": [words.given_up(one.kind, one.count) for one in reports.given_up(tx, shop.id)],
        "notices": reports.notices(tx, shop.id, NOTICES_SHOWN),
        "feeds": reports_feeds.feed_reports(tx, shop.id),
        "last_delivery": reports.last_delivery(tx, shop.id),
    }


def _groups(tx: Tx, store: str, days: Sequence[Day], here: Paging, today: date) -> tuple[DayGroup, ...]:
    in_all = {one.eta: one for one in days}
    lines = reports.waiting_lines(tx, store, SIZE, here.offset)
    groups = [tuple(some) for _, some in groupby(lines, key=lambda line: line.eta)]
    shown = [Day(some[0].eta, len(some), sum(line.waiting for line in some)) for some in groups]
    found = [in_all.get(day.eta, day) for day in shown]
    return tuple(DayGroup(day, _overdue(day, today), some) for day, some in zip(found, groups, strict=True))


def _overdue(one: Day, today: date) -> bool:
    return one.eta is not None and one.eta < today


def _troubles(found: Sequence[Problem]) -> tuple[Trouble, ...]:
    kinds = dict.fromkeys(problem.kind for problem in found)
    return tuple(Trouble(kind, tuple(one for one in found if one.kind == kind)) for kind in kinds)
