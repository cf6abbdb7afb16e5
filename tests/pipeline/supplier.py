"""A supplier's server that tests give files to, and a store that looks at it."""

from dataclasses import dataclass, field

from flask import Response, request

from connector.domain.facts import SupplyRow
from connector.pipeline.restock import Polled, poll
from connector.store import problems, supplies
from connector.store.tables import feeds as table
from tests.pipeline.given import House
from tests.store.given import read

COLUMNS = {name: name for name in ("sku", "quantity", "date", "reference")}
HEAD = "sku,quantity,date,reference\n"


@dataclass
class Supplier:
    """A supplier's server with one file, and a store that looks at it."""

    home: House
    file: str = HEAD
    status: int = 200
    etag: str | None = None
    modified: str | None = None
    asked: list[str | None] = field(default_factory=list)
    feed: int = 0

    def answer(self) -> Response:
        """What the server says."""
        self.asked.append(request.headers.get("If-None-Match"))
        if self.etag is not None and self.asked[-1] == self.etag:
            return Response(status=304)
        named = {"ETag": self.etag, "Last-Modified": self.modified}
        headers = {name: value for name, value in named.items() if value is not None}
        return Response(self.file, self.status, headers, mimetype="text/csv")

    def says(self, *rows: str, skus: int = 0) -> Polled:
        """The file has these rows, and as many SKUs; it is looked at."""
        many = [f"SKU-{number},1,2026-12-01,PO-{number}" for number in range(skus)]
        self.file = HEAD + "".join(f"{row}\n" for row in (*rows, *many))
        return self.look()

    def look(self) -> Polled:
        """The feed is looked at now."""
        return poll(self.home.connector, self.feed)

    def rows(self) -> tuple[SupplyRow, ...]:
        """What counts now."""
        with self.home.connector.db.begin() as tx:
            return supplies.rows_of(tx, self.home.shop.id, "acme")

    def problems(self) -> list[tuple[str, str, int]]:
        """What is wrong with the feed."""
        with self.home.connector.db.begin() as tx:
            found = problems.open_problems(tx, self.home.shop.id)
        return [(one.kind, one.text, one.times) for one in found if one.kind.startswith("feed")]

    def kept(self, *names: str) -> tuple[object, ...]:
        """What the feed's row says."""
        with self.home.connector.db.begin() as tx:
            (row,) = read(tx, table, "id", *names)
        return tuple(row[1:])
