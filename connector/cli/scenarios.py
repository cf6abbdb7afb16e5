"""Commands that show what would happen."""

import argparse
import sys
from pathlib import Path

from connector.cli.base import Build, Commands, add, print_json
from connector.domain.errors import BadInput
from connector.pipeline.connector import Config
from connector.pipeline.simulate import read_scenario, simulate
from connector.store.scratch import scratch


def add_commands(commands: Commands) -> None:
    """simulate."""
    command = add(commands, "simulate", run_simulate, "Run a scenario on a virtual clock; one JSON object a line.")
    command.add_argument("scenario", help="a JSON file, or - for standard input")


def run_simulate(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print what would have happened."""
    scenario = read_scenario(_read(args.scenario))
    connector = build(config)
    with scratch(connector.db) as database:
        lines = list(simulate(connector, database, scenario))
    for line in lines:
        print_json(line)


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}") from error
