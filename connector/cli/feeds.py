"""Commands about suppliers' feeds."""

import argparse
from dataclasses import asdict
from pathlib import Path

from connector.cli.base import Build, Commands, add, duration, numbered, one_line, pairs, print_json, progress, table
from connector.domain.blast import FallsDue
from connector.domain.errors import BadInput
from connector.domain.wording import counted, place
from connector.pipeline.connector import Config
from connector.pipeline.feeds import add_feed
from connector.pipeline.plan import plan
from connector.pipeline.preview import preview
from connector.pipeline.restock import Polled, poll, take_back
from connector.store import feeds, reports_feeds, shops

LARGEST_ID = 2**63 - 1
FIELDS = ("sku", "quantity", "date", "reference", "location", "date_format")
SHOWN = 50


def add_commands(commands: Commands) -> None:
    """feed add, feed list, feed poll, feed accept, feed undo, preview."""
    feed = commands.add_parser("feed", help="Suppliers' restock feeds.")
    group = feed.add_subparsers(required=True, metavar="COMMAND")
    new = add(group, "add", run_add, "Add a supplier's feed and read it once.")
    new.add_argument("--store", required=True)
    new.add_argument("--url", required=True)
    new.add_argument("--format", default="csv")
    new.add_argument("--map", required=True, help="our field=their column: sku=…,quantity=…,date=…,reference=…")
    new.add_argument("--every", default="15m", help="how often to look: 30s, 15m, 2h")
    new.add_argument("--supplier", help="name of the supplier; default: the host of the address")
    new.add_argument("--move", action="store_true", help="give the supplier's feed this address instead of its own")
    new.add_argument("--json", action="store_true", help="print JSON")
    listing = add(group, "list", run_list, "The feeds of a store.")
    listing.add_argument("--store", required=True)
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    look = add(commands, "preview", run_preview, "What a supplier's file would do to orders, notices and money.")
    look.add_argument("--feed", required=True, type=numbered(LARGEST_ID))
    look.add_argument("file", help="a file such as the feed's address brings")
    look.add_argument("--json", action="store_true", help="print JSON")
    now = add(group, "poll", run_poll, "Look at a feed now.")
    now.add_argument("--feed", required=True, type=numbered(LARGEST_ID))
    now.add_argument("--json", action="store_true", help="print JSON")
    trust = add(group, "accept", run_accept, "Use the file of a feed that was held back, and look at it now.")
    trust.add_argument("--feed", required=True, type=numbered(LARGEST_ID))
    trust.add_argument("--json", action="store_true", help="print JSON")
    undo = add(group, "undo", run_undo, "Take back what the last file of a feed has changed; it is not used again.")
    undo.add_argument("--feed", required=True, type=numbered(LARGEST_ID))
    undo.add_argument("--json", action="store_true", help="print JSON")


def run_add(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Add a feed."""
    mapping = pairs(args.map)
    for name in mapping:
        if name not in FIELDS:
            raise BadInput(f"--map: there is no field {name}; there are {', '.join(FIELDS)}")
    if not {"sku", "quantity"} <= mapping.keys():
        raise BadInput("--map: sku and quantity are needed")
    connector = build(config)
    if args.format not in connector.formats:
        raise BadInput(f"--format: must be one of {', '.join(sorted(connector.formats))}")
    new = feeds.NewFeed(args.supplier or "", args.url, args.format, mapping, duration(args.every))
    with connector.db.begin() as tx:
        shop = shops.get(tx, args.store)
    feed = add_feed(connector, shop.id, new, move=args.move)
    polled = poll(connector, feed.id)
    plan(connector, shop.id)
    _print(args, feed.id, polled)


def run_list(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print a store's feeds."""
    connector = build(config)
    with connector.db.begin() as tx:
        every = feeds.of_store(tx, shops.get(tx, args.store).id)
    for feed in every:
        if args.json:
            shown = {name: getattr(feed, name) for name in ("id", "supplier", "format", "failures", "problem")}
            print_json(shown | {"url": place(feed.url)})
        else:
            print(f"{feed.id}  {feed.supplier}  {place(feed.url)}  {feed.problem or 'well'}")


def run_poll(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Look at a feed now."""
    connector = build(config)
    with connector.db.begin() as tx:
        feed = feeds.get(tx, args.feed)
    polled = poll(connector, feed.id)
    plan(connector, feed.store)
    _print(args, feed.id, polled)


def run_accept(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Have a file used that was held back."""
    connector = build(config)
    with connector.db.begin() as tx:
        feed = feeds.get(tx, args.feed)
        trusted = reports_feeds.use_anyway(tx, feed.store, feed.id, connector.clock())
    if trusted is None or not trusted.held:
        raise BadInput(f"feed {feed.id}: nothing is held back")
    run_poll(args, config, lambda _: connector)


def run_undo(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Take back a feed's last file."""
    connector = build(config)
    changed = take_back(connector, args.feed)
    with connector.db.begin() as tx:
        store = feeds.get(tx, args.feed).store
    plan(connector, store)
    if args.json:
        print_json({"feed": args.feed, "changed": changed})
        return
    print(f"feed {args.feed}: {counted(changed, 'SKU is as it was', 'SKUs are as they were')} before its last file")


def run_preview(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print what a file would do; nothing is changed."""
    try:
        body = Path(args.file).read_bytes()
    except OSError as error:
        raise BadInput(f"{args.file}: {error.strerror}") from error
    connector = build(config)
    blast = preview(connector, args.feed, body)
    if args.json:
        print_json(asdict(blast))
        return
    print(blast.words())
    for remark in blast.strange:
        progress(one_line(remark))
    if blast.falls_due:
        head = ("order", "notice", "due", "date offered", "silence means", "answer by")
        print(table(head, [_due_row(due) for due in blast.falls_due[:SHOWN]]))
    if len(blast.falls_due) > SHOWN:
        print(f"and {len(blast.falls_due) - SHOWN} more notices; --json has them all")


def _due_row(one: FallsDue) -> tuple[str, ...]:
    due, eta, by = (str(when) if when else "" for when in (one.due, one.eta, one.answer_by))
    return (one.order, one.template, due, eta or "no date", one.silence_means or "", by)


def _print(args: argparse.Namespace, feed: int, polled: Polled) -> None:
    if args.json:
        print_json({"feed": feed, "changed": polled.changed, "rejected": polled.rejected, "problem": polled.problem})
    elif polled.problem:
        print(f"feed {feed}: not used: {polled.problem}")
    else:
        left = f"{counted(polled.rejected, 'row')} cannot be used"
        print(f"feed {feed}: {counted(polled.changed, 'SKU')} changed, {left}")
