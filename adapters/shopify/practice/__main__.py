"""`python -m adapters.shopify.practice`: a practice Shopify with one shop on a port, until it is interrupted."""

import argparse
import contextlib
import secrets
import signal
import sys
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path

from adapters.practice import supplier
from adapters.practice.goods import GOODS, coming
from adapters.shopify.access import OPTIONAL_SCOPES, SCOPES, shop_named
from adapters.shopify.practice.clock import RealClock
from adapters.shopify.practice.seed import open_accounts, stock_up
from adapters.shopify.practice.server import ShopifyFake
from adapters.shopify.practice.storefront import pages
from connector.domain.errors import BadInput

SAID = """origin={origin}
shop={shop}
token={token}
secret={secret}
"""
ADVICE = """
# A person shops at {origin}/ and ships at {origin}/admin/. To connect the shop:
export BACKORDER_ENV=development SHOPIFY_ORIGIN={origin} BACKORDER_DIAL_ALLOW={authority}
backorder store add --platform shopify --shop {shop} --token {token} --api-secret {secret}
backorder feed add --store ID --url {origin}/supplier/restock.csv --format csv \\
    --map sku=sku,quantity=quantity,date=date,reference=reference --every 15s
"""


def main() -> None:
    """Run the shop and say how to reach it."""
    parser = argparse.ArgumentParser(prog="practice-shopify", description=__doc__)
    parser.add_argument("--port", type=int, default=8090)
    parser.add_argument("--shop", default="practice", help="NAME or NAME.myshopify.com")
    parser.add_argument("--token", default="", help="the access token (shpat_…); one is made up otherwise")
    parser.add_argument("--secret", default="", help="the API secret (shpss_…); one is made up otherwise")
    parser.add_argument("--scopes", default="", help="the app's rights, comma-separated; default: all it can use")
    parser.add_argument("--mailbox", type=Path, metavar="DIR", help="letters to show at /mailbox/")
    parser.add_argument("--supplier-csv", type=Path, metavar="FILE", help="the supplier's list, edited at /supplier/")
    parser.add_argument("--brief", action="store_true", help="do not say how to connect the shop")
    given = parser.parse_args()
    name = given.shop if given.shop.endswith(".myshopify.com") else f"{given.shop}.myshopify.com"
    try:
        shop_named(name)
        fake = ShopifyFake(RealClock(), given.port)
    except (BadInput, OSError) as error:
        parser.exit(2, f"practice-shopify: {error}\n")
    with tempfile.TemporaryDirectory(prefix="practice-shopify-") as own:
        _run(fake, name, given, Path(own))


def _run(fake: ShopifyFake, name: str, given: argparse.Namespace, own: Path) -> None:
    token, secret = given.token or f"shpat_{secrets.token_hex(16)}", given.secret or f"shpss_{secrets.token_hex(16)}"
    shop = fake.open_shop(name, token=token, api_secret=secret, automatic=True)
    shop.scopes = set(filter(None, given.scopes.split(","))) or {*SCOPES, *OPTIONAL_SCOPES}
    stock_up(shop, GOODS)
    open_accounts(shop)
    letters, listed = given.mailbox or own / "letters", given.supplier_csv or own / "restock.csv"
    letters.mkdir(parents=True, exist_ok=True)
    if not listed.exists():
        supplier.save(listed, coming(datetime.now(UTC).date()))
    fake.pages = pages(shop, letters, listed)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job begins with it ignored
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with contextlib.suppress(KeyboardInterrupt), fake:
        text = SAID if given.brief else SAID + ADVICE
        sys.stdout.write(
            text.format(origin=fake.origin, authority=fake.authority, shop=name, token=token, secret=secret)
        )
        sys.stdout.flush()
        threading.Event().wait()


if __name__ == "__main__":
    main()
