"""`backorder policy-page`: what a store's customers may read about backorders."""

import argparse
from dataclasses import asdict

from connector.cli.base import Build, Commands, add, print_json
from connector.pipeline.connector import Config
from connector.pipeline.policy_page import draft, publish
from connector.store import shops


def add_commands(commands: Commands) -> None:
    """policy-page."""
    text = "Print a page about backorders as the store's settings have it, or write it into the store (Shopify)."
    command = add(commands, "policy-page", run_policy_page, text)
    command.add_argument("--store", required=True)
    command.add_argument("--publish", action="store_true", help="write it into the store")
    command.add_argument("--replace", action="store_true", help="also over what others have written there")
    command.add_argument("--json", action="store_true", help="print JSON")


def run_policy_page(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print its HTML, or where it is."""
    connector = build(config)
    if args.publish:
        written = publish(connector, args.store, replace=args.replace)
        if args.json:
            print_json({"id": written.id, "url": written.url})
        else:
            print(written.url)
        return
    with connector.db.begin() as tx:
        shop = shops.get(tx, args.store)
    made = draft(connector, shop)
    if args.json:
        print_json(asdict(made))
    else:
        print(f"<h1>{made.title}</h1>\n{made.html}")
