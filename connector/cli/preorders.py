"""`backorder shopify-plan`: products offered for pre-order, to be paid when the goods are there."""

import argparse
from dataclasses import asdict
from datetime import date

from connector.cli.base import Build, Commands, add, print_json
from connector.domain.errors import BadInput
from connector.domain.wording import counted
from connector.pipeline.connector import Config
from connector.pipeline.preorders import offer
from connector.ports import PreOrder

LONGEST_NAME = 100


def add_commands(commands: Commands) -> None:
    """shopify-plan."""
    text = "Offer products of a Shopify store for pre-order: a deposit now, the balance once the goods are there."
    command = add(commands, "shopify-plan", run_plan, text)
    command.add_argument("store", metavar="STORE")
    command.add_argument("--sku", action="append", required=True, help="what is offered; may be repeated")
    command.add_argument("--deposit", default="0", help="percent that is paid at once, 0 to 99 (0)")
    command.add_argument("--ships-on", default="", help="the day from which it ships, such as 2027-02-01 (unknown)")
    command.add_argument("--name", default="Pre-order", help="what buyers read (Pre-order)")
    command.add_argument("--json", action="store_true", help="print JSON")


def run_plan(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Have it offered, and say what came of it; BadInput for terms that make no plan."""
    connector = build(config)
    plan = PreOrder(_name(args.name), _percent(args.deposit), _day(args.ships_on, connector.clock().date()))
    done = offer(connector, args.store, plan, args.sku)
    if args.json:
        print_json(asdict(done))
        return
    made = "A new plan" if done.new else "The plan that has these terms"
    print(f"{made} offers {counted(done.items, 'product')} for pre-order. Companies (B2B) are not offered it.")


def _name(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_NAME or not text.isprintable():
        raise BadInput(f"--name: must be a line of 1 to {LONGEST_NAME} signs")
    return text.strip()


def _percent(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 2:
        raise BadInput(f"--deposit {text!r}: must be a whole number from 0 to 99; paid in full it is no pre-order")
    return int(text)


def _day(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"--ships-on {text!r}: must be a day such as 2027-02-01") from None
    if day is not None and day <= today:
        raise BadInput(f"--ships-on {text}: must be a day to come")
    return day
