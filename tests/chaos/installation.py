"""The installation: gunicorn, workers and clocks as processes of their own, on one database."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil

from connector.pipeline.connector import Config
from connector.wiring import environment
from tests.chaos.waiting import until

ROOT = Path(__file__).parent.parent.parent
UP_SECONDS = 30.0
GUNICORN = ("-m", "gunicorn", "--config", str(ROOT / "gunicorn.conf.py"))


def free_port() -> int:
    """A port that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """One process with what it says in a file; ended by its own id only."""

    def __init__(self, command: tuple[str, ...], environ: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env={**os.environ, **environ},
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.pid = self._process.pid

    def says(self, text: str) -> bool:
        """Whether it has written this."""
        return text in self.log.read_text()

    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def children(self) -> list[psutil.Process]:
        """The processes that it has started (gunicorn's workers)."""
        return psutil.Process(self.pid).children()

    def kill(self) -> None:
        """kill -9, to it and to what it has started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def terminate(self) -> float:
        """SIGTERM; the seconds until it was gone, with its children. Fails after 30."""
        began = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)
        return time.monotonic() - began

    def end(self) -> None:
        """End it whatever state it is in."""
        if self.alive():
            self._process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(25)
        self.kill()


class Installation:
    """Starts the product's processes with one configuration, and ends them all."""

    def __init__(self, config: Config, folder: Path) -> None:
        self.config = config
        self.url = config.url
        self._folder = folder
        self._all: list[Running] = []

    def web(self, workers: int = 1) -> Running:
        """gunicorn with its worker processes, ready to answer."""
        bind = ("--workers", str(workers), "--bind", f"127.0.0.1:{self.config.port}")
        running = self.start("web", (*GUNICORN, *bind, "connector.app:create()"))
        until(self.answers, UP_SECONDS, running.log.read_text)
        return running

    def worker(self) -> Running:
        """A worker that takes tasks."""
        running = self.start("worker", ("-m", "connector.worker"))
        until(lambda: running.says("worker_is_up"), UP_SECONDS, running.log.read_text)
        return running

    def clock(self) -> Running:
        """A clock; it may be standing by."""
        return self.start("clock", ("-m", "connector.clock"))

    def start(self, name: str, command: tuple[str, ...], environ: Mapping[str, str] | None = None) -> Running:
        """Any process with the installation's environment."""
        log = self._folder / f"{name}-{len(self._all)}.log"
        running = Running(command, {**environment(self.config), **(environ or {})}, log)
        self._all.append(running)
        return running

    def answers(self) -> bool:
        """Whether the web process can work."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.HTTPError):
            return False

    def end(self) -> None:
        """End every process."""
        for running in reversed(self._all):
            running.end()


@contextlib.contextmanager
def installation(config: Config, folder: Path) -> Iterator[Installation]:
    """An installation without a process yet; all that were started end with it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Installation(config, folder)
    try:
        yield made
    finally:
        made.end()
