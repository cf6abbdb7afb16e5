"""`backorder feed`: what is added, looked at, held back, accepted and taken back."""

import pytest
import sqlalchemy as sa

from adapters.http.guard import REFUSED_TEXT
from adapters.woocommerce.practice.server import PracticeStore
from connector.pipeline.connector import Connector
from connector.pipeline.feeds import address_of
from connector.store import feeds, supplies
from connector.store.tables import metadata
from tests.cli.conftest import Outcome, Run
from tests.conftest import open_shop

COLUMNS = "sku=sku,quantity=quantity,date=date,reference=reference"
ROW = {"sku": "LAMP-1", "quantity": "10", "date": "2099-01-01", "reference": "PO-1"}


def add_feed(run: Run, store: str, practice: PracticeStore, **changed: str) -> Outcome:
    """`backorder feed add` for the practice supplier."""
    options = {"url": f"{practice.url}/supplier/restock.csv", "map": COLUMNS, "every": "15m"} | changed
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    allowed = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    return run("feed", "add", "--store", store, "--json", *words, **allowed)


def test_a_feed_is_added_read_and_listed(run: Run, practice: PracticeStore, connector: Connector) -> None:
    shop = open_shop(connector)
    practice.supply([ROW])
    (added,) = add_feed(run, shop.id, practice).json()
    assert (added["changed"], added["rejected"], added["problem"]) == (1, 0, None)
    (listed,) = run("feed", "list", "--store", shop.id, "--json").json()
    assert listed == {
        "id": added["feed"],
        "supplier": "127.0.0.1",
        "url": f"{practice.url}/supplier/restock.csv",
        "format": "csv",
        "failures": 0,
        "problem": None,
    }
    with connector.db.begin() as tx:
        assert feeds.get(tx, added["feed"]).mapping == dict(pair.split("=") for pair in COLUMNS.split(","))


def test_a_second_feed_of_a_supplier_is_refused_unless_it_is_the_same_or_takes_its_place(
    run: Run, practice: PracticeStore, connector: Connector
) -> None:
    shop = open_shop(connector)
    practice.supply([ROW])
    (added,) = add_feed(run, shop.id, practice).json()
    other = {"url": f"{practice.url}/supplier/restock.csv?list=2"}
    refused = add_feed(run, shop.id, practice, **other)
    assert (refused.code, refused.out, refused.err) == (
        2,
        "",
        f"backorder: --supplier: 127.0.0.1 has feed {added['feed']} already, at another address:"
        " give this one a --supplier of its own, or --move the feed to this address\n",
    )
    assert add_feed(run, shop.id, practice, every="1h").json()[0]["feed"] == added["feed"]
    (beside,) = add_feed(run, shop.id, practice, supplier="acme", **other).json()
    assert beside["feed"] != added["feed"]
    words = ("--store", shop.id, "--url", other["url"], "--map", COLUMNS, "--move", "--json")
    allowed = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    assert run("feed", "add", *words, **allowed).json()[0]["feed"] == added["feed"]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("gopher://acme.example/1", "no way is known to fetch a file from this address"),
        ("http://10.0.0.1/a.csv", REFUSED_TEXT),
        ("http://8.8.8.8:8080/a.csv", REFUSED_TEXT),
        ("http://[broken/a.csv", REFUSED_TEXT),
        ("http:///a.csv", REFUSED_TEXT),
    ],
)
def test_an_address_that_cannot_be_used_is_not_added(run: Run, connector: Connector, url: str, says: str) -> None:
    shop = open_shop(connector)
    refused = run("feed", "add", "--store", shop.id, "--url", url, "--map", COLUMNS)
    assert (refused.code, refused.out, refused.err) == (2, "", f"backorder: --url: {says}\n")
    with connector.db.begin() as tx:
        assert feeds.of_store(tx, shop.id) == ()


