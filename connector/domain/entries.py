"""The entries of a table of settings, as fields of a dataclass: each with its default, its reader and its words."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Setting:
    """One entry: `parse` turns form or JSON text into the value and raises ValueError with words.

    `dates`: what it is set to decides which dates are promised.
    """

    name: str
    default: Any
    parse: Callable[[str], Any]
    help: str
    choices: tuple[str, ...] = ()
    dates: bool = False


def entry(
    default: Any, parse: Callable[[str], Any], text: str, choices: tuple[str, ...] = (), dates: bool = False
) -> Any:
    """A field of such a dataclass."""
    return field(default=default, metadata={"parse": parse, "help": text, "choices": choices, "dates": dates})


def entries_of(table: type) -> tuple[Setting, ...]:
    """The entries of a dataclass whose fields are all made by `entry`."""
    return tuple(Setting(one.name, one.default, **one.metadata) for one in fields(table))


def as_text(value: Any) -> str:
    """A value as a form has it; ValueError for what is no single value."""
    if not isinstance(value, str | int | float):
        raise ValueError("must be a text, a number, true or false")
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)
