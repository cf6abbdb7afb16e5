"""Commands about one customer's data: what is held of them, and taking it out."""

import argparse
from dataclasses import asdict

from connector.cli.base import Build, Commands, add, print_json
from connector.domain.wording import counted
from connector.pipeline.connector import Config
from connector.pipeline.erase import erase, export, whose


def add_commands(commands: Commands) -> None:
    """customer export, customer erase."""
    customer = commands.add_parser("customer", help="What is held of a customer: hand it out, or erase it.")
    group = customer.add_subparsers(required=True, metavar="COMMAND")
    held = add(group, "export", run_export, "All that is held of a customer, as one JSON object.")
    _about(held)
    held.add_argument("--json", action="store_true", help="print JSON, as it does anyway")
    gone = add(group, "erase", run_erase, "Erase what is held of a customer, for good; orders stay, without a name.")
    _about(gone)
    gone.add_argument("--json", action="store_true", help="print JSON")


def _about(command: argparse.ArgumentParser) -> None:
    command.add_argument("--store", required=True)
    command.add_argument("--email", default="", help="the customer's e-mail address")
    command.add_argument(
        "--order", action="append", default=[], help="id of an order of the customer; may be repeated"
    )


def run_export(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print what is held."""
    print_json(export(build(config), args.store, whose(args.email, args.order)))


def run_erase(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Erase it."""
    done = erase(build(config), args.store, whose(args.email, args.order))
    if args.json:
        print_json(asdict(done))
        return
    found = (counted(done.orders, "order"), counted(done.messages, "message"))
    print(f"Erased: {', '.join(found)}, {counted(done.deliveries, 'delivery', 'deliveries')} not read yet")
