"""Commands that run the product: migrate, up."""

import argparse
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from connector.cli.base import Build, Commands, add, print_json, progress
from connector.domain.errors import BadInput
from connector.pipeline.connector import Config
from connector.wiring import environment

STOP_SECONDS = 25
PR_SET_PDEATHSIG = 1
LIBC: Any = ctypes.CDLL(None) if sys.platform == "linux" else None  # elsewhere there is no such call
GUNICORN = Path(__file__).parents[2] / "gunicorn.conf.py"


def add_commands(commands: Commands) -> None:
    """migrate, up."""
    migrate = add(commands, "migrate", run_migrate, "Bring the database to its newest form.")
    migrate.add_argument("--json", action="store_true", help="print JSON")
    add(commands, "up", run_up, "Run web, worker and clock, and the embedded database where none is named.")


def run_migrate(args: argparse.Namespace, config: Config, build: Build) -> None:
    """Migrate."""
    build(config)
    if args.json:
        print_json({"migrated": True})
    else:
        print("The database is up to date.")


def run_up(args: argparse.Namespace, config: Config, build: Build) -> int:  # noqa: ARG001 - every command has this shape
    """Run everything until Ctrl-C or SIGTERM, or until one of the processes ends."""
    if not is_free(config.port):
        raise BadInput(f"PORT: {config.port} is taken by another program; set PORT and BACKORDER_URL to another one")
    connector = build(config)
    running = start(config, connector.db.url)
    progress(f"The desk is at {config.url}; `backorder login` prints the link to it. Ctrl-C stops everything.")
    return wait(running)


def is_free(port: int) -> bool:
    """Whether nobody listens at a port of this machine."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as gunicorn does, for what has just ended
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def start(config: Config, database_url: str) -> list[subprocess.Popen[bytes]]:
    """Web, worker and clock as processes of their own, on one database."""
    environ = {**os.environ, **environment(config), "DATABASE_URL": database_url}
    gunicorn = ["gunicorn", "connector.app:create()", "--config", str(GUNICORN), "--bind", f"127.0.0.1:{config.port}"]
    commands = (["-m", *gunicorn], ["-m", "connector.worker"], ["-m", "connector.clock"])
    return [spawn(command, environ) for command in commands]


def spawn(command: Sequence[str], environ: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """One of our own modules as a process that ends when this one does, even where this one is killed."""
    return subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, *command],
        env=environ,
        start_new_session=True,
        preexec_fn=_end_with_parent if LIBC else None,  # one system call: safe beside threads
    )


def _end_with_parent() -> None:
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def wait(running: list[subprocess.Popen[bytes]]) -> int:
    """Until a signal or the first end of a process; then all are ended, gently first."""
    stopped: list[int] = []

    def stop(signum: int, frame: FrameType | None) -> None:  # noqa: ARG001 - the shape of a signal handler
        stopped.append(signum)

    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, stop)
    while not stopped and all(process.poll() is None for process in running):
        time.sleep(0.2)
    end(running)
    return 0 if stopped else 1


def end(running: list[subprocess.Popen[bytes]]) -> None:
    """End processes: SIGTERM, and SIGKILL for whoever does not come to an end."""
    for process in running:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
