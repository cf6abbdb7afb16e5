"""What the templates call the words by."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from flask import Flask
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from connector.domain.selling import told
from connector.domain.telling import promised
from connector.domain.wording import day, moment, named_few, one_in, place, units
from connector.web import words


@pass_context
def _moment(context: Context, when: datetime) -> Markup:
    """A time in the time zone of the page's store."""
    said = moment(when, context["shop"].settings.zone)
    return Markup('<time datetime="{}">{}</time>').format(when.isoformat(), said)


@pass_context
def _ago(context: Context, when: datetime) -> Markup:
    """How long ago, with the exact time for whoever points at it."""
    exact = moment(when, context["shop"].settings.zone)
    said = words.ago(when, context["now"])
    return Markup('<time datetime="{}" title="{}">{}</time>').format(when.isoformat(), exact, said)


FILTERS: dict[str, Callable[..., Any]] = {
    "ago": _ago,
    "capital": words.capital,
    "choice": partial(words.word, words.CHOICES),
    "counted": words.counted,
    "day": day,
    "every": words.every,
    "few": partial(named_few, most=10),
    "figure": words.figure,
    "listing_state": partial(words.word, words.LISTING_STATES),
    "masked": words.masked,
    "moment": _moment,
    "named": words.named,
    "notice_state": words.notice_state,
    "one_in": one_in,
    "order_state": partial(words.word, words.ORDER_STATES),
    "percent": words.percent,
    "place": place,
    "platform": partial(words.word, words.PLATFORMS),
    "problem": partial(words.word, words.PROBLEMS),
    "request": partial(words.word, words.REQUESTS),
    "ruled": told,
    "refund_state": partial(words.word, words.REFUND_STATES),
    "store_state": partial(words.word, words.STORE_STATES),
    "template": partial(words.word, words.TEMPLATES),
    "things": words.things,
    "told": promised,
    "units": units,
    "written": partial(words.word, words.WRITTEN),
}


def add_filters(app: Flask, command: str) -> None:
    """Make the words known to the templates; `command` is how the command line is called here."""
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.filters["typed"] = partial(words.typed, command)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
