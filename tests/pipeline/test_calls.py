"""What all processes call outside is added up, job by job."""

import pytest

import jobs
from connector.domain.errors import Retryable
from connector.pipeline.calls import Calls
from connector.store import calls
from connector.store.engine import Database
from jobs.waking import take_up
from tests.pipeline.given import House


def totals(home: House) -> dict[tuple[str, str], int]:
    with home.connector.db.begin() as tx:
        return calls.totals(tx)


def test_what_several_processes_called_is_added_up(home: House) -> None:
    web, worker = Calls(), Calls()
    web.note("woocommerce", "ok")
    for outcome in ("ok", "failed", "ok"):
        worker.note("woocommerce", outcome)
    for process in (web, worker, web, worker):
        process.write_down(home.connector.db)
    worker.note("shopify", "throttled")
    worker.write_down(home.connector.db)
    assert totals(home) == {
        ("shopify", "throttled"): 1,
        ("woocommerce", "failed"): 1,
        ("woocommerce", "ok"): 3,
    }


def test_calls_wait_for_a_database_that_is_away(home: House) -> None:
    away, worker = Database("postgresql://postgres@127.0.0.1:1/postgres"), Calls()
    worker.note("feeds", "ok")
    worker.write_down(away)
    away.close()
    worker.note("feeds", "ok")
    worker.write_down(home.connector.db)
    assert totals(home) == {("feeds", "ok"): 2}


@pytest.mark.parametrize("trouble", [None, Retryable("not now"), RuntimeError("a fault of ours")])
def test_a_job_writes_down_what_it_called_however_it_ends(
    home: House, monkeypatch: pytest.MonkeyPatch, trouble: Exception | None
) -> None:
    def run(*_: object) -> None:
        home.connector.calls.note("shopify", "refused")
        if trouble:
            raise trouble

    monkeypatch.setattr(jobs.waking, "JOBS", {"perform": run})
    try:
        take_up(home.connector, lambda *_: None, None, "perform", home.shop.id)
    except RuntimeError as error:
        assert error is trouble
    assert totals(home) == {("shopify", "refused"): 1}


def test_nothing_is_written_where_nothing_was_called(home: House) -> None:
    Calls().write_down(None)  # type: ignore[arg-type] # no database is asked
    assert totals(home) == {}
