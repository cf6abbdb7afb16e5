"""`backorder simulate` prints what would happen, or one line that says what is wrong, and nothing else."""

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from connector.store.engine import Database
from connector.store.scratch import scratch
from connector.store.tables import stores
from tests.cli.conftest import Run
from tests.pipeline.scenes import order, receipt, scenario, supply

SCENE = scenario(
    supply("2026-03-01T08:00:00Z", ("PO-1", 10, "2026-03-05")),
    order("2026-03-01T10:00:00Z"),
    receipt("2026-03-04T10:00:00Z", 10),
)


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A file with a scenario."""
    file = tmp_path / "scene.json"
    file.write_bytes(SCENE)
    return file


def test_one_json_object_a_line_and_the_summary_last(run: Run, scene: Path) -> None:
    done = run("simulate", str(scene))
    assert (done.code, done.err) == (0, "")
    lines = done.json()
    assert [line["kind"] for line in lines] == [
        "listing",
        "promise",
        "filled",
        "listing",
        "notice",
        "filled",
        "listing",
        "notice",
        "summary",
    ]
    assert (lines[-1]["promises"], lines[-1]["promises_kept"], lines[-1]["notices"]) == (1, 1, 2)


def test_the_same_file_twice_is_the_same_output_byte_for_byte(run: Run, scene: Path) -> None:
    assert run("simulate", str(scene)).out == run("simulate", str(scene), "--json").out


def test_a_long_one_says_how_far_it_has_got_beside_the_data(run: Run, tmp_path: Path) -> None:
    file, story = tmp_path / "long.json", json.loads(SCENE)
    file.write_text(json.dumps(story | {"until": "2026-12-31T12:00:00Z"}))
    done = run("simulate", str(file))
    assert (done.code, done.json()[-1]["kind"]) == (0, "summary")
    assert re.fullmatch(r"simulated: up to 2026-1[01]-\d\d\n", done.err)


def test_a_scenario_may_come_by_standard_input(run: Run, scene: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    by_name = run("simulate", str(scene))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(SCENE)))
    assert run("simulate", "-").out == by_name.out
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"")))
    assert run("simulate", "-").err == "backorder: standard input: Input data was truncated\n"


def test_nothing_stays_behind(run: Run, scene: Path, database: Database) -> None:
    run("simulate", str(scene))
    with database.begin() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(stores)) == 0
        left = sa.text("select count(*) from pg_database where datname like 'backorder_scratch_%'")
        assert tx.scalar(left) == 0


def refused(run: Run, tmp_path: Path, text: bytes) -> str:
    """The one line that a scenario is refused with."""
    file = tmp_path / "bad.json"
    file.write_bytes(text)
    done = run("simulate", str(file))
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    return done.err.rstrip().replace(str(file), file.name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", "backorder: bad.json: Input data was truncated"),
        (b"{}", "backorder: bad.json: Object missing required field `events`"),
        (
            SCENE.replace(b'"price"', b'"prize"'),
            "backorder: bad.json: Object contains unknown field `prize` - at `$.products[0]`",
        ),
        (
            SCENE.replace(b'"reference": "PO-1", "sku": "LAMP", "quantity": 10, "expected"', b'"when"'),
            "backorder: bad.json: Object contains unknown field `when` - at `$.events[0].rows[0]`",
        ),
        (
            SCENE.replace(b'"2026-03-01T10:00:00Z"', b'"2026-03-01T10:00:00"'),
            "backorder: bad.json: Expected `datetime` with a timezone component - at `$.events[1].at`",
        ),
        (
            SCENE.replace(b'"quantity": 3', b'"quantity": 0'),
            "backorder: bad.json: Expected `int` >= 1 - at `$.events[1].lines[0].quantity`",
        ),
    ],
)
def test_a_scenario_that_cannot_be_read_is_refused_by_its_place(
    run: Run, tmp_path: Path, text: bytes, expected: str
) -> None:
    assert refused(run, tmp_path, text) == expected


def test_a_setting_that_is_wrong_is_refused_by_its_name(run: Run, tmp_path: Path) -> None:
    text = scenario(order("2026-03-01T10:00:00Z"), settings={"timezone": "Mars"})
    assert refused(run, tmp_path, text) == (
        "backorder: bad.json: settings.timezone: must be a time zone such as Europe/Berlin"
    )


def test_what_turns_out_impossible_in_the_middle_prints_nothing_of_what_came_before(run: Run, tmp_path: Path) -> None:
    lines = [{"id": "1", "quantity": 9}]
    ships = {"at": "2026-03-02T10:00:00Z", "type": "shipment", "order": "1001", "lines": lines}
    assert refused(run, tmp_path, scenario(order("2026-03-01T10:00:00Z"), ships)) == (
        "backorder: bad.json: order 1001 line 1 ships 9 units at 2026-03-02T10:00:00+00:00, and only 2 can"
    )


def test_what_is_strange_is_played_in_its_defined_way_and_told_beside_the_lines(run: Run, tmp_path: Path) -> None:
    rows = (("PO-1", 2, "2026-03-20"), ("PO-1", 1, "2026-03-21"), ("PO-2", 1, "2026-02-01"))
    late = {"supplier": "acme", "promised": "2025-01-01", "delivered": "2026-03-02"}
    early = {"supplier": "acme", "promised": "2026-01-09", "delivered": "2026-01-07"}
    file = tmp_path / "scene.json"
    file.write_bytes(
        scenario(
            order("2026-03-02T10:00:00Z", country="CH"),
            supply("2026-03-01T08:00:00Z", *rows),
            receipt("2026-03-03T08:00:00Z", 3, "PO-2"),
            deliveries=[early, late],
            settings={"jurisdiction": "auto"},
        )
    )
    done = run("simulate", str(file))
    assert done.code == 0
    assert [line["kind"] for line in done.json()][-1] == "summary"
    told = done.err.splitlines()
    assert told[:4] == [
        "backorder: the events do not stand in the order of time; each happens at its own",
        "backorder: $.deliveries[1] came after the first event, and all the same are known from the beginning",
        "backorder: 1 of 2 deliveries came before the promised date, by days: $.deliveries[0] (2); what is early"
        " counts as that, and makes no date earlier than the supplier's own",
        "backorder: 1 of 2 deliveries came more than 60 days early or 200 days late, which counts as so many:"
        " $.deliveries[1] (425)",
    ]
    assert [line[:91] for line in told[4:]] == [
        "backorder: 2026-03-01 08:00 UTC: acme still announces 1 row whose date has passed: 1 unit o",
        "backorder: 2026-03-01 08:00 UTC: acme names the same thing in more than one row: LAMP under",
        "backorder: 2026-03-02 10:00 UTC: There are orders whose country is CH, and no law is known ",
        "backorder: 2026-03-03 08:00 UTC: Of LAMP, 3 units came in under PO-2, which announced 1. Al",
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"quantity": -1}, "Expected `int` >= 1 - at `$.events[0].rows[0].quantity`"),
        ({"quantity": 0}, "Expected `int` >= 1 - at `$.events[0].rows[0].quantity`"),
        ({"expected": "2026-02-30"}, "Invalid RFC3339 encoded date - at `$.events[0].rows[0].expected`"),
    ],
)
def test_a_row_that_no_supplier_can_mean_is_refused_by_its_key(
    run: Run, tmp_path: Path, changed: dict[str, object], expected: str
) -> None:
    coming = supply("2026-03-01T08:00:00Z", ("PO-1", 10, "2026-03-05"))
    coming["rows"][0] |= changed
    assert refused(run, tmp_path, scenario(coming)) == f"backorder: bad.json: {expected}"


def test_a_receipt_of_what_there_is_no_product_for_is_refused_by_its_key(run: Run, tmp_path: Path) -> None:
    strange = receipt("2026-03-01T08:00:00Z", 1) | {"sku": "SOFA"}
    assert refused(run, tmp_path, scenario(strange)) == (
        "backorder: bad.json: there is no product SOFA - at `$.events[0].sku`"
    )


def test_a_file_that_is_not_there_is_bad_input(run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "missing.json"
    done = run("simulate", str(missing))
    assert (done.code, done.out, done.err) == (
        2,
        "",
        f"backorder: {missing}: No such file or directory\n",
    )


def test_a_folder_is_no_scenario(run: Run, tmp_path: Path) -> None:
    assert run("simulate", str(tmp_path)).code == 2


def test_names_that_are_no_ascii_are_printed_as_they_are(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    file.write_text(json.dumps(json.loads(SCENE), ensure_ascii=False).replace("1001", "№ 1"), encoding="utf-8")
    assert '"order": "№ 1"' in run("simulate", str(file)).out


def test_rules_of_service_are_compared_in_one_table(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "scene.json"
    lots = supply("2026-03-01T08:00:00Z", ("PO-1", 3, "2026-03-05"), ("PO-2", 9, "2026-03-20"))
    large, urgent = order("2026-03-01T10:00:00Z", "1", 5), order("2026-03-01T11:00:00Z", "2", 3, priority=1)
    file.write_bytes(scenario(lots, large, urgent, receipt("2026-03-04T10:00:00Z", 3)))
    assert run("compare", str(file), "--fill-order", "first_come,priority").out.splitlines() == [
        "rule        mean days late  worst  orders completed  notices  obligations breached",
        "first_come             0.0      0                 1        3                     0",
        "priority               2.5      5                 1        4                     0",
    ]
    wrong = run("compare", str(file), "--fill-order", "first_come,loudest")
    assert (wrong.code, wrong.out, wrong.err.count("\n")) == (2, "", 1)


def test_what_a_killed_simulation_left_is_cleared_up_and_what_another_uses_is_not(
    run: Run, scene: Path, database: Database
) -> None:
    with scratch(database) as used, database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(sa.text("create database backorder_scratch_left"))
        run("simulate", str(scene))
        there = link.scalars(
            sa.text("select datname from pg_database where datname like 'backorder_scratch_%'")
        ).all()
        assert there == [used.engine.url.database]


def test_a_simulation_that_is_ended_leaves_nothing_behind(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "long.json").write_bytes(scenario(order("2026-03-01T10:00:00Z"), until="2035-03-01T00:00:00Z"))
    environ = {**os.environ, "BACKORDER_ENV": "test", "BACKORDER_HOME": str(tmp_path), "DATABASE_URL": database_url}
    command = [sys.executable, "-m", "connector.cli", "simulate", str(tmp_path / "long.json")]
    count = sa.text("select count(*) from pg_stat_activity where datname like 'backorder_scratch_%'")
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE) as process:
        while not scalar(database, count) and process.poll() is None:
            time.sleep(0.02)
        process.terminate()
        assert (process.wait(60), process.communicate()) == (1, (None, b""))
    assert scalar(database, sa.text("select count(*) from pg_database where datname like 'backorder_scratch_%'")) == 0


def scalar(database: Database, query: sa.TextClause) -> int:
    with database.begin() as tx:
        return int(tx.scalar(query) or 0)
