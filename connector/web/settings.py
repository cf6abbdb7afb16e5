"""Settings: a form that is made from their table, so that a new entry is on it by itself."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from connector.domain.entries import Setting
from connector.domain.errors import BadInput
from connector.domain.settings import SETTINGS
from connector.pipeline.connector import Connector
from connector.store import reports_products, shops
from connector.store.engine import wait_for_store
from connector.web.groups import groups_of
from connector.web.session import behind_login, page, shop_here

SAVED = (
    "Saved. Promises and listings follow within seconds; a date that customers were told moves only where it cannot"
    " be kept or gets better by at least {} days."
)


@dataclass(frozen=True, slots=True)
class Field:
    """A setting in the form: `kind` is "choice", "flag", "number" or "text"; `typed` what its control shows."""

    setting: Setting
    label: str
    kind: str
    typed: str
    error: str = ""


def blueprint(connector: Connector) -> Blueprint:
    """/settings, to look at and to save."""
    routes = behind_login("settings")

    @routes.get("/settings")
    def show() -> str:
        now = shop_here().settings
        return _form(connector, {entry.name: _text(getattr(now, entry.name)) for entry in SETTINGS}, {})

    @routes.post("/settings")
    def save() -> Response | tuple[str, int]:
        typed = {entry.name: _typed(entry) for entry in SETTINGS}
        errors = _errors(typed) or _save(connector, shop_here().id, typed)
        if errors:
            return _form(connector, typed, errors), 422
        flash(SAVED.format(shop_here().settings.improve_days))
        return redirect(url_for("settings.show"), 303)

    return routes


def _form(connector: Connector, typed: dict[str, str], errors: dict[str, str]) -> str:
    table = {entry.name: entry for entry in SETTINGS}
    groups = [
        (group, [_field(table[name], label, typed, errors) for name, label in group.labels.items()])
        for group in groups_of(table)
    ]
    wrong = [field for _, fields in groups for field in fields if field.error]
    other = [text for name, text in errors.items() if name not in typed]
    return page(connector, "settings.html", groups=groups, wrong=wrong, other=other)


def _field(entry: Setting, label: str, typed: dict[str, str], errors: dict[str, str]) -> Field:
    return Field(entry, label, _kind(entry), typed[entry.name], errors.get(entry.name, ""))


def _kind(entry: Setting) -> str:
    if entry.choices:
        return "choice"
    if isinstance(entry.default, bool):
        return "flag"
    return "number" if isinstance(entry.default, int) else "text"


def _text(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _typed(entry: Setting) -> str:
    """What the form says; a box that is not ticked is not in the form at all."""
    if _kind(entry) == "flag":
        return "yes" if entry.name in request.form else "no"
    return request.form.get(entry.name, "")


def _errors(typed: dict[str, str]) -> dict[str, str]:
    """All that is wrong, by entry: whoever fills in a form wants to know everything at once."""
    errors = {}
    for entry in SETTINGS:
        try:
            entry.parse(typed[entry.name])
        except ValueError as error:
            errors[entry.name] = str(error)
    return errors


def _save(connector: Connector, store: str, typed: dict[str, str]) -> dict[str, str]:
    """Keep the settings and have all planned anew that they could change; what is wrong with them together."""
    values = {entry.name: entry.parse(typed[entry.name]) for entry in SETTINGS}
    try:
        with connector.db.begin() as tx:
            wait_for_store(tx, store)
            before = shops.get(tx, store).settings
            after = shops.change_settings(tx, store, values)
            changed = [entry for entry in SETTINGS if getattr(before, entry.name) != getattr(after, entry.name)]
            if changed:
                reports_products.plan_again(tx, store, connector.clock(), dates=any(entry.dates for entry in changed))
    except BadInput as error:
        place, _, text = str(error).partition(": ")
        return {place.removeprefix("settings."): text or place}
    return {}
