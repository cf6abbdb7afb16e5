"""Where a bench runs: a PostgreSQL of its own, a connector, and an installation that has no process yet."""

import contextlib
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from connector.pipeline.connector import Config, Connector
from connector.wiring import build
from tests.chaos.installation import Installation, free_port, installation
from tests.chaos.postgres import Postgres, postgres


@dataclass(frozen=True, slots=True)
class Place:
    """All that a bench needs."""

    server: Postgres
    connector: Connector
    installation: Installation


@contextlib.contextmanager
def place(**changed: object) -> Iterator[Place]:
    """A fresh place; `changed` replaces entries of the configuration."""
    with postgres() as server, tempfile.TemporaryDirectory(prefix="backorder-bench-") as folder:
        port = free_port()
        given: dict[str, object] = {
            "env": "test",
            "home": Path(folder),
            "url": f"http://127.0.0.1:{port}",
            "secret": "a secret of the benches, long enough",
            "database_url": server.url,
            "mailbox": Path(folder) / "mailbox",
            "port": port,
        }
        config = Config(**{**given, **changed})  # type: ignore[arg-type]
        connector = build(config, lambda: datetime.now(UTC))
        with installation(config, Path(folder) / "logs") as made:
            yield Place(server, connector, made)
        connector.db.close()
