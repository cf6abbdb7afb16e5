"""Commands about stores, logins and the configuration: what they print, and how they refuse."""

from pathlib import Path

import pytest

from adapters.woocommerce.practice.server import PracticeStore
from connector.pipeline.connector import Connector
from connector.store import logins, shops
from connector.store.engine import Database
from connector.wiring import ENTRIES
from tests.cli.conftest import Outcome, Run
from tests.conftest import open_shop
from tests.web import given


def add_store(run: Run, practice: PracticeStore, **changed: str) -> Outcome:
    """`backorder store add` for the practice store."""
    options = {"url": practice.url, "key": practice.key, "secret": practice.secret} | changed
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    allowed = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    return run("store", "add", "--platform", "woocommerce", "--json", *words, **allowed)


def test_a_store_is_added_listed_and_opened(run: Run, practice: PracticeStore, database: Database) -> None:
    added = add_store(run, practice)
    assert (added.code, added.err) == (0, "")
    (result,) = added.json()
    assert (len(result["webhooks"]), result["orders"]) == (8, 0)
    assert result["products"] > 5
    (listed,) = run("store", "list", "--json").json()
    assert (listed["id"], listed["platform"], listed["address"], listed["status"]) == (
        result["store"],
        "woocommerce",
        practice.url,
        "active",
    )
    (opened,) = run("login", "--json").json()
    assert opened["store"] == result["store"]
    assert opened["link"].startswith("http://127.0.0.1:8000/login/")


def test_progress_is_told_beside_the_data(run: Run, practice: PracticeStore) -> None:
    allowed = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    keys = ("--url", practice.url, "--key", practice.key, "--secret", practice.secret)
    done = run("store", "add", "--platform", "woocommerce", *keys, **allowed)
    assert len(done.json()) == 1
    assert done.err.startswith("products: ")


def test_a_key_that_the_store_refuses_is_bad_input_and_nothing_is_kept(run: Run, practice: PracticeStore) -> None:
    done = add_store(run, practice, key="ck_" + "0" * 40)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert practice.secret not in done.err
    assert run("store", "list", "--json").out == ""


def test_an_address_inside_is_refused_where_nobody_allowed_it(run: Run, practice: PracticeStore) -> None:
    keys = ("--url", practice.url, "--key", practice.key, "--secret", practice.secret)
    done = run("store", "add", "--platform", "woocommerce", "--json", *keys)
    assert (done.code, done.out) == (2, "")
    assert run("store", "list", "--json").out == ""


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--platform", "kiosk"), "backorder: platform must be one of shopify, woocommerce\n"),
        (
            ("--platform", "woocommerce"),
            "backorder: url: it must begin with https:// (or http://) and name the store\n",
        ),
        (
            ("--platform", "woocommerce", "--url", "https://shop.example"),
            "backorder: key: a WooCommerce consumer key begins with ck_\n",
        ),
        (("--platform", "shopify"), "backorder: shop: expected a name such as example.myshopify.com\n"),
        (
            ("--platform", "shopify", "--shop", "a.myshopify.com", "--token", "shpat_1"),
            "backorder: api_secret: the store's webhooks are signed with the API secret of its app; give"
            " --api-secret, or set SHOPIFY_API_SECRET for all stores\n",
        ),
    ],
)
def test_options_that_do_not_fit_are_named(run: Run, words: tuple[str, ...], expected: str) -> None:
    done = run("store", "add", *words)
    assert (done.code, done.out, done.err) == (2, "", expected)


def test_without_stores_the_list_says_how_to_add_one(run: Run) -> None:
    assert run("store", "list").out == "No store is connected yet: backorder store add --help\n"
    assert run("store", "list", "--json").out == ""


def test_a_store_is_read_again(run: Run, practice: PracticeStore) -> None:
    (added,) = add_store(run, practice).json()
    allowed = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    (again,) = run("store", "reconcile", "--store", added["store"], "--json", **allowed).json()
    assert again["store"] == added["store"]
    assert again["facts"] > 0
    assert run("store", "reconcile", "--store", added["store"], **allowed).out == f"{again['facts']} facts read\n"


