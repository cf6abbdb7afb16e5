"""Nonsense in any place of any command is answered by one sentence, and never by a traceback."""

import argparse
import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from connector.cli import parser
from connector.pipeline.connector import Connector
from connector.store.engine import Database
from tests.cli.conftest import Run
from tests.conftest import open_shop

SERVING = {"up", "demo", "practice-shopify"}  # they run until they are stopped
ODD = (
    "",
    " ",
    "-",
    "nan",
    "1e999",
    "99999999999999999999",
    "\udcff",
    "x" * 100_000,
    "line\nline",
    "http://[",
    "http://a:b",
    "http://127.0.0.1:99999999/",
    "https://\u2603\u0301\u200b.example/\u0000"[:-1],
    "//..",
    "/",
    "{}",
    "a=b=c,,=",
    "١٢m",
)


def commands(of: argparse.ArgumentParser, name: str = "") -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Each command by its words."""
    below = [action for action in of._actions if isinstance(action, argparse._SubParsersAction)]
    for action in below:
        for word, one in action.choices.items():
            yield from commands(one, f"{name} {word}".strip())
    if not below:
        yield name, of


ALL = {name: one for name, one in commands(parser()) if name not in SERVING}


def wordings(one: argparse.ArgumentParser, sane: dict[str, str]) -> Iterator[list[str]]:
    """Each value of a command in turn made odd, the others being sane."""
    taken = [action for action in one._actions if action.nargs != 0]
    for odd_one in taken:
        for odd in ODD:
            yield [
                word
                for action in taken
                for word in said(action, odd if action is odd_one else sane.get(action.dest, "x"))
            ]


def said(action: argparse.Action, text: str) -> list[str]:
    return [f"{action.option_strings[0]}={text}"] if action.option_strings else ["--", text]


@pytest.mark.parametrize("name", sorted(ALL))
def test_nonsense_is_answered_by_one_sentence(
    run: Run, connector: Connector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    shop = open_shop(connector, platform="woocommerce")
    sane = {"feed": "1", "store": shop.id, "url": "https://127.0.0.1:1/x", "platform": shop.platform}
    sane |= {"format": "csv", "map": "sku=a,quantity=b", "every": "15m", "age": "0", "quantile": "0.9", "shop": ""}
    sane |= {"first": "2026-03-01", "last": "2026-03-02", "deliveries": "no-such-file"}
    monkeypatch.setattr(Database, "migrate", lambda _: None)  # the fixture has done so
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"{")))
    monkeypatch.chdir(tmp_path)
    wrong = []
    for words in wordings(ALL[name], sane):
        done = run(*name.split(), *words)
        if done.code not in (0, 1, 2) or (done.code and (done.err.count("\n") != 1 or len(done.err) > 500)):
            wrong.append((words, done))
    assert wrong == []


@pytest.mark.parametrize("name", sorted({*ALL, *SERVING, "", "store", "feed"}))
def test_an_option_that_there_is_not_is_one_line_with_a_hint(run: Run, name: str) -> None:
    done = run(*name.split(), "--fly")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert done.err.startswith("backorder: ")
    assert re.search(r"; see backorder [a-z -]*--help\n$", done.err)
