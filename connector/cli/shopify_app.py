"""`backorder shopify-app`: this installation as an app at Shopify."""

import argparse
import re

from connector.cli.base import Build, Commands, add
from connector.domain.errors import BadInput
from connector.pipeline.connector import Config
from connector.wiring import shopify_manifest

CLIENT_ID = re.compile(r"[A-Za-z0-9]{8,64}")


def add_commands(commands: Commands) -> None:
    """shopify-app."""
    add(commands, "shopify-app", run_shopify_app, "Print the shopify.app.toml of this installation's Shopify app.")


def run_shopify_app(args: argparse.Namespace, config: Config, build: Build) -> None:  # noqa: ARG001 - a command's shape
    """Print it; BadInput for an installation that Shopify could not reach or would not know."""
    if not CLIENT_ID.fullmatch(config.shopify_key or ""):
        raise BadInput("SHOPIFY_API_KEY: must be the client id of your app, as its settings at Shopify show it")
    if not config.url.startswith("https://") or '"' in config.url:
        raise BadInput("BACKORDER_URL: Shopify speaks to https addresses only")
    print(shopify_manifest(config), end="")