def test_a_store_is_let_go_and_says_what_was_restored(run: Run, practice: PracticeStore) -> None:
    (added,) = add_store(run, practice).json()
    allowed = {"BACKORDER_DIAL_ALLOW": practice.url.removeprefix("http://")}
    done = run("store", "remove", "--store", added["store"], **allowed)
    assert done.out == "3 listings restored, 8 webhooks deleted, 0 letters not sent\n"
    assert practice.shop.hooks == {}
    (listed,) = run("store", "list", "--json").json()
    assert listed["status"] == "closed"
    again = run("store", "remove", "--store", added["store"], "--json", **allowed)
    assert (again.code, again.err) == (2, f"backorder: store {added['store']} has been removed already\n")


@pytest.mark.parametrize(
    "words",
    [
        ("store", "reconcile", "--store", "s404"),
        ("store", "remove", "--store", "s404"),
        ("feed", "list", "--store", "s404"),
        ("login", "--store", "s404"),
    ],
)
def test_a_store_that_there_is_not_is_bad_input(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.code, done.out, done.err) == (2, "", "backorder: there is no store s404\n")


def test_a_link_opens_the_desk_of_its_store_once(run: Run, connector: Connector) -> None:
    shop = open_shop(connector)
    link = run("login").out.strip()
    token = link.rpartition("/")[2]
    with connector.db.begin() as tx:
        now = shops.get(tx, shop.id).connected_at
        assert logins.redeem(tx, token, now) == shop.id
        assert logins.redeem(tx, token, now) is None


def test_a_login_has_to_say_which_store_where_there_are_two(run: Run, connector: Connector) -> None:
    assert run("login").err == "backorder: login: connect a store first\n"
    first = open_shop(connector)
    open_shop(connector, "https://other.example")
    done = run("login")
    assert (done.code, done.out, done.err) == (2, "", "backorder: login: say which store with --store\n")
    assert run("login", "--store", first.id, "--json").json()[0]["store"] == first.id


def test_the_database_is_brought_to_its_newest_form(run: Run) -> None:
    assert run("migrate").out == "The database is up to date.\n"
    assert run("migrate", "--json").json() == [{"migrated": True}]


def test_a_database_that_is_away_is_a_failure_and_no_bad_input(run: Run) -> None:
    away = "postgresql://nobody@127.0.0.1:1/nothing"
    done = run("store", "list", DATABASE_URL=away)
    assert (done.code, done.out, done.err) == (1, "", "backorder: the database cannot be reached\n")


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"BACKORDER_ENV": "staging"}, "BACKORDER_ENV: must be one of production, development, test"),
        ({"PORT": "eighty"}, "PORT: must be a whole number from 1 to 65535"),
        ({"PORT": "nan"}, "PORT: must be a whole number from 1 to 65535"),
        ({"PORT": "65536"}, "PORT: must be a whole number from 1 to 65535"),
        ({"BACKORDER_WORKERS": "0"}, "BACKORDER_WORKERS: must be a whole number from 1 to 256"),
        ({"BACKORDER_PROXIES": "-1"}, "BACKORDER_PROXIES: must be a whole number from 0 to 10"),
        ({"BACKORDER_SWEEP_SECONDS": "inf"}, "BACKORDER_SWEEP_SECONDS: must be a number of seconds above 0"),
        ({"BACKORDER_DOUBT_SECONDS": "0.0"}, "BACKORDER_DOUBT_SECONDS: must be a number of seconds above 0"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL: must be an address that begins with postgresql://"),
        (
            {"DATABASE_URL": "postgresql://a:b@c:port/d"},
            "DATABASE_URL: must be an address that begins with postgresql://",
        ),
        ({"REDIS_URL": "localhost:6379"}, "REDIS_URL: must be an address that begins with redis://"),
        ({"BACKORDER_URL": "shop.example"}, "BACKORDER_URL: must be an address that begins with http://"),
        (
            {"BACKORDER_ENV": "production", "BACKORDER_URL": "http://ours.example"},
            "BACKORDER_URL: must be an address that begins with https:// in production",
        ),
        (
            {"BACKORDER_ENV": "production"},  # the default is for development
            "BACKORDER_URL: must be an address that begins with https:// in production",
        ),
        ({"BACKORDER_URL": "https://["}, "BACKORDER_URL: must be an address that begins with http://"),
        (
            {"BACKORDER_SECRET": "", "BACKORDER_HOME": "/dev/null/home"},
            "BACKORDER_HOME: /dev/null/home cannot be used: Not a directory",
        ),
        ({"BACKORDER_SECRET": "short"}, "BACKORDER_SECRET: must have at least 32 characters"),
        ({"BACKORDER_ENV": "production", "BACKORDER_SECRET": ""}, "BACKORDER_SECRET: is required in production"),
        (
            {"BACKORDER_ENV": "production", "BACKORDER_DIAL_ALLOW": "127.0.0.1:1"},
            "BACKORDER_DIAL_ALLOW: is refused in production",
        ),
        (
            {"BACKORDER_ENV": "production", "BACKORDER_MAILBOX": "/tmp/mails"},
            "BACKORDER_MAILBOX: is refused in production",
        ),
        (
            {"BACKORDER_ENV": "production", "SHOPIFY_ORIGIN": "http://127.0.0.1:1"},
            "SHOPIFY_ORIGIN: is refused in production",
        ),
    ],
)
def test_a_variable_that_is_wrong_is_named(run: Run, environ: dict[str, str], expected: str) -> None:
    done = run("store", "list", **environ)
    assert (done.code, done.out, done.err) == (2, "", f"backorder: {expected}\n")


