"""What the commands share: their shape, and how they print."""

import argparse
import contextlib
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NoReturn

from connector.domain.errors import BadInput
from connector.domain.wording import in_json
from connector.pipeline.connector import Config, Connector

Build = Callable[[Config], Connector]
Commands = Any  # argparse has no public name for what add_subparsers returns
LONGEST_LINE = 400
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


class OneLine(argparse.ArgumentParser):
    """A parser, and one for each command below it, that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """Say it and where to read on; exit code 2."""
        self.exit(2, f"backorder: {one_line(message)}; see {self.prog} --help\n")


def one_line(text: str) -> str:
    """A text as it can stand in one line of a terminal, however long and odd what it quotes is."""
    printed = "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in " ".join(text.split()))
    return printed if len(printed) <= LONGEST_LINE else f"{printed[:LONGEST_LINE]} …"


def add(
    commands: Commands, name: str, run: Callable[..., int | None], text: str, *, configured: bool = True
) -> argparse.ArgumentParser:
    """One command with what it does; it gets configuration and connector, where it does not work without."""
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.set_defaults(run=run, configured=configured)
    return command


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    print(json.dumps(value, ensure_ascii=False, default=in_json))


def progress(text: str) -> None:
    """A line about long work, beside the data."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def in_file(name: str, what: str) -> Iterator[None]:
    """Has what is wrong with a file said by the name that it was given by (-: standard input), not as of a `what`."""
    try:
        yield
    except BadInput as error:
        place = "standard input" if name == "-" else name
        raise BadInput(f"{place}: {str(error).removeprefix(f'{what}: ')}") from error


def numbered(most: int) -> Callable[[str], int]:
    """Reads a whole number from 1, as an option's type."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,19}", text) or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {most}")
        return int(text)

    return read


def pairs(text: str) -> Mapping[str, str]:
    """`sku=SKU,quantity=Qty` as a mapping; BadInput for anything else."""
    found = dict(part.split("=", 1) for part in text.split(",") if "=" in part)
    if not found or len(found) != len(text.split(",")) or not all(found.values()):
        raise BadInput(f"--map {text!r}: must look like sku=SKU,quantity=Quantity,date=Date")
    return {name.strip(): column.strip() for name, column in found.items()}


def duration(text: str) -> timedelta:
    """`30s`, `15m`, `2h` or `1d`; BadInput for anything else or less than five seconds."""
    match = re.fullmatch(r"(\d{1,6})([smhd])", text)
    if match is None or int(match[1]) * UNITS[match[2]] < 5:
        raise BadInput(f"--every {text!r}: must be a time of at least 5 seconds such as 30s, 15m or 2h")
    return timedelta(seconds=int(match[1]) * UNITS[match[2]])


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table for a terminal: the first column to the left, the others to the right."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]
    return "\n".join(_columns(row, widths) for row in (head, *rows))


def _columns(row: Sequence[str], widths: Sequence[int]) -> str:
    sized = list(zip(row, widths, strict=True))
    first = sized[0][0].ljust(sized[0][1])
    return "  ".join((first, *(cell.rjust(width) for cell, width in sized[1:]))).rstrip()