def test_what_is_secret_in_a_feeds_address_is_sealed_used_and_never_shown(
    run: Run, practice: PracticeStore, connector: Connector
) -> None:
    shop = open_shop(connector)
    practice.supply([ROW])
    host = practice.url.removeprefix("http://")
    url = f"http://ann:geheim@{host}/supplier/restock.csv?token=hidden"
    done = add_feed(run, shop.id, practice, url=url)
    assert done.json()[0]["problem"] is None
    listed = run("feed", "list", "--store", shop.id, "--json")
    assert listed.json()[0]["url"] == f"{practice.url}/supplier/restock.csv"
    practice.supplier_csv.write_text("<html></html>")
    polled = run("feed", "poll", "--feed", str(done.json()[0]["feed"]), BACKORDER_DIAL_ALLOW=host)
    with connector.db.begin() as tx:
        kept = [str(row) for name in metadata.tables for row in tx.execute(sa.select(metadata.tables[name]))]
        (feed,) = feeds.of_store(tx, shop.id)
        assert address_of(connector, tx, feed) == url
    said = " ".join([done.out, done.err, listed.out, polled.out, polled.err, *kept])
    assert [word for word in ("ann:", "geheim", "hidden") if word in said] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "feed {feed}: 1 SKU is as it was before its last file\n"),
        (("--json",), '{{"feed": {feed}, "changed": 1}}\n'),
    ],
)
def test_a_file_that_was_held_back_is_accepted_and_taken_back(
    run: Run, practice: PracticeStore, connector: Connector, words: tuple[str, ...], said: str
) -> None:
    shop = open_shop(connector)
    practice.supply([ROW])
    (added,) = add_feed(run, shop.id, practice).json()
    feed, allowed = str(added["feed"]), {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    refused = run("feed", "accept", "--feed", feed, **allowed)
    assert (refused.code, refused.err) == (2, f"backorder: feed {feed}: nothing is held back\n")
    practice.supply([ROW | {"quantity": "70000"}])
    assert "not used: held back: units are 100 times" in run("feed", "poll", "--feed", feed, **allowed).out
    accepted = run("feed", "accept", "--feed", feed, **allowed)
    assert (accepted.code, accepted.out) == (0, f"feed {feed}: 1 SKU changed, 0 rows cannot be used\n")
    undone = run("feed", "undo", "--feed", feed, *words, **allowed)
    assert (undone.code, undone.out) == (0, said.format(feed=feed))
    with connector.db.begin() as tx:
        assert [row.quantity for row in supplies.rows_of(tx, shop.id, "127.0.0.1")] == [int(ROW["quantity"])]


def test_a_feed_is_looked_at_now(run: Run, practice: PracticeStore, connector: Connector) -> None:
    shop = open_shop(connector)
    practice.supply([ROW])
    (added,) = add_feed(run, shop.id, practice, supplier="acme").json()
    practice.supply([ROW | {"quantity": "7"}, ROW | {"sku": "LAMP-2"}])
    allowed = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    assert run("feed", "poll", "--feed", str(added["feed"]), **allowed).out == (
        f"feed {added['feed']}: 2 SKUs changed, 0 rows cannot be used\n"
    )
    practice.supplier_csv.write_text("<html></html>")
    polled = run("feed", "poll", "--feed", str(added["feed"]), **allowed)
    assert polled.out.startswith(f"feed {added['feed']}: not used: ")
    assert "acme" in run("feed", "list", "--store", shop.id).out


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"map": "sku"}, "--map 'sku': must look like sku=SKU,quantity=Quantity,date=Date"),
        ({"map": "sku=SKU,"}, "--map 'sku=SKU,': must look like sku=SKU,quantity=Quantity,date=Date"),
        ({"map": "sku=SKU"}, "--map: sku and quantity are needed"),
        (
            {"map": "sku=A,quantity=B,colour=C"},
            "--map: there is no field colour; there are sku, quantity, date, reference, location, date_format",
        ),
        ({"format": "pdf"}, "--format: must be one of csv"),
        ({"url": "gopher://acme"}, "--url: no way is known to fetch a file from this address"),
        ({"every": "4s"}, "--every '4s': must be a time of at least 5 seconds such as 30s, 15m or 2h"),
        ({"every": "soon"}, "--every 'soon': must be a time of at least 5 seconds such as 30s, 15m or 2h"),
    ],
)
def test_a_feed_that_cannot_be_is_refused_and_not_kept(
    run: Run, practice: PracticeStore, connector: Connector, changed: dict[str, str], expected: str
) -> None:
    shop = open_shop(connector)
    done = add_feed(run, shop.id, practice, **changed)
    assert (done.code, done.out, done.err) == (2, "", f"backorder: {expected}\n")
    with connector.db.begin() as tx:
        assert feeds.of_store(tx, shop.id) == ()


def test_a_description_that_cannot_be_read_by_replaces_no_feed_that_works(
    run: Run, practice: PracticeStore, connector: Connector
) -> None:
    shop = open_shop(connector)
    practice.supply([ROW])
    (added,) = add_feed(run, shop.id, practice).json()
    with connector.db.begin() as tx:
        before = feeds.get(tx, added["feed"])
    refused = add_feed(run, shop.id, practice, map="sku=SKU,quantity=nope")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert refused.err.startswith("backorder: the feed is not added: The file has no column named “nope”")
    with connector.db.begin() as tx:
        assert feeds.of_store(tx, shop.id) == (before,)


def test_an_address_that_brings_no_file_is_not_added(run: Run, practice: PracticeStore, connector: Connector) -> None:
    shop = open_shop(connector)
    refused = add_feed(run, shop.id, practice, url=f"{practice.url}/supplier/no-such-file")
    assert (refused.code, refused.out, refused.err.count("\n")) == (2, "", 1)
    assert refused.err.startswith("backorder: the feed is not added: ")
    with connector.db.begin() as tx:
        assert feeds.of_store(tx, shop.id) == ()
