"""Shopify's search syntax, as far as it is used here: terms that must all hold, each of which may be negated."""

import re
from collections.abc import Callable
from datetime import datetime

TERM = re.compile(r"\s*(?P<not>NOT\s+|-)?(?P<field>\w+):(?P<op>>=|<=|>|<)?(?:'(?P<quoted>[^']*)'|(?P<bare>[^\s']+))")
AND = re.compile(r"\s+(?:AND\s+)?")

Holds = Callable[[str, str, str], bool]


def matcher(query: str) -> Callable[[Holds], bool]:
    """Whether something is found; it is asked as `holds(field, comparison, value)` for every term.

    Anything else in the query is an error: Shopify would ignore it, and the search would find too much.
    """
    terms: list[tuple[bool, str, str, str]] = []
    at = 0
    while at < len(query):
        term = TERM.match(query, at)
        if term is None:
            raise ValueError(f"not understood in a search: {query[at:]!r}")
        value = term["quoted"] if term["quoted"] is not None else term["bare"]
        terms.append((bool(term["not"]), term["field"], term["op"] or "", value))
        between = AND.match(query, term.end())
        at = between.end() if between else term.end()
    return lambda holds: all(holds(field, op, value) is not negated for negated, field, op, value in terms)


def compares(moment: datetime, op: str, value: str) -> bool:
    """Whether a moment is before or after the one that is written in the query."""
    other = datetime.fromisoformat(value)
    outcomes = {
        "": moment == other,
        ">": moment > other,
        ">=": moment >= other,
        "<": moment < other,
        "<=": moment <= other,
    }
    return outcomes[op]
