"""Past deliveries for tests, in the form `id,supplier,key2,promised,delivered,known`."""

import csv
import gzip
from datetime import date
from pathlib import Path

from connector.domain.backtest import Delivery

SAMPLE = Path(__file__).parent / "deliveries.csv"
DAYS = ("promised", "delivered", "known")


def read_deliveries(path: Path = SAMPLE) -> list[Delivery]:
    """The deliveries in a file (gzip where its name ends so)."""
    body = path.read_bytes()
    text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode()
    return [
        Delivery(row["id"], row["supplier"], row["key2"], *(date.fromisoformat(row[name]) for name in DAYS))
        for row in csv.DictReader(text.splitlines())
    ]
