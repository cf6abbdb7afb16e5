"""The tables that everything is registered in fit what they are about: jobs, effects, mailers, and the README."""

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import get_args

import pytest

import jobs
from connector.cli.configuration import markdown
from connector.domain.effects import Effect
from connector.domain.errors import BadInput, BadSignature
from connector.pipeline.connector import Connector
from connector.ports import Letter
from connector.store.outbox import KINDS
from connector.wiring import ENTRIES, environment, read_config
from jobs import JOBS, SCHEDULE
from tests.conftest import NOW

ROOT = Path(__file__).parents[2]


def test_every_tick_wakes_a_job_that_there_is() -> None:
    assert [tick.job for tick in SCHEDULE if tick.job not in JOBS] == []
    assert len({tick.job for tick in SCHEDULE}) == len(SCHEDULE)
    assert all(tick.every is None or tick.every >= timedelta(seconds=1) for tick in SCHEDULE)


def test_every_job_is_a_file_and_every_file_a_job() -> None:
    modules = [import_module(f"jobs.{module.name}") for module in iter_modules(jobs.__path__)]
    runs = {module.__name__.removeprefix("jobs."): module.run for module in modules if hasattr(module, "run")}
    assert runs == JOBS


@pytest.mark.parametrize("job", JOBS)
def test_a_job_about_nothing_that_there_is_harms_nobody(connector: Connector, job: str) -> None:
    woken: list[tuple[str, str]] = []
    try:
        JOBS[job](connector, lambda *one: woken.append(one), "404")
    except BadInput as error:
        assert "404" in str(error)
    assert woken == []


def test_every_effect_has_its_kind_in_the_outbox() -> None:
    assert set(KINDS) == set(get_args(Effect))
    assert len(set(KINDS.values())) == len(KINDS)


def test_the_readme_shows_what_can_be_configured() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"<!-- config -->\n(.*)\n<!-- /config -->", readme, re.DOTALL)
    assert shown == markdown()


def test_every_variable_is_read_and_written_back_the_same() -> None:
    given = {
        "BACKORDER_ENV": "development",
        "BACKORDER_SECRET": "x" * 32,
        "BACKORDER_HOME": "/tmp/somewhere",
        "BACKORDER_URL": "https://ours.example",
        "DATABASE_URL": "postgresql://x",
        "BACKORDER_INSTALL": "yes",
        "REDIS_URL": "redis://x",
        "PORT": "81",
        "BACKORDER_COMMAND": "/tmp/somewhere/backorder",
        "BACKORDER_WORKERS": "3",
        "BACKORDER_PROXIES": "2",
        "BACKORDER_SWEEP_SECONDS": "1.5",
        "BACKORDER_SENDER": "a@ours.example",
        "SENDGRID_API_KEY": "SG.1",
        "SENDGRID_API_URL": "https://mail.example",
        "SENDGRID_EVENTS_KEY": "key",
        "BACKORDER_MAILBOX": "/tmp/mails",
        "BACKORDER_DOUBT_SECONDS": "60",
        "BACKORDER_DIAL_ALLOW": "127.0.0.1:1,127.0.0.1:2",
        "SHOPIFY_API_KEY": "0123abcd",
        "SHOPIFY_API_SECRET": "shpss_1",
        "SHOPIFY_API_SECRET_OLD": "shpss_0",
        "SHOPIFY_ORIGIN": "http://127.0.0.1:3",
    }
    assert set(given) == {entry.name for entry in ENTRIES}
    config = read_config(given)
    assert read_config(environment(config)) == config


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.name)
def test_every_variable_is_explained_in_a_sentence(entry: object) -> None:
    assert getattr(entry, "help").endswith(".")  # noqa: B009


@pytest.mark.parametrize("changed", [{"mailbox": None}, {}], ids=["console", "mailbox"])
def test_a_mailer_that_sends_nothing_takes_a_letter_and_believes_no_events(
    make_connector: Callable[..., Connector], changed: dict[str, None]
) -> None:
    mailer = make_connector(**changed).mailer
    letter = Letter("s1/notice:1:1", "ann@example.com", "Ann", "us@example.com", "Us", "Subject", "Text", "<p>", "x")
    assert mailer.send(letter) == mailer.send(letter)
    with pytest.raises(BadSignature):
        mailer.events({}, b"[]", NOW)
