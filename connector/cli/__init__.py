"""The command line: `backorder …`."""

import argparse
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial

import structlog

from connector.cli import (
    configuration,
    customers,
    demo,
    feeds,
    histories,
    policy_pages,
    practice,
    preorders,
    processes,
    proofs,
    scenarios,
    shopify_app,
    stores,
    watch,
)
from connector.cli.base import OneLine, one_line
from connector.domain.errors import BadInput, ConnectorError, NeedsMerchant, Terminal
from connector.pipeline.connector import Config, Connector
from connector.wiring import build, read_config, set_up_logging

PARTS = (
    processes,
    configuration,
    stores,
    shopify_app,
    preorders,
    customers,
    feeds,
    scenarios,
    histories,
    proofs,
    watch,
    policy_pages,
    practice,
    demo,
)
FAILED = 1
PLAYS = (scenarios.run_simulate, scenarios.run_compare, demo.run_demo)
ALONE = {"BACKORDER_ENV": "development"}  # what plays on this machine only needs no secret
BAD_INPUT = 2


def parser() -> argparse.ArgumentParser:
    """All commands."""
    top = OneLine(prog="backorder", description="Backorders: dates that are kept, customers who know.")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for part in PARTS:
        part.add_commands(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; exit code 2 for what has to be given differently, 1 for what failed, with one line why."""
    args = parser().parse_args(argv)
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # interrupted, it says what it could not take back
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what was begun is put away, as after Ctrl-C
    try:
        if not args.configured:
            return int(args.run(args) or 0)
        config = read_config({**ALONE, **os.environ} if args.run in PLAYS else os.environ)
        set_up_logging(config.env)
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # standard output is for data
        with contextlib.ExitStack() as opened:
            return int(args.run(args, config, partial(connector_of, opened)) or 0)
    except ConnectorError as error:
        print(f"backorder: {one_line(str(error))}", file=sys.stderr)
        return BAD_INPUT if isinstance(error, BadInput | NeedsMerchant | Terminal) else FAILED
    except BrokenPipeError:
        sys.stderr.close()
        return FAILED
    except KeyboardInterrupt:
        return FAILED


def connector_of(opened: contextlib.ExitStack, config: Config) -> Connector:
    """The connector on a migrated database, to be closed with what else was opened."""
    connector = build(config, lambda: datetime.now(UTC))
    opened.callback(connector.db.close)
    connector.db.migrate()
    opened.callback(connector.calls.write_down, connector.db)
    return connector
