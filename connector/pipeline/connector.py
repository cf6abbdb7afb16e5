"""The connector as one value: what it is configured to, and all that it speaks with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from connector.pipeline.calls import Calls
from connector.ports import FeedFormat, FeedSource, Mailer, Platform
from connector.store.engine import Database
from connector.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Config:
    """What the environment says, read once; see `connector.wiring.ENTRIES` for the words."""

    env: str
    home: Path
    url: str
    secret: str = field(repr=False)
    database_url: str | None = field(repr=False, default=None)
    redis_url: str | None = field(repr=False, default=None)
    dial_allow: tuple[str, ...] = ()
    shopify_origin: str | None = None
    shopify_key: str | None = None
    shopify_secret: str | None = field(repr=False, default=None)
    shopify_old_secret: str | None = field(repr=False, default=None)
    sendgrid_key: str | None = field(repr=False, default=None)
    sendgrid_url: str = "https://api.sendgrid.com"
    sendgrid_events_key: str | None = None
    mailbox: Path | None = None
    sender: str = "orders@localhost"
    port: int = 8000
    proxies: int = 0
    doubt: timedelta = timedelta(minutes=10)
    sweep_seconds: float = 2.0
    workers: int = 2
    install: bool = False
    command: str = "backorder"


@dataclass(frozen=True, slots=True)
class Connector:
    """Everything that a use case needs; `clock` tells the time, `calls` counts what is called outside."""

    config: Config
    db: Database
    vault: Vault
    platforms: Mapping[str, Platform]
    formats: Mapping[str, FeedFormat]
    sources: tuple[FeedSource, ...]
    mailer: Mailer
    clock: Callable[[], datetime]
    calls: Calls = field(default_factory=Calls)
