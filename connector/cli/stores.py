"""Commands about stores: connect, list, read again, log in."""

import argparse
from dataclasses import asdict

from connector.cli.base import Build, Commands, add, numbered, print_json, progress
from connector.domain.errors import BadInput
from connector.domain.wording import counted
from connector.pipeline import checkup
from connector.pipeline.clocks import trust
from connector.pipeline.connect import connect
from connector.pipeline.connector import Config
from connector.pipeline.plan import plan
from connector.pipeline.reconcile import reconcile
from connector.pipeline.remove import remove
from connector.store import logins, shops

STATES = {True: "in order", False: "NOT in order", None: "not known yet"}


def add_commands(commands: Commands) -> None:
    """store add, store list, store reconcile, store remove, store trust-clock, login."""
    store = commands.add_parser("store", help="Connect stores and see to them.")
    group = store.add_subparsers(required=True, metavar="COMMAND")
    new = add(group, "add", run_add, "Connect a store: prove the credentials, read it in, register webhooks.")
    new.add_argument("--platform", required=True, help="woocommerce or shopify")
    for name, text in (
        ("--url", "WooCommerce: address of the store"),
        ("--key", "WooCommerce: consumer key"),
        ("--secret", "WooCommerce: consumer secret"),
        ("--shop", "Shopify: NAME.myshopify.com"),
        ("--token", "Shopify: access token"),
        ("--api-secret", "Shopify: API secret of the app, which signs its webhooks; default: SHOPIFY_API_SECRET"),
    ):
        new.add_argument(name, help=text)
    new.add_argument("--json", action="store_true", help="no progress, only the result")
    listing = add(group, "list", run_list, "The connected stores.")
    listing.add_argument("--json", action="store_true", help="one JSON object a line")
    again = add(group, "reconcile", run_reconcile, "Read again what changed in a store, and see to its webhooks.")
    again.add_argument("--store", required=True)
    again.add_argument("--json", action="store_true", help="print JSON")
    look = add(group, "check", run_check, "Look a connection over: rights, webhooks, and whether one really comes.")
    look.add_argument("--store", required=True)
    look.add_argument("--wait", type=numbered(3600), default=90, help="seconds to wait for the webhook; default: 90")
    look.add_argument("--json", action="store_true", help="print JSON")
    leave = add(group, "remove", run_remove, "Let a store go: restore its listings, delete our webhooks in it.")
    leave.add_argument("--store", required=True)
    leave.add_argument(
        "--abandon", action="store_true", help="do not speak to the store any more; what is in it stays there"
    )
    leave.add_argument("--json", action="store_true", help="print JSON")
    clock = add(group, "trust-clock", run_trust, "Go on though this host's clock has gone back behind the last plan.")
    clock.add_argument("--store", required=True)
    clock.add_argument("--json", action="store_true", help="print JSON")
    login = add(commands, "login", run_login, "Print a link that opens the desk; it works once, for 15 minutes.")
    login.add_argument("--store", help="needed where there is more than one store")
    login.add_argument("--json", action="store_true", help="print JSON")


def run_add(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Connect a store."""
    names = ("url", "key", "secret", "shop", "token", "api_secret")
    options = {name: getattr(args, name) for name in names if getattr(args, name)}

    def tell(stage: str, count: int, total: int | None) -> None:
        if not args.json:
            progress(f"{stage}: {count}" + (f" of {total}" if total is not None else ""))

    done = connect(build(config), args.platform, options, tell)
    print_json(
        {
            "store": done.store,
            "webhooks": [{"id": one.id, "topic": one.topic} for one in done.webhooks],
            "products": done.products,
            "orders": done.orders,
        }
    )


def run_list(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print the stores."""
    connector = build(config)
    with connector.db.begin() as tx:
        every = shops.every(tx)
    for shop in every:
        if args.json:
            names = ("id", "platform", "address", "name", "status", "connected_at", "reconciled_at")
            print_json({name: getattr(shop, name) for name in names})
        else:
            print(f"{shop.id}  {shop.platform:12} {shop.status:8} {shop.address}  {shop.name}")
    if not every and not args.json:
        print("No store is connected yet: backorder store add --help")


def run_reconcile(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Read a store again."""
    facts = reconcile(build(config), args.store)
    if args.json:
        print_json({"store": args.store, "facts": facts})
    else:
        print(f"{counted(facts, 'fact')} read")


def run_check(args: argparse.Namespace, config: Config, build: Build) -> int:
    """Check a connection; exit code 1 where something is not in order, or no webhook came."""
    connector = build(config)
    report = checkup.check(connector, args.store)
    if report.is_open:
        progress(f"waiting up to {counted(args.wait, 'second')} for the webhook that the store was made to send")
    report = checkup.wait(connector, args.store, report, args.wait)
    if args.json:
        print_json({"store": args.store, "checked_at": report.at, "points": [asdict(one) for one in report.verdicts]})
    else:
        for one in report.verdicts:
            print(f"{STATES[one.good]:14} {one.point}: {one.words}")
    return 1 if report.is_bad or report.is_open else 0


def run_remove(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Let a store go."""
    done = remove(build(config), args.store, abandon=args.abandon)
    if args.json:
        print_json(asdict(done))
        return
    did = (f"{counted(done.listings, 'listing')} restored", f"{counted(done.webhooks, 'webhook')} deleted")
    print(f"{', '.join(did)}, {counted(done.unsent, 'letter')} not sent")
    if done.policies:
        print(f"{counted(done.policies, 'product')} sold beyond stock, or not, as before")
    if done.released:
        print(f"nothing held back any more of {counted(done.released, 'order')}")
    if done.orders:
        print(f"{counted(done.orders, 'order')} without how the lines stand and the customer's link")
    for one in done.refused:
        print(f"product {one.item}: {one.error}")
    for one in done.shown:
        print(f"order {one.item} still shows how its lines stand: {one.error}")
    for one in done.held:
        print(f"order {one.item}, still held back: {one.error}")


def run_trust(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Go on from now."""
    connector = build(config)
    at = trust(connector, args.store)
    plan(connector, args.store)
    if args.json:
        print_json({"store": args.store, "at": at})
    else:
        print(f"the clock is right at {at:%Y-%m-%d %H:%M} UTC: planned from there")


def run_login(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Print a login link."""
    connector = build(config)
    with connector.db.begin() as tx:
        every = shops.every(tx)
        store = args.store or (every[0].id if len(every) == 1 else None)
        if store is None:
            raise BadInput("login: connect a store first" if not every else "login: say which store with --store")
        token = logins.issue(tx, shops.get(tx, store).id, connector.clock())
    link = f"{config.url}/login/{token}"
    if args.json:
        print_json({"store": store, "link": link})
    else:
        print(link)
