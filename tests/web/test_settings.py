"""The settings' form has every entry of their table, keeps what was typed, and has its say in the plan."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from connector.domain.entries import Setting
from connector.domain.facts import SupplyRow
from connector.domain.settings import SETTINGS, Settings
from connector.pipeline.connector import Connector
from connector.pipeline.plan import plan
from connector.store import plans, shops
from connector.store.shops import Shop
from connector.store.tables import ledger, orders
from connector.store.tables import plans as table
from connector.web.groups import GROUPS, groups_of
from tests.web import given
from tests.web.conftest import press
from tests.web.reading import Page, read

LogIn = Callable[[Shop], FlaskClient]
TEXTS = (
    "0.8",
    "b2b=win,dtc=fill",
    "b2b=5",
    "16:00",
    "Europe/Berlin",
    "shop@example.com",
    "2",
    "yes",
    "A=service",
    "role:wholesale=b2b",
)
LABELS = {name: label for group in GROUPS for name, label in group.labels.items()}
NONSENSE = ("-1", "no such thing \x01", "x" * 500)


def names(entry: Setting) -> str:
    return entry.name


def accepted(entry: Setting, text: str) -> bool:
    try:
        entry.parse(text)
    except ValueError:
        return False
    return True


def another(entry: Setting) -> str:
    """A value that the entry takes and that is not its default, as a form says it."""
    if isinstance(entry.default, bool):
        return "no" if entry.default else "yes"
    wanted = entry.choices[::-1] or (str(entry.default + 1) if isinstance(entry.default, int) else None, *TEXTS)
    return next(text for text in wanted if text and accepted(entry, text) and entry.parse(text) != entry.default)


def form(**changed: str) -> dict[str, str]:
    """What a browser sends of an untouched form, but for some entries; a box that is not ticked is not sent."""
    typed = {
        e.name: ("yes" if e.default else "no") if isinstance(e.default, bool) else str(e.default) for e in SETTINGS
    }
    flags = {e.name for e in SETTINGS if isinstance(e.default, bool)}
    return {name: text for name, text in (typed | changed).items() if name not in flags or text == "yes"}


def kept(connector: Connector, shop: Shop) -> Settings:
    with connector.db.begin() as tx:
        return shops.get(tx, shop.id).settings


def control(page: Page, name: str) -> tuple[str, dict[str, str | None]]:
    return next((tag, attrs) for tag, attrs in page.tags if attrs.get("name") == name)


@pytest.fixture
def shop(connector: Connector) -> Shop:
    return given.store(connector)


@pytest.mark.parametrize("entry", SETTINGS, ids=names)
def test_every_entry_has_a_labelled_control_with_its_help(log_in: LogIn, shop: Shop, entry: Setting) -> None:
    page = read(log_in(shop).get("/settings").text)
    tag, attrs = control(page, entry.name)
    kind = "checkbox" if isinstance(entry.default, bool) else "number" if isinstance(entry.default, int) else "text"
    assert (tag, attrs.get("type")) == (("select", None) if entry.choices else ("input", kind))
    assert attrs["id"] == entry.name
    assert attrs["aria-describedby"] == f"{entry.name}-help"
    assert "aria-invalid" not in attrs
    assert ("label", {"for": entry.name}) in page.tags
    assert f"{LABELS[entry.name]} {entry.name} {entry.help}" in page.text


def test_every_entry_stands_in_one_group_under_a_label_of_its_own() -> None:
    assert sorted(name for group in GROUPS for name in group.labels) == sorted(map(names, SETTINGS))
    assert len(set(LABELS.values())) == len(LABELS)


def test_the_groups_can_be_jumped_to(log_in: LogIn, shop: Shop) -> None:
    page = read(log_in(shop).get("/settings").text)
    jumps = [attrs["href"] for tag, attrs in page.tags if tag == "a" and (attrs["href"] or "").startswith("#")]
    assert jumps == ["#main", *(f"#{group.name}" for group in GROUPS)]
    assert [attrs["id"] for tag, attrs in page.tags if tag == "section"] == [group.name for group in GROUPS]


def test_an_entry_that_no_group_names_is_on_the_page_all_the_same() -> None:
    rest = groups_of([*map(names, SETTINGS), "brand_new"])[-1]
    assert (rest.title, rest.labels) == ("Everything else", {"brand_new": "Brand new"})


def test_choices_have_a_merchants_words(log_in: LogIn, shop: Shop) -> None:
    page = read(log_in(shop).get("/settings").text).text
    for said, of_ours in (("US: FTC rule", "Us ftc"), ("Whoever ordered first", "First come")):
        assert (said in page, of_ours in page) == (True, False)


@pytest.mark.parametrize("entry", SETTINGS, ids=names)
def test_every_entry_can_be_changed_by_itself(
    connector: Connector, log_in: LogIn, shop: Shop, entry: Setting
) -> None:
    browser, text = log_in(shop), another(entry)
    answer = press(browser, "/settings", **form(**{entry.name: text}))
    assert (answer.status_code, answer.location) == (303, "/settings")
    changed = {e.name for e in SETTINGS if getattr(kept(connector, shop), e.name) != e.default}
    assert (changed, getattr(kept(connector, shop), entry.name)) == ({entry.name}, entry.parse(text))
    page = read(browser.get("/settings").text)
    assert "Saved." in page.text
    assert "Saved." not in browser.get("/settings").text
    _, attrs = control(page, entry.name)
    if entry.choices:
        assert text in [a["value"] for tag, a in page.tags if tag == "option" and "selected" in a]
    elif isinstance(entry.default, bool):
        assert ("checked" in attrs) is (text == "yes")
    else:
        assert attrs["value"] == text


@pytest.mark.parametrize(
    ("entry", "text"),
    [
        (entry, next(text for text in NONSENSE if not accepted(entry, text)))
        for entry in SETTINGS
        if not isinstance(entry.default, bool)
    ],
    ids=lambda value: value.name if isinstance(value, Setting) else "nonsense",
)
def test_nonsense_is_refused_at_its_entry_and_stays_there(
    connector: Connector, log_in: LogIn, shop: Shop, entry: Setting, text: str
) -> None:
    browser, before = log_in(shop), kept(connector, shop)
    answer = press(browser, "/settings", **form(**{"notify_customers": "no", entry.name: text}))
    assert answer.status_code == 422
    assert kept(connector, shop) == before
    page = read(answer.text)
    _, attrs = control(page, entry.name)
    assert (attrs["aria-invalid"], attrs["aria-describedby"]) == ("true", f"{entry.name}-help {entry.name}-error")
    assert entry.choices or attrs["value"] == text
    assert "Nothing was saved." in page.text
    assert ("a", {"href": f"#{entry.name}"}) in page.tags
    assert "checked" not in control(page, "notify_customers")[1]
    assert [a["name"] for _, a in page.tags if "aria-invalid" in a] == [entry.name]


def test_all_that_is_wrong_is_said_at_once(log_in: LogIn, shop: Shop) -> None:
    fields: dict[str, Any] = form(timezone="Mars/Olympus", improve_days="0")
    page = read(press(log_in(shop), "/settings", **fields).text)
    assert "Time zone: must be a time zone such as Europe/Berlin." in page.text
    assert "When an earlier date is told: must be a whole number from 1 to 365." in page.text


def test_entries_that_do_not_exist_are_not_kept(connector: Connector, log_in: LogIn, shop: Shop) -> None:
    press(log_in(shop), "/settings", **form(nonsense="1", hook_token="x"))
    assert kept(connector, shop) == Settings()


def test_a_change_has_the_plan_made_anew_where_it_can_matter(connector: Connector, log_in: LogIn) -> None:
    shop, other = given.small_store(connector), given.store(connector, "https://other.example")
    idle = given.item_facts(given.Told("LAMP-5", "Idle", 9))
    given.hear(connector, shop, idle)
    given.hear(connector, other, given.item_facts(given.Told("THEIRS-1", "Waits", 1)))
    given.hear(connector, other, given.item_facts(given.Told("THEIRS-2", "Has none", 0)))
    given.hear(connector, other, given.item_facts(given.Told("THEIRS-3", "Is coming", 1)))
    given.supply(connector, other, "acme", SupplyRow("THEIRS-3", 1, None))
    given.hear(connector, other, [given.order_fact("1", given.line("1", "THEIRS-1", 1))])
    press(log_in(shop), "/settings", **form(improve_days="3"))
    with connector.db.begin() as tx:
        assert plans.dirty_stocks(tx, shop.id, 100) == ("lamp-1", "lamp-2", "lamp-3", "lamp-4")
        assert plans.dirty_stocks(tx, other.id, 100) == ()


def promises(connector: Connector, shop: Shop) -> list[tuple[str, str | None, str]]:
    """Order, date and reason of every promise of the Reading Lamp's, oldest first."""
    with connector.db.begin() as tx:
        rows = tx.execute(sa.select(ledger).where(ledger.c.store == shop.id).order_by(ledger.c.id)).all()
    made = [row.entry for row in rows if row.kind == "PromiseMade"]
    return [(one["order"], one["eta"], one["reason"]) for one in made if one["order"] == "1001"]


