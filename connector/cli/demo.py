"""`backorder demo`: the whole product beside a practice store, on this machine, without any account."""

import argparse
import contextlib
import dataclasses
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from connector.cli.base import Build, Commands, add, numbered, progress
from connector.cli.processes import end, is_free, spawn, start, wait
from connector.domain.errors import BadInput, ConnectorError, Retryable
from connector.pipeline.connect import connect
from connector.pipeline.connector import Config, Connector
from connector.pipeline.plan import plan
from connector.pipeline.restock import poll
from connector.store import feeds, logins
from connector.store.scratch import scratch
from connector.wiring import environment

COLUMNS = {name: name for name in ("sku", "quantity", "date", "reference")}
LOOK_EVERY = timedelta(seconds=5)
PATIENCE_SECONDS = 60.0
PORTS = {"--port": 8000, "--shop-port": 8089}
KEY = b"practice".hex().ljust(40, "0")
SHOP = "practice.myshopify.com"


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice shop: the options that it is started with, and those that it is connected with.

    `joins`: whether its own page asks whether the connector may come in.
    """

    started: Sequence[str]
    connected: Mapping[str, str]
    joins: bool = False

    def options(self, shop: str) -> dict[str, str]:
        """What it is connected with, where it answers at `shop`."""
        return {name: value.format(shop=shop) for name, value in self.connected.items()}


PRACTICE = {
    "woocommerce": Practice(
        ("--key", f"ck_{KEY}", "--secret", f"cs_{KEY}"),
        {"url": "{shop}", "key": f"ck_{KEY}", "secret": f"cs_{KEY}"},
        joins=True,
    ),
    "shopify": Practice(
        ("--shop", SHOP, "--token", f"shpat_{KEY}", "--secret", f"shpss_{KEY}", "--brief"),
        {"shop": SHOP, "token": f"shpat_{KEY}", "api_secret": f"shpss_{KEY}"},
    ),
}
JOINING = """
  Connecting        {install}   the shop's own page asks whether it may"""
WELCOME = """
  The shop          {shop}/
  Its back office   {shop}/admin/      ship, cancel, book goods in
  The supplier      {shop}/supplier/   change what is coming, and when
  The mails         {shop}/mailbox/    what customers would have got
  The desk          {login}{joining}
  Commands          {home}/backorder --help   any other `backorder` has a database of its own

  Try this: buy 3 of a product that has 1 in stock. Within seconds the mail with the date
  is there and the product page says by when a new buyer can have one. Then change the
  supplier's date, and see the page and the next mail follow.

  Ctrl-C stops everything.
"""


def add_commands(commands: Commands) -> None:
    """demo."""
    command = add(commands, "demo", run_demo, "Try the product on this machine with a practice store.")
    command.add_argument(
        "--platform",
        choices=tuple(PRACTICE),
        default="woocommerce",
        help="whose practice store; default: woocommerce",
    )
    command.add_argument("--home", default=".demo", help="folder for what the demo keeps; default: .demo")
    for name, text in (("--port", "port of the connector"), ("--shop-port", "port of the practice store")):
        port = numbered(65_535)
        command.add_argument(name, type=port, help=f"{text}; default: {PORTS[name]}, or any that is free")


