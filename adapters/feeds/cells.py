"""What a cell of a supplier's file says: a number of units, or a date; refused where it could mean two things."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import Enum

MOST_UNITS = 1_000_000_000
YEARS = range(2000, 2101)
SHOWN = 40
NO_DATE = frozenset({"", "-", "--", "n/a", "na", "none", "null", "tba", "tbc", "tbd", "unknown", "?"})

WHOLE = re.compile(r"\+?([0-9]+)(?:[.,]0{1,2})?")
# Groups of three that cannot be decimals: more than one comma or dot, both of them, a space or an apostrophe.
GROUPED = (
    re.compile(r"([0-9]{1,3}(?:[ \u00a0\u202f\u2009'’][0-9]{3})+)(?:[.,]0{1,2})?"),
    re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+)\.0+"),
    re.compile(r"([0-9]{1,3}(?:\.[0-9]{3})+),0+"),
    re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){2,})"),
    re.compile(r"([0-9]{1,3}(?:\.[0-9]{3}){2,})"),
)
TWO_WAYS = re.compile(r"[0-9]{1,3}[.,][0-9]{3}")
NEGATIVE = re.compile(r"[-−–(].*[0-9].*|.*[0-9]-")
DECIMAL = re.compile(r"[0-9]+[.,][0-9]+")

YEAR_FIRST = re.compile(r"([0-9]{4})([-/.]?)([0-9]{2})\2([0-9]{2})(?:[T ][0-9:.,+Z -]*)?")
DAY_FIRST = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})(?: [0-9:.]*)?")
EITHER_FIRST = re.compile(r"([0-9]{1,2})([/-])([0-9]{1,2})\2([0-9]{4})(?: [0-9:. APM]*)?")


class Puzzle(ValueError):
    """A cell that cannot be used; the text is for the merchant."""


class NoUnits(Puzzle):
    """A quantity that can be read, and says that nothing is coming."""


class DateOrder(Enum):
    """Which part of 03/04/2026 is the day, as far as the whole column shows it."""

    UNKNOWN = "unknown"
    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


def quantity_in(cell: str) -> int:
    """The units in a cell, above zero; Puzzle where there are none or where it could be read in two ways."""
    text = cell.strip()
    if not text:
        raise Puzzle("There is no quantity")
    if NEGATIVE.fullmatch(text):
        raise Puzzle(f"The quantity {_shown(text)} is below zero")
    if TWO_WAYS.fullmatch(text):
        raise Puzzle(f"The quantity {_shown(text)} can be read in two ways; write it without separators")
    digits = _digits(text)
    if digits is None:
        raise Puzzle(f"The quantity {_shown(text)} is not a whole number")
    units = int(digits) if len(digits) <= len(str(MOST_UNITS)) else MOST_UNITS + 1
    if units > MOST_UNITS:
        raise Puzzle(f"The quantity {_shown(text)} is too large to be true")
    if units == 0:
        raise NoUnits("The quantity is zero: nothing is coming")
    return units


def _digits(text: str) -> str | None:
    found = next((match for form in (WHOLE, *GROUPED) if (match := form.fullmatch(text))), None)
    return re.sub("[^0-9]", "", found[1]).lstrip("0") or "0" if found else None


def date_order(cells: Iterable[str]) -> DateOrder:
    """What a column of dates shows: a part above 12 is a day. UNKNOWN where no cell or both show."""
    seen = set()
    for cell in cells:
        match = EITHER_FIRST.fullmatch(cell.strip())
        if match and int(match[1]) > 12:
            seen.add(DateOrder.DAY_FIRST)
        elif match and int(match[3]) > 12:
            seen.add(DateOrder.MONTH_FIRST)
    return seen.pop() if len(seen) == 1 else DateOrder.UNKNOWN


def date_in(cell: str, order: DateOrder) -> date | None:
    """The date in a cell, None where it says that there is none; Puzzle where it could be two dates, or is none."""
    text = cell.strip()
    if text.lower() in NO_DATE:
        return None
    if match := YEAR_FIRST.fullmatch(text):
        return _date(text, match[1], match[3], match[4])
    if match := DAY_FIRST.fullmatch(text):
        return _date(text, match[3], match[2], match[1])
    if match := EITHER_FIRST.fullmatch(text):
        return _either(text, match[1], match[3], match[4], order)
    raise Puzzle(f"{_shown(text)} is not a date that we can read; write it as 2026-04-30")


def date_by_format(cell: str, form: str) -> date | None:
    """The date in a cell by a strptime format, None where it says "none"; Puzzle where it does not fit."""
    text = cell.strip()
    if text.lower() in NO_DATE:
        return None
    try:
        found = datetime.strptime(text, form).replace(tzinfo=UTC).date()
    except ValueError:
        raise Puzzle(f"{_shown(text)} is not a date of the form {_shown(form)}") from None
    return _plausible(text, found)


def _either(text: str, first: str, second: str, year: str, order: DateOrder) -> date:
    if first == second or int(first) > 12:
        return _date(text, year, second, first)
    if int(second) > 12:
        return _date(text, year, first, second)
    if order is DateOrder.UNKNOWN:
        raise Puzzle(f"{_shown(text)} can be two dates; write the year first, as in 2026-04-30")
    month, day = (second, first) if order is DateOrder.DAY_FIRST else (first, second)
    return _date(text, year, month, day)


def _date(text: str, year: str, month: str, day: str) -> date:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        raise Puzzle(f"{_shown(text)} is not a date in the calendar") from None
    return _plausible(text, found)


def _plausible(text: str, found: date) -> date:
    if found.year not in YEARS:
        raise Puzzle(f"The year of {_shown(text)} cannot be right")
    return found


def _shown(text: str) -> str:
    return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"
