"""Everything runs by one command, and comes to an end by one signal, or with the first process that ends."""

import contextlib
import dataclasses
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from connector.cli import demo, processes
from connector.pipeline.connector import Connector
from connector.store.engine import Database
from tests.conftest import open_shop

PATIENT = "import os, time; os.write(1, b'up\\n'); time.sleep(60)"
DEAF = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {PATIENT}"
BRIEF = "raise SystemExit(3)"
WAITING = """
import subprocess, sys
from connector.cli.processes import wait
running = [subprocess.Popen([sys.executable, "-c", text]) for text in sys.argv[1:]]
raise SystemExit(wait(running))
"""
SPAWNING = """
import os, signal, sys
from connector.cli.processes import spawn
spawn(["-c", sys.argv[1]])
os.write(1, b"spawned\\n")
signal.pause()
"""


@contextlib.contextmanager
def started(*words: str, **environ: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Python's, killed afterwards if it still runs."""
    process = subprocess.Popen([sys.executable, *words], env={**os.environ, **environ}, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def heard(process: subprocess.Popen[bytes]) -> bytes:
    """Its next line."""
    assert process.stdout is not None
    return process.stdout.readline()


def test_processes_are_ended_gently_and_the_deaf_ones_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.3)
    with started("-c", PATIENT) as patient, started("-c", DEAF) as deaf, started("-c", BRIEF) as brief:
        heard(patient)
        heard(deaf)
        brief.wait(30)
        processes.end([patient, deaf, brief])
        assert [one.returncode for one in (patient, deaf, brief)] == [-signal.SIGTERM, -signal.SIGKILL, 3]


def test_the_first_end_of_a_process_ends_all_and_is_a_failure() -> None:
    with started("-c", WAITING, BRIEF, PATIENT) as waiting:
        waiting.wait(30)
        assert waiting.returncode == 1


def test_a_signal_ends_all_and_is_no_failure() -> None:
    with started("-c", WAITING, PATIENT, PATIENT) as waiting:
        assert (heard(waiting), heard(waiting)) == (b"up\n", b"up\n")
        waiting.send_signal(signal.SIGTERM)
        waiting.wait(30)
        assert waiting.returncode == 0


def test_who_was_started_ends_with_a_parent_that_is_killed() -> None:
    with started("-c", SPAWNING, f"{PATIENT}; os.write(1, b'outlived')") as parent:
        assert {heard(parent), heard(parent)} == {b"up\n", b"spawned\n"}
        assert parent.stdout is not None
        parent.kill()
        assert parent.stdout.read() == b""  # its end comes when the child, too, has let go of it


def test_one_command_runs_web_worker_and_clock(database: Database, database_url: str, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {
        "BACKORDER_ENV": "test",
        "BACKORDER_HOME": str(tmp_path),
        "BACKORDER_SECRET": "a secret of the tests, long enough",
        "DATABASE_URL": database_url,
        "PORT": str(port),
        "BACKORDER_URL": f"http://127.0.0.1:{port}",
    }
    with started("-m", "connector.cli", "up", **environ) as up:
        assert ready(f"http://127.0.0.1:{port}/readyz", up) == "ready\n"
        up.send_signal(signal.SIGTERM)
        up.wait(60)
        assert up.returncode == 0


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "connector.worker"),
        ("-m", "connector.clock"),
        ("-m", "gunicorn", "connector.app:create()", "--bind", "127.0.0.1:0", "--log-level", "critical"),
    ],
    ids=["worker", "clock", "web"],
)
def test_a_process_that_is_configured_wrongly_says_so_in_one_line_and_ends(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, *words],
        env={**os.environ, "BACKORDER_ENV": "staging"},
        stderr=subprocess.PIPE,
        timeout=60,
        check=False,
    )
    said = "backorder: BACKORDER_ENV: must be one of production, development, test\n"
    assert (done.returncode != 0, done.stderr.decode()) == (True, said)


def test_a_port_that_is_taken_is_named_before_anything_is_begun(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environ = {**os.environ, "BACKORDER_ENV": "test", "BACKORDER_HOME": str(tmp_path), "PORT": port}
        for words, said in (
            (["up"], f"PORT: {port} is taken by another program; set PORT and BACKORDER_URL to another one"),
            (
                ["demo", "--port", port],
                f"--port {port}: is taken by another program; choose another, or leave it out for any that is free",
            ),
        ):
            command = [sys.executable, "-m", "connector.cli", *words]
            done = subprocess.run(command, env=environ, cwd=tmp_path, capture_output=True, timeout=60, check=False)
            assert (done.returncode, done.stderr.decode()) == (2, f"backorder: {said}\n")
    assert [one.name for one in tmp_path.iterdir()] == ["secret"]


def test_a_usual_port_that_is_taken_is_replaced_by_a_free_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        usual = int(taken.getsockname()[1])
        monkeypatch.setitem(demo.PORTS, "--port", usual)
        port = demo._port("--port", None)
    assert port != usual
    assert processes.is_free(port)
    said = f"Port {usual} is taken by another program, so this uses {port}; --port chooses another.\n"
    assert capsys.readouterr().err == said


def test_the_demo_has_a_command_that_reaches_its_database_for_as_long_as_it_runs(
    connector: Connector, database_url: str, tmp_path: Path
) -> None:
    shop, program = open_shop(connector), tmp_path / "a b" / "backorder"
    program.parent.mkdir()
    config = dataclasses.replace(connector.config, command=str(program), database_url=None)
    with demo.own_command(config, database_url):
        assert program.stat().st_mode & 0o777 == 0o700
        elsewhere = {**os.environ, "DATABASE_URL": "postgresql://127.0.0.1:1/away", "REDIS_URL": "redis://away"}
        command = [str(program), "store", "list", "--json"]
        done = subprocess.run(command, env=elsewhere, cwd=tmp_path, capture_output=True, timeout=60, check=False)
        assert (done.returncode, json.loads(done.stdout)["id"]) == (0, shop.id)
    assert not program.exists()


def ready(url: str, process: subprocess.Popen[bytes]) -> str:
    """The answer, once somebody answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(requests.ConnectionError):
            return requests.get(url, timeout=10).text
        time.sleep(0.05)
    raise AssertionError(f"nobody answers at {url}")
