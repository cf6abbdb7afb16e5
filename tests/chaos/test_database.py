"""The database goes away and comes back; nobody waits long for a refusal, and nobody has to lend a hand."""

import itertools
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from connector.store.tables import inbox
from tests.chaos.house import House, house
from tests.chaos.postgres import Postgres, postgres
from tests.chaos.posting import Flood, Told
from tests.chaos.storefront import numbers_of, open_storefront
from tests.chaos.waiting import until
from tests.fakes.sendgrid import SendGridService

LONGEST = 4.0


@pytest.fixture
def own_server() -> Iterator[Postgres]:
    """A PostgreSQL that a test may stop."""
    with postgres() as server:
        yield server


@pytest.fixture
def home(own_server: Postgres, sendgrid: SendGridService, tmp_path: Path) -> Iterator[House]:
    """A house on a database that can be taken away."""
    with house(own_server.url, tmp_path, sendgrid) as made:
        yield made


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_while_the_database_is_away_webhooks_are_refused_quickly_and_all_recovers_unaided(
    home: House, own_server: Postgres, how: str
) -> None:
    home.sendgrid.latency = 0.2
    store = open_storefront(home.connector)
    web, worker, clock = home.installation.web(), home.installation.worker(), home.installation.clock()
    away, back = (own_server.stop, own_server.start) if how == "stopped" else (own_server.freeze, own_server.thaw)
    with Flood(home.url, (store.order(number) for number in itertools.count(1)), lines=24, pause=0.2) as flood:
        home.sendgrid.wait_for(50)
        away()
        before = len(flood.told)
        until(lambda: refused(flood.told[before:], 500), 30, web.log.read_text)
        if how == "stopped":
            until(lambda: clock.says("clock_waits_for_the_database"), 20)
        assert status(f"{home.url}/readyz") == 503
        assert status(f"{home.url}/healthz") == 200
        back()
        told = len(flood.acknowledged())
        until(lambda: len(flood.acknowledged()) > told + 200, 20, web.log.read_text)
    assert {one.status for one in flood.told} == {200, 503}
    assert max(one.seconds for one in flood.told if one.status == 503) < LONGEST
    acknowledged = numbers_of([one.post for one in flood.acknowledged()])
    until(lambda: home.count(inbox, status="done") >= len(acknowledged), 120, lambda: str(home.states()))
    home.until_quiet(120)
    assert all(running.alive() for running in (web, worker, clock))
    assert {f"buyer-{number}@example.com" for number in acknowledged} <= home.mailed().keys()
    assert set(home.mailed().values()) == {1}


def refused(told: list[Told], least: int) -> bool:
    """Whether so many have been told to try again."""
    return sum(one.status == 503 for one in told) >= least


def status(url: str) -> int:
    """What a GET answers."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code
