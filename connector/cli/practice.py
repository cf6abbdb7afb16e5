"""`backorder practice-shopify`: a Shopify on this machine, for outside tests and for trying things."""

import argparse

from connector.cli.base import Commands, add, numbered
from connector.cli.processes import spawn, wait

MODULE = "adapters.shopify.practice"
OPTIONS = {
    "--shop": "NAME.myshopify.com; default: practice.myshopify.com",
    "--token": "its access token; default: one is made up",
    "--secret": "the API secret that its webhooks are signed with; default: one is made up",
    "--scopes": "the rights that the app has, comma-separated; default: all that it can use",
    "--mailbox": "folder of the letters to show at /mailbox/ (BACKORDER_MAILBOX of the connector)",
    "--supplier-csv": "file of the supplier's list, edited at /supplier/",
}


def add_commands(commands: Commands) -> None:
    """practice-shopify."""
    text = "Run a practice Shopify on this machine: its Admin API, its webhooks, and a shop to click through."
    command = add(commands, "practice-shopify", run_practice, text, configured=False)
    command.add_argument("--port", type=numbered(65_535), default=8090, help="its port; default: 8090")
    for name, meaning in OPTIONS.items():
        command.add_argument(name, help=meaning)


def run_practice(args: argparse.Namespace) -> int:
    """Run it until Ctrl-C."""
    given = {name: getattr(args, name[2:].replace("-", "_")) for name in ("--port", *OPTIONS)}
    words = [word for name, value in given.items() if value for word in (name, str(value))]
    return wait([spawn(["-m", MODULE, *words])])