def run_demo(args: argparse.Namespace, config: Config, build: Build) -> int:
    """Run the product and the practice store until Ctrl-C."""
    port, shop_port = _port("--port", args.port), _port("--shop-port", args.shop_port)
    if port == shop_port:
        raise BadInput("--port and --shop-port: must be two different ports")
    home = Path(args.home).resolve()
    shutil.rmtree(home / "mailbox", ignore_errors=True)
    (home / "restock.csv").unlink(missing_ok=True)
    (home / "mailbox").mkdir(parents=True)
    shop, practice = f"http://127.0.0.1:{shop_port}", PRACTICE[args.platform]
    demo = dataclasses.replace(
        config,
        env="development",
        home=home,
        url=f"http://127.0.0.1:{port}",
        port=port,
        dial_allow=(f"127.0.0.1:{shop_port}",),
        shopify_origin=shop if args.platform == "shopify" else None,
        mailbox=home / "mailbox",
        database_url=None,
        sendgrid_key=None,
        sender="orders@practice.example",
        sweep_seconds=1.0,
        install=practice.joins,
        command=str(home / "backorder"),
    )
    progress("Starting the database …")
    connector = build(demo)
    with scratch(connector.db) as database, _running(demo, database.url, args.platform, shop_port) as running:
        fresh = dataclasses.replace(connector, db=database)
        login = _connect(fresh, args.platform, shop)
        joining = JOINING.format(install=f"{demo.url}/install") if practice.joins else ""
        with own_command(demo, database.url):
            print(WELCOME.format(shop=shop, login=login, joining=joining, home=args.home), flush=True)
            code = wait(running)
    progress("Stopped.")
    return code


def _port(option: str, wanted: int | None) -> int:
    """The port that was asked for, which must be free, or else the usual one, or else any."""
    if is_free(wanted or PORTS[option]):
        return wanted or PORTS[option]
    if wanted:
        raise BadInput(
            f"{option} {wanted}: is taken by another program; choose another, or leave it out for any that is free"
        )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    progress(f"Port {PORTS[option]} is taken by another program, so this uses {port}; {option} chooses another.")
    return port


@contextlib.contextmanager
def _running(
    config: Config, database_url: str, platform: str, shop_port: int
) -> Iterator[list[subprocess.Popen[bytes]]]:
    running: list[subprocess.Popen[bytes]] = []
    try:
        progress("Starting the practice store …")
        running.append(_practice_store(config, platform, shop_port))
        progress("Starting web, worker and clock …")
        running += start(config, database_url)
        yield running
    finally:
        end(running)


@contextlib.contextmanager
def own_command(config: Config, database_url: str) -> Iterator[None]:
    """A `backorder` that speaks with the demo, for as long as it runs."""
    named = {**environment(config), "DATABASE_URL": database_url}.items()
    lines = [f"export {name}={shlex.quote(value)}" for name, value in named]
    program = Path(config.command)
    program.unlink(missing_ok=True)
    program.touch(mode=0o700)  # the environment holds the secret of the installation
    call = f'exec {shlex.quote(sys.executable)} -m connector.cli "$@"\n'
    program.write_text("\n".join(["#!/bin/sh", *lines, call]))
    try:
        yield
    finally:
        program.unlink(missing_ok=True)


def _practice_store(config: Config, platform: str, port: int) -> subprocess.Popen[bytes]:
    command = ["-m", f"adapters.{platform}.practice", "--port", str(port)]
    files = ["--mailbox", str(config.home / "mailbox"), "--supplier-csv", str(config.home / "restock.csv")]
    return spawn([*command, *files, *PRACTICE[platform].started])


def _connect(connector: Connector, platform: str, shop: str) -> str:
    """Connect the practice store and its supplier; the login link."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            done = connect(connector, platform, PRACTICE[platform].options(shop), lambda *_: None)
            break
        except Retryable as error:
            if time.monotonic() > deadline:
                raise ConnectorError(f"the practice store does not answer: {error}") from error
            time.sleep(0.3)
    new = feeds.NewFeed("Acme", f"{shop}/supplier/restock.csv", "csv", COLUMNS, LOOK_EVERY)
    with connector.db.begin() as tx:
        feed = feeds.add(tx, done.store, new, connector.clock())
    polled = poll(connector, feed.id)
    if polled.problem:
        raise BadInput(f"Acme's file cannot be read: {polled.problem}")
    plan(connector, done.store)
    with connector.db.begin() as tx:
        token = logins.issue(tx, done.store, connector.clock(), minutes=24 * 60)
    return f"{connector.config.url}/login/{token}"
