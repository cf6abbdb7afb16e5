"""`backorder config`: what the environment can say, for people and for the README."""

import argparse

from connector.cli.base import Commands, add, print_json
from connector.wiring import ENTRIES


def add_commands(commands: Commands) -> None:
    """config."""
    command = add(commands, "config", run_config, "The variables that configure this installation.", configured=False)
    shape = command.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="one JSON object a line")
    shape.add_argument("--markdown", action="store_true", help="the table of the README")


def run_config(args: argparse.Namespace) -> None:
    """Print name, default and meaning of every variable; never its value, which may be a secret."""
    if args.markdown:
        print(markdown())
        return
    for entry in ENTRIES:
        if args.json:
            print_json({"name": entry.name, "default": entry.default, "help": entry.help})
        else:
            print(f"{entry.name}\n    {entry.help}\n    default: {entry.default or '(empty)'}")


def markdown() -> str:
    """The table of all variables."""
    rows = (f"| `{entry.name}` | {_code(entry.default)} | {entry.help} |" for entry in ENTRIES)
    return "\n".join(("| variable | default | meaning |", "| --- | --- | --- |", *rows))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""