def test_a_date_that_a_setting_makes_better_moves_and_the_ledger_says_who_did_it(
    connector: Connector, log_in: LogIn
) -> None:
    shop = given.small_store(connector)
    browser = log_in(shop)
    for typed in (form(cold_start_days="0", buffer_days="20"), form(cold_start_days="0")):
        press(browser, "/settings", **typed)
        plan(connector, shop.id)
    assert promises(connector, shop) == [
        ("1001", "2027-03-20", "new"),
        ("1001", "2027-04-09", "merchant"),
        ("1001", "2027-03-20", "merchant"),
    ]


def test_a_setting_that_has_nothing_to_do_with_dates_moves_none(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    press(log_in(shop), "/settings", **form(cold_start_days="0", sender_name="Lamps"))
    with connector.db.begin() as tx:
        assert [row.stock for row in tx.execute(sa.select(table.c.stock).where(table.c.dirty))] != []
        assert [row.stock for row in tx.execute(sa.select(table.c.stock).where(table.c.set_anew))] == []


def test_a_law_that_is_chosen_counts_for_the_orders_that_wait_already(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    press(log_in(shop), "/settings", **form(cold_start_days="0", jurisdiction="us_ftc"))
    plan(connector, shop.id)
    with connector.db.begin() as tx:
        clocks = tx.execute(sa.select(orders.c.order).where(orders.c.clock.is_not(None)).order_by(orders.c.order))
        assert [row.order for row in clocks] == ["1001", "1002"]


def test_saving_what_is_there_already_plans_nothing(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    press(log_in(shop), "/settings", **form(cold_start_days="0"))
    with connector.db.begin() as tx:
        assert plans.dirty_stocks(tx, shop.id, 100) == ()


def test_refused_settings_plan_nothing(connector: Connector, log_in: LogIn) -> None:
    shop = given.small_store(connector)
    press(log_in(shop), "/settings", **form(improve_days="0", settle_seconds="1"))
    with connector.db.begin() as tx:
        assert plans.dirty_stocks(tx, shop.id, 100) == ()


def test_the_time_zone_of_the_store_is_the_time_zone_of_the_desk(log_in: LogIn, shop: Shop) -> None:
    browser = log_in(shop)
    press(browser, "/settings", **form(timezone="America/Sao_Paulo"))
    assert "Connected 23 November 2026, 09:00 America/Sao_Paulo" in read(browser.get("/").text).text
