"""The command line as a person uses it: words in, lines and an exit code out."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog

from connector.cli import main
from connector.store.engine import Database


@dataclass(frozen=True)
class Outcome:
    """What a command came to."""

    code: int
    out: str
    err: str

    def json(self) -> list[Any]:
        """Its output, one JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Outcome]


@pytest.fixture
def run(
    database: Database,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs `backorder` with some words; keyword arguments go into the environment."""
    environ = {
        "BACKORDER_ENV": "test",
        "BACKORDER_HOME": str(tmp_path / "home"),
        "BACKORDER_SECRET": "a secret of the tests, long enough",
        "DATABASE_URL": database_url,
        "BACKORDER_DIAL_ALLOW": "",
    }
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    def backorder(*words: str, **changed: str) -> Outcome:
        with monkeypatch.context() as patched:
            for name, value in changed.items():
                patched.setenv(name, value)
            capsys.readouterr()
            try:
                code = main(words)
            except SystemExit as ended:  # what argparse does
                code = int(ended.code or 0)
            finally:
                structlog.reset_defaults()
        return Outcome(code, *capsys.readouterr())

    return backorder
