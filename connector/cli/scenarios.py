"""Commands that show what would happen."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path

import msgspec

from connector.cli.base import Build, Commands, add, in_file, one_line, print_json, progress, table
from connector.domain.errors import BadInput
from connector.domain.strategies import KEYS
from connector.pipeline.connector import Config
from connector.pipeline.simulate import Scenario, read_scenario, simulate, strange
from connector.pipeline.simulate.compare import Outcome, outcome
from connector.store.scratch import scratch

BETWEEN_WORDS = 250  # instants, some seconds of work


def add_commands(commands: Commands) -> None:
    """simulate, compare."""
    command = add(commands, "simulate", run_simulate, "Run a scenario on a virtual clock; one JSON object a line.")
    command.add_argument("scenario", help="a JSON file, or - for standard input")
    command.add_argument("--json", action="store_true", help="print JSON, as it does anyway")
    other = add(commands, "compare", run_compare, "Run a scenario under several rules of who comes first.")
    other.add_argument("scenario", help="a JSON file, or - for standard input")
    other.add_argument("--fill-order", required=True, help=f"rules apart by commas: {', '.join(KEYS)}")
    other.add_argument("--json", action="store_true", help="print JSON")


def run_simulate(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print what would have happened."""
    scenario = _scenario(args.scenario)
    connector = build(config)
    with scratch(connector.db) as database, in_file(args.scenario, "scenario"):
        lines = list(simulate(connector, database, scenario, _telling("simulated")))
        remarks = tuple(strange(scenario, database))
    for remark in remarks:
        progress(f"backorder: {one_line(remark)}")
    for line in lines:
        print_json(line)


def run_compare(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print what each rule would have come to."""
    scenario = _scenario(args.scenario)
    rules = [part.strip() for part in args.fill_order.split(",")]
    for rule in rules:
        if rule not in KEYS:
            raise BadInput(f"--fill-order: {rule!r} is not one of {', '.join(KEYS)}")
    connector = build(config)
    found = {}
    for rule in rules:
        ruled = msgspec.structs.replace(scenario, settings=replace(scenario.settings, fill_order=rule))
        with scratch(connector.db) as database, in_file(args.scenario, "scenario"):
            found[rule] = outcome(ruled, simulate(connector, database, ruled, _telling(rule)))
    if args.json:
        print_json({rule: asdict(one) for rule, one in found.items()})
    else:
        head = ("rule", "mean days late", "worst", "orders completed", "notices", "obligations breached")
        print(table(head, [_row(rule, one) for rule, one in found.items()]))


def _telling(what: str) -> Callable[[datetime], None]:
    """Says now and then how far a simulation has got."""
    count = 0

    def passed(at: datetime) -> None:
        nonlocal count
        count += 1
        if count % BETWEEN_WORDS == 0:
            progress(f"{what}: up to {at:%Y-%m-%d}")

    return passed


def _row(rule: str, one: Outcome) -> tuple[str, ...]:
    counts = (one.worst_days_late, one.orders_completed, one.notices, one.obligations_breached)
    return (rule, f"{one.mean_days_late:.1f}", *(str(count) for count in counts))


def _scenario(name: str) -> Scenario:
    text = _read(name)
    with in_file(name, "scenario"):
        return read_scenario(text)


def _read(name: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}") from error
