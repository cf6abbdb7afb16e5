"""A supplier's restock list, served as a file and edited in a form."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as Redirect

COLUMNS = ("sku", "quantity", "date", "reference")
EMPTY_ROWS = 3


def rows(file: Path) -> list[dict[str, str]]:
    """The rows of the list; a column that is missing is empty."""
    with file.open(newline="", encoding="utf-8") as lines:
        return [{column: row.get(column) or "" for column in COLUMNS} for row in csv.DictReader(lines)]


def save(file: Path, wanted: list[dict[str, str]]) -> None:
    """Replace the list at once, so that nobody reads half of it."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(wanted)
    part = file.with_suffix(".part")
    part.write_text(text.getvalue(), encoding="utf-8", newline="")
    part.replace(file)


def routes(file: Path) -> Blueprint:
    """/supplier/ with the form and /supplier/restock.csv with ETag and Last-Modified."""
    part = Blueprint("supplier", __name__, url_prefix="/supplier", template_folder="templates")

    @part.get("/")
    def edit() -> str:
        empty = dict.fromkeys(COLUMNS, "")
        return render_template("supplier.html", rows=[*rows(file), *[empty] * EMPTY_ROWS], problem="")

    @part.post("/")
    def save_rows() -> Redirect | tuple[str, int]:
        columns = [request.form.getlist(column) for column in COLUMNS]
        given = [dict(zip(COLUMNS, map(str.strip, row), strict=True)) for row in zip(*columns, strict=False)]
        filled = [row for row in given if row["sku"]]
        problem = next((fault for fault in map(_fault, filled) if fault), "")
        if problem:
            return render_template("supplier.html", rows=given, problem=problem), 400
        save(file, filled)
        return redirect(url_for("supplier.edit"))

    @part.get("/restock.csv")
    def restock() -> Response:
        return send_file(file.resolve(), mimetype="text/csv", conditional=True, etag=True, max_age=0)

    return part


def _fault(row: dict[str, str]) -> str:
    if not row["quantity"].isdecimal():
        return f"{row['sku']}: the quantity is a whole number."
    if row["date"] and not _is_date(row["date"]):
        return f"{row['sku']}: the date is written like 2026-12-01, or left empty."
    return ""


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
