"""`python -m adapters.woocommerce.practice`: the practice store on a port, until it is interrupted."""

from __future__ import annotations

import argparse
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from adapters.practice.goods import coming
from adapters.woocommerce.practice.server import PracticeStore


def main() -> None:
    """Run the store and say how to reach it."""
    parser = argparse.ArgumentParser(prog="practice", description=__doc__)
    parser.add_argument("--port", type=int, default=8089)
    parser.add_argument("--mailbox", type=Path, metavar="DIR", help="letters to show at /mailbox/")
    parser.add_argument("--supplier-csv", type=Path, metavar="FILE", help="the supplier's list, edited at /supplier/")
    parser.add_argument("--lag", type=float, default=1.0, help="seconds from an event to its webhook")
    parser.add_argument("--key", default="", help="the consumer key (ck_…); one is made up otherwise")
    parser.add_argument("--secret", default="", help="the consumer secret (cs_…)")
    given = parser.parse_args()
    unwritten = given.supplier_csv is not None and not given.supplier_csv.exists()
    store = PracticeStore(
        port=given.port,
        lag=given.lag,
        letters=given.mailbox,
        supplier_csv=given.supplier_csv,
        key=given.key,
        secret=given.secret,
    )
    if unwritten:
        store.supply(coming(datetime.now(UTC).date()))
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job begins with it ignored
    store.start()
    sys.stdout.write(f"url={store.url}\nkey={store.key}\nsecret={store.secret}\n")
    sys.stdout.flush()
    try:
        store.wait()
    except KeyboardInterrupt:
        store.stop()


if __name__ == "__main__":
    main()
