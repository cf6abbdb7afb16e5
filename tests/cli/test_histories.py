"""`backorder backtest` on a file of deliveries: the dates that it writes, and what it says that they were worth."""

from pathlib import Path

import pytest

from tests.cli.conftest import Outcome, Run
from tests.data import SAMPLE

HEAD = "id,supplier,key2,promised,delivered,known\n"
MARCH = ("--from", "2026-03-01", "--to", "2026-03-31")
THREE = (
    "early,acme,,2026-03-01,2026-01-20,2026-01-21\n"
    "kept,acme,,2026-03-01,2026-03-03,2026-03-04\n"
    "late,acme,,2026-03-31,2026-04-30,2026-05-01\n"
    "april,acme,,2026-04-01,2026-04-01,2026-04-01\n"
)


def tried(run: Run, folder: Path, text: str, *words: str) -> Outcome:
    """A backtest of March 2026 on a file with these rows."""
    file = folder / "deliveries.csv"
    file.write_text(HEAD + text, encoding="utf-8")
    return run("backtest", str(file), *MARCH, *words)


def test_the_dates_of_all_that_was_open_in_the_period_are_written(run: Run, tmp_path: Path) -> None:
    done = tried(run, tmp_path, THREE, "--output", str(tmp_path / "etas.csv"))
    assert (done.code, done.err) == (
        0,
        "backorder: 1 of 4 deliveries came before the promised date, by days: early (40); what is early counts as"
        " that, and makes no date earlier than the supplier's own\n",
    )
    assert (
        tmp_path / "etas.csv"
    ).read_text() == "id,promised,eta\nkept,2026-03-01,2026-03-08\nlate,2026-03-31,2026-04-08\n"


def test_the_table_shows_our_dates_beside_the_suppliers_and_a_week_more(run: Run, tmp_path: Path) -> None:
    assert tried(run, tmp_path, THREE).out.splitlines() == [
        "promise          promises  hit rate  padding  pinball",
        "calibrated              2     50.0%      5.0   10.150",
        "supplier's date         2      0.0%      0.0   14.400",
        "+7 days                 2     50.0%      5.0   10.600",
    ]


def test_the_figures_come_as_json_too(run: Run, tmp_path: Path) -> None:
    (found,) = tried(run, tmp_path, THREE, "--json", "--quantile", "0.5").json()
    assert found["supplier's date"] == {"promises": 2, "hit_rate": 0.0, "padding": 0.0, "pinball": 8.0}
    assert list(found) == ["calibrated", "supplier's date", "+7 days"]


def test_on_the_missed_date_only_what_had_not_come_is_promised_anew(run: Run, tmp_path: Path) -> None:
    tried(run, tmp_path, THREE, "--age", "0", "--output", str(tmp_path / "etas.csv"))
    assert (tmp_path / "etas.csv").read_text() == (
        "id,promised,eta\nkept,2026-03-01,2026-03-11\nlate,2026-03-31,2026-04-08\n"
    )


def test_no_secret_and_no_database_are_needed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deliveries.csv").write_text(HEAD + THREE)
    nothing = {"BACKORDER_ENV": "", "BACKORDER_SECRET": "", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    assert run("backtest", str(tmp_path / "deliveries.csv"), *MARCH, **nothing).code == 0


def test_real_deliveries_are_promised_better_than_their_suppliers_did(run: Run) -> None:
    (found,) = run("backtest", str(SAMPLE), "--from", "2010-07-01", "--to", "2012-12-31", "--json").json()
    rounded = {
        way: (one["promises"], round(one["hit_rate"], 4), round(one["pinball"], 3)) for way, one in found.items()
    }
    assert rounded == {
        "calibrated": (375, 0.9307, 2.368),
        "supplier's date": (375, 0.9093, 2.799),
        "+7 days": (375, 0.9253, 2.91),
    }


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (THREE, ("--quantile", "2"), "--quantile: must be from 0.5 to 0.99"),
        (THREE, ("--age", "9999"), "--age: must be from -365 to 365"),
        (THREE, ("--to", "soon"), "--to 'soon': must be a date such as 2026-03-20"),
        (THREE, ("--to", "2026-02-01"), "backtest: no delivery was promised in that time and still open at that age"),
        (THREE, ("--output", "/no/such/folder/x.csv"), "/no/such/folder/x.csv: No such file or directory"),
        (
            "a,acme,,2026-03-01,2026-03-02,2026-03-01\n",
            (),
            "{file}: line 2: it was known before it was delivered",
        ),
        (
            "a,acme,,2026-03-41,2026-03-02,2026-03-01\n",
            (),
            "{file}: line 2: promised '2026-03-41' is no date such as 2026-03-20",
        ),
        (
            "a,acme,,0001-01-01,2026-03-02,2026-03-02\n",
            (),
            "{file}: line 2: promised '0001-01-01' must be from 1970 to 2200",
        ),
        ("a,,,2026-03-01,2026-03-02,2026-03-02\n", (), "{file}: line 2: id and supplier are needed"),
        (THREE + THREE, (), "{file}: an id stands in two lines"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(
    run: Run, tmp_path: Path, text: str, words: tuple[str, ...], expected: str
) -> None:
    done = tried(run, tmp_path, text, *words)
    assert (done.code, done.out, done.err) == (
        2,
        "",
        f"backorder: {expected.format(file=tmp_path / 'deliveries.csv')}\n",
    )


def test_a_file_without_a_column_says_which(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "deliveries.csv"
    file.write_text("id,supplier\n1,acme\n")
    assert run("backtest", str(file), *MARCH).err == (
        f"backorder: {file}: there is no column key2;"
        " there must be id, supplier, key2, promised, delivered, known\n"
    )
