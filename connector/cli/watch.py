"""`backorder watch`: what sells how fast, and what has to be ordered by when."""

import argparse
from dataclasses import asdict

from connector.cli.base import Build, Commands, add, print_json, table
from connector.domain.errors import BadInput
from connector.domain.wording import one_in
from connector.pipeline.connector import Config
from connector.pipeline.watch import watch
from connector.store import reports_watch, shops
from connector.store.reports_watch import Watched


def add_commands(commands: Commands) -> None:
    """watch."""
    command = add(commands, "watch", run_watch, "What is about to run out, and what to order by when.")
    command.add_argument("--store", required=True)
    command.add_argument("--json", action="store_true", help="one JSON object a line")


def run_watch(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Learn from the days since the last look, and print the list."""
    connector = build(config)
    with connector.db.begin() as tx:
        if not shops.get(tx, args.store).settings.watch:
            raise BadInput("watch: it is off for this store; switch it on by the setting watch")
    watch(connector, args.store)
    with connector.db.begin() as tx:
        rows = reports_watch.watched(tx, args.store)
    if args.json:
        for row in rows:
            print_json(asdict(row))
    elif rows:
        head = ("SKU", "free", "a day", "days of cover", "more by", "runs out before", "order by", "")
        print(table(head, [_row(row) for row in rows]))
    else:
        print("Nothing to watch yet: no product that counts its units has been ordered on a day that is over.")


def _row(row: Watched) -> tuple[str, ...]:
    cover = f"{row.cover:.0f}" if row.cover is not None else ""
    order_by = str(row.reorder_by) if row.reorder_by else "in over a year"
    chance = one_in(row.risk)
    return (
        row.sku or row.title,
        str(row.free),
        f"{row.rate:.2f}",
        cover,
        str(row.until),
        chance,
        order_by,
        "!" * row.warned,
    )
