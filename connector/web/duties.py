"""What the law asks of the merchant, soonest first, and what is said to and by customers by other ways than mail."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from connector.domain.errors import BadInput
from connector.domain.jurisdictions import Regime
from connector.domain.obligations import WRITTEN, Answer, Duty
from connector.domain.paragraphs import of_duty
from connector.domain.record import LINK, Note
from connector.domain.telling import DUTIES, HOW
from connector.pipeline import by_hand
from connector.pipeline.by_hand import Untold
from connector.pipeline.connector import Connector
from connector.pipeline.customers import Case, NoPeriod, case_at, give_answer, give_period
from connector.store import reports_duties
from connector.store.reports_duties import STATES, Owed
from connector.web.customer import PERIOD
from connector.web.paging import SIZE, paging
from connector.web.session import behind_login, page, shop_here

WAYS = {name: words for name, words in HOW.items() if name != LINK}
LONGEST = 500
MINUTES = "%Y-%m-%dT%H:%M"
NOT_TOLD = "That was not recorded: say who told whom, in which of these ways, and when it was."
NO_PERIOD = "Nothing was recorded: the further period needs a last day after today, within a year."
REFUSED = "This order does not ask for that answer: see how it stands."


@dataclass(frozen=True, slots=True)
class Row:
    """A duty as the list shows it."""

    owed: Owed
    words: str
    place: str


def blueprint(connector: Connector) -> Blueprint:
    """/duties, and below /orders/<order> /answer and /told."""
    routes = behind_login("duties")

    @routes.get("/duties")
    def show() -> str:
        store, state, duty = shop_here().id, _one_of("state", STATES, "open"), _one_of("duty", tuple(Duty), "")
        with connector.db.begin() as tx:
            here = paging(request.args.get("page", ""), reports_duties.count(tx, store, state, duty))
            rows = [_row(one) for one in reports_duties.owed(tx, store, state, duty, SIZE, here.offset)]
            breached = reports_duties.count(tx, store, "breached", "")
        values = {"rows": rows, "paging": here, "state": state, "duty": duty, "breached": breached}
        return page(connector, "duties.html", **values, states=STATES, kinds=DUTIES, hows=WAYS)

    @routes.get("/orders/<order>/answer")
    def ask(order: str) -> str:
        return page(connector, "answer.html", case=_found(connector, order), ways=WAYS)

    @routes.post("/orders/<order>/answer")
    def answer(order: str) -> Response:
        case, how = _found(connector, order), request.form.get("how", "")
        try:
            if how not in WAYS:
                raise BadInput("how: is needed")
            if request.form.get("answer") == PERIOD:
                give_period(connector, case, request.form.get("until", ""), how, _note())
            else:
                give_answer(connector, case, Answer(request.form.get("answer", "")), how, _note())
            flash("The answer has been recorded.")
        except NoPeriod:
            flash(NO_PERIOD)
            return redirect(url_for("duties.ask", order=order), 303)
        except (BadInput, ValueError):
            flash(REFUSED)
        return redirect(url_for("orders.show", order=order), 303)

    @routes.get("/orders/<order>/told")
    def untold(order: str) -> str:
        case, found = _found(connector, order), by_hand.untold(connector, shop_here().id, order)
        now = connector.clock().astimezone(shop_here().settings.zone)
        values = {"case": case, "untold": found, "ways": _ways(found), "when": f"{now:{MINUTES}}"}
        return page(connector, "told.html", **values)

    @routes.post("/orders/<order>/told")
    def told(order: str) -> Response:
        shop, how = _found(connector, order).shop, request.form.get("how", "")
        try:
            if how not in WAYS:
                raise BadInput("how: is needed")
            if not _note().who:
                raise BadInput("who: is needed")
            by_hand.told(connector, shop.id, order, how, _when(shop.settings.zone), _note(), _text("offered"))
            flash("It has been recorded that the customer was told.")
        except BadInput:
            flash(NOT_TOLD)
            return redirect(url_for("duties.untold", order=order), 303)
        return redirect(url_for("orders.show", order=order), 303)

    return routes


def _ways(found: Untold | None) -> dict[str, str]:
    """How a customer may be told; not by word of mouth where the law wants it in writing."""
    written = found is not None and found.option is not None and found.in_writing
    return {name: words for name, words in WAYS.items() if not written or name in WRITTEN}


def _when(zone: ZoneInfo) -> datetime:
    """What was typed as the time, by the store's own clock; a time that comes twice a year is the first one."""
    try:
        return datetime.strptime(request.form.get("when", ""), MINUTES).replace(tzinfo=zone)
    except ValueError:
        raise BadInput("when: is needed") from None


def _one_of(name: str, allowed: tuple[str, ...], default: str) -> str:
    """A filter of the address; "all" is no filter, nonsense the default."""
    given = request.args.get(name, default)
    return "" if given == "all" else (given if given in allowed else default)


def _row(owed: Owed) -> Row:
    return Row(owed, DUTIES[owed.duty], of_duty(Regime(owed.regime), owed.duty)[0])


def _found(connector: Connector, order: str) -> Case:
    case = case_at(connector, shop_here().id, order)
    if case is None:
        abort(404)
    return case


def _note() -> Note:
    return Note(_text("who"), _text("note"))


def _text(name: str) -> str:
    """What was typed, on one line."""
    given = request.form.get(name, "")[:LONGEST]
    return " ".join("".join(sign if sign.isprintable() else " " for sign in given).split())