def test_what_can_be_configured_is_printed_even_where_it_is_configured_wrongly(run: Run) -> None:
    done = run("config", "--json", BACKORDER_ENV="staging")
    assert done.code == 0
    assert done.json() == [{"name": one.name, "default": one.default, "help": one.help} for one in ENTRIES]


def test_what_can_be_configured_is_printed_for_people_and_never_with_a_secret(run: Run) -> None:
    done = run("config", BACKORDER_SECRET="nobody may ever read this one here")
    assert done.out.startswith(
        "BACKORDER_ENV\n    production, development or test; the last two loosen what is said below.\n"
        "    default: production\n"
    )
    assert "DATABASE_URL\n" in done.out
    assert "nobody may ever" not in done.out


def test_the_table_of_what_can_be_configured_has_a_row_for_each(run: Run) -> None:
    table = run("config", "--markdown").out.splitlines()
    assert table[:3] == [
        "| variable | default | meaning |",
        "| --- | --- | --- |",
        "| `BACKORDER_ENV` | `production` | production, development or test; the last two loosen what is said"
        " below. |",
    ]
    assert len(table) == 2 + len(ENTRIES)


@pytest.mark.parametrize(
    "words", [(), ("fly",), ("store",), ("store", "add"), ("simulate",), ("config", "--json", "--markdown")]
)
def test_words_that_are_no_command_are_bad_input(run: Run, words: tuple[str, ...]) -> None:
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("backorder: ")
    assert (done.err.count("\n"), done.err.endswith("--help\n")) == (1, True)


def test_a_proof_is_printed_for_people_and_as_a_pack_that_can_be_checked(
    run: Run, connector: Connector, tmp_path: Path
) -> None:
    shop = given.small_store(connector)
    told = run("proof", "--store", shop.id, "--order", "1001")
    assert told.code == 0
    assert "Order #1001 of Lamps & Sons, law: none" in told.out
    assert "Promised 20 March 2027" in told.out
    assert "All 3 entries are as they were sealed." in told.out
    packed = tmp_path / "proof.json"
    packed.write_text(run("proof", "--store", shop.id, "--order", "#1001", "--json").out)
    assert "`backorder check-proof FILE` does the sum." in packed.read_text()
    assert run("check-proof", str(packed)).out == (
        "All 3 entries are as they were sealed.\n"
        "Only entries are sealed; what the file says of the order, its lines and duties besides is a summary.\n"
    )
    packed.write_text(packed.read_text().replace("2027-03-20", "2027-03-21"))
    changed = run("check-proof", str(packed))
    assert (changed.code, changed.out.startswith("Entry 1 of 3 is not as it was sealed")) == (1, True)


def test_a_proof_of_nothing_is_one_line_and_exit_code_2(run: Run, connector: Connector, tmp_path: Path) -> None:
    shop = given.small_store(connector)
    missing = run("proof", "--store", shop.id, "--order", "9")
    assert (missing.code, missing.err) == (2, f"backorder: proof: store {shop.id} has no order 9\n")
    nothing = run("check-proof", str(tmp_path / "no.json"))
    assert (nothing.code, nothing.err.count("\n")) == (2, 1)
