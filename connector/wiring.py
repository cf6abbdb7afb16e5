"""The one place that knows who is who: the environment is read, adapters are made, the connector is put together."""

import re
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from adapters import FORMATS, PLATFORMS, SOURCES
from adapters.http import Http
from adapters.mail.console import Console
from adapters.mail.mailbox import Mailbox
from adapters.mail.sendgrid import SendGrid
from adapters.shopify.keys import AppKeys
from adapters.shopify.manifest import manifest
from connector.domain.errors import BadInput
from connector.pipeline.calls import Calls
from connector.pipeline.connector import Config, Connector
from connector.ports import Mailer
from connector.store.engine import Database, embedded
from connector.store.vault import Vault

ENVIRONMENTS = ("production", "development", "test")


@dataclass(frozen=True, slots=True)
class Entry:
    """One variable of the environment."""

    name: str
    default: str
    help: str


ENTRIES = (
    Entry("BACKORDER_ENV", "production", "production, development or test; the last two loosen what is said below."),
    Entry(
        "BACKORDER_URL",
        "http://127.0.0.1:8000",
        "Public address of this installation; webhooks and links use it. In production it has to be https.",
    ),
    Entry(
        "BACKORDER_SECRET",
        "",
        "Master secret of the installation, at least 32 characters; seals credentials and sessions. Required in"
        " production; elsewhere one is made and kept in BACKORDER_HOME.",
    ),
    Entry("BACKORDER_HOME", "~/.backorder", "Folder of the embedded database and of what is made on first use."),
    Entry("DATABASE_URL", "", "PostgreSQL 14 or later; empty: one that comes along runs inside BACKORDER_HOME."),
    Entry(
        "BACKORDER_INSTALL",
        "no",
        "yes: whoever has a WooCommerce store may connect it at /install; no: only `backorder store add` does.",
    ),
    Entry("REDIS_URL", "", "Redis for the task queue; empty: the queue is kept in PostgreSQL."),
    Entry("PORT", "8000", "Port of the web process."),
    Entry(
        "BACKORDER_PROXIES",
        "0",
        "How many proxies of yours stand before the web process; X-Forwarded-For is believed that far.",
    ),
    Entry("BACKORDER_COMMAND", "backorder", "How the command line is called here; pages that name a command say it."),
    Entry("BACKORDER_WORKERS", "2", "Threads of one worker process."),
    Entry("BACKORDER_SWEEP_SECONDS", "2", "How often the clock wakes what is due, in seconds."),
    Entry("BACKORDER_SENDER", "orders@localhost", "Address that notices come from where a store has set none."),
    Entry("SENDGRID_API_KEY", "", "Key of SendGrid; empty: mails are written to the console instead."),
    Entry("SENDGRID_API_URL", "https://api.sendgrid.com", "Address of SendGrid's API."),
    Entry("SENDGRID_EVENTS_KEY", "", "Verification key of SendGrid's event webhook."),
    Entry("BACKORDER_MAILBOX", "", "Folder that mails are written to instead of being sent; refused in production."),
    Entry(
        "BACKORDER_DOUBT_SECONDS",
        "600",
        "How long to wait for word of a mail that may or may not have been sent, before it goes again.",
    ),
    Entry(
        "BACKORDER_DIAL_ALLOW",
        "",
        "Loopback addresses, such as 127.0.0.1:8089, that outgoing calls may reach; refused in production.",
    ),
    Entry(
        "SHOPIFY_API_KEY",
        "",
        "Client id of your Shopify app; with it and the secret, merchants connect their shops at /shopify.",
    ),
    Entry(
        "SHOPIFY_API_SECRET",
        "",
        "API secret of your Shopify app; signs the webhooks of stores that are added without --api-secret.",
    ),
    Entry(
        "SHOPIFY_API_SECRET_OLD",
        "",
        "The secret before, for as long as Shopify may still sign with it; empty: none is being changed.",
    ),
    Entry("SHOPIFY_ORIGIN", "", "Origin that stands for https://{shop}; refused in production."),
)


ADDRESSES = {
    "BACKORDER_URL": ("http", "https"),
    "DATABASE_URL": ("postgresql", "postgres", "postgresql+psycopg"),
    "REDIS_URL": ("redis", "rediss", "unix"),
    "SENDGRID_API_URL": ("http", "https"),
    "SHOPIFY_ORIGIN": ("http", "https"),
}


def read_config(environ: Mapping[str, str]) -> Config:
    """The configuration; BadInput names the variable that is wrong."""
    given = {entry.name: environ.get(entry.name, "").strip() or entry.default for entry in ENTRIES}
    env = given["BACKORDER_ENV"]
    if env not in ENVIRONMENTS:
        raise BadInput(f"BACKORDER_ENV: must be one of {', '.join(ENVIRONMENTS)}")
    if env == "production":
        for name in ("BACKORDER_DIAL_ALLOW", "SHOPIFY_ORIGIN", "BACKORDER_MAILBOX"):
            if given[name]:
                raise BadInput(f"{name}: is refused in production")
    for name in ADDRESSES:
        _check_address(name, given[name])
    home = Path(given["BACKORDER_HOME"]).expanduser()
    if given["BACKORDER_INSTALL"] not in ("yes", "no"):
        raise BadInput("BACKORDER_INSTALL: must be yes or no")
    secret = _secret(given["BACKORDER_SECRET"], env, home)
    config = Config(
        env=env,
        home=home,
        url=given["BACKORDER_URL"].rstrip("/"),
        secret=secret,
        database_url=given["DATABASE_URL"] or None,
        install=given["BACKORDER_INSTALL"] == "yes",
        redis_url=given["REDIS_URL"] or None,
        dial_allow=tuple(part.strip() for part in given["BACKORDER_DIAL_ALLOW"].split(",") if part.strip()),
        shopify_origin=given["SHOPIFY_ORIGIN"].rstrip("/") or None,
        shopify_key=given["SHOPIFY_API_KEY"] or None,
        shopify_secret=given["SHOPIFY_API_SECRET"] or None,
        shopify_old_secret=given["SHOPIFY_API_SECRET_OLD"] or None,
        sendgrid_key=given["SENDGRID_API_KEY"] or None,
        sendgrid_url=given["SENDGRID_API_URL"].rstrip("/"),
        sendgrid_events_key=given["SENDGRID_EVENTS_KEY"] or None,
        mailbox=Path(given["BACKORDER_MAILBOX"]) if given["BACKORDER_MAILBOX"] else None,
        sender=given["BACKORDER_SENDER"],
        port=_whole(given, "PORT", 1, 65_535),
        proxies=_whole(given, "BACKORDER_PROXIES", 0, 10),
        doubt=timedelta(seconds=_seconds(given, "BACKORDER_DOUBT_SECONDS")),
        sweep_seconds=_seconds(given, "BACKORDER_SWEEP_SECONDS"),
        workers=_whole(given, "BACKORDER_WORKERS", 1, 256),
        command=given["BACKORDER_COMMAND"],
    )
    if env == "production" and urlsplit(config.url).scheme != "https":
        raise BadInput("BACKORDER_URL: must be an address that begins with https:// in production")
    return config


def environment(config: Config) -> dict[str, str]:
    """The environment that makes this configuration, for processes of our own."""
    given = {
        "BACKORDER_ENV": config.env,
        "BACKORDER_URL": config.url,
        "BACKORDER_SECRET": config.secret,
        "BACKORDER_HOME": str(config.home),
        "DATABASE_URL": config.database_url,
        "BACKORDER_INSTALL": "yes" if config.install else "no",
        "REDIS_URL": config.redis_url,
        "PORT": str(config.port),
        "BACKORDER_PROXIES": str(config.proxies),
        "BACKORDER_COMMAND": config.command,
        "BACKORDER_WORKERS": str(config.workers),
        "BACKORDER_SWEEP_SECONDS": str(config.sweep_seconds),
        "BACKORDER_SENDER": config.sender,
        "SENDGRID_API_KEY": config.sendgrid_key,
        "SENDGRID_API_URL": config.sendgrid_url,
        "SENDGRID_EVENTS_KEY": config.sendgrid_events_key,
        "BACKORDER_MAILBOX": str(config.mailbox) if config.mailbox else None,
        "BACKORDER_DOUBT_SECONDS": str(config.doubt.total_seconds()),
        "BACKORDER_DIAL_ALLOW": ",".join(config.dial_allow),
        "SHOPIFY_API_KEY": config.shopify_key,
        "SHOPIFY_API_SECRET": config.shopify_secret,
        "SHOPIFY_API_SECRET_OLD": config.shopify_old_secret,
        "SHOPIFY_ORIGIN": config.shopify_origin,
    }
    return {name: value or "" for name, value in given.items()}


def _check_address(name: str, text: str) -> None:
    try:
        parts = urlsplit(text)
        known = parts.scheme in ADDRESSES[name] and (parts.hostname or "http" not in parts.scheme)
        known = known and (parts.port or 1) > 0
    except ValueError:
        known = False
    if text and not known:
        raise BadInput(f"{name}: must be an address that begins with {ADDRESSES[name][0]}://")


def _whole(given: Mapping[str, str], name: str, least: int, most: int) -> int:
    text = given[name]
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise BadInput(f"{name}: must be a whole number from {least} to {most}")
    return int(text)


def _seconds(given: Mapping[str, str], name: str) -> float:
    text = given[name]
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,6})?", text) or not float(text):
        raise BadInput(f"{name}: must be a number of seconds above 0")
    return float(text)


def _secret(given: str, env: str, home: Path) -> str:
    if given:
        if len(given) < 32:
            raise BadInput("BACKORDER_SECRET: must have at least 32 characters")
        return given
    if env == "production":
        raise BadInput("BACKORDER_SECRET: is required in production")
    kept = home / "secret"
    try:
        home.mkdir(parents=True, exist_ok=True)
        if not kept.exists():
            fresh = home / f"secret.{secrets.token_hex(4)}"
            fresh.write_text(secrets.token_hex(32))
            fresh.chmod(0o600)
            fresh.rename(kept)
        return kept.read_text().strip()
    except OSError as error:
        raise BadInput(f"BACKORDER_HOME: {home} cannot be used: {error.strerror}") from error


def build(
    config: Config, clock: Callable[[], datetime], *, pool_size: int = 5, patience: float | None = None
) -> Connector:
    """The connector that the configuration describes; starts the embedded database where none is named.

    `pool_size` and `patience` (in seconds) are the database's.
    """
    calls = Calls()
    http = Http(config.dial_allow, heard=calls.note)
    database_url = config.database_url or embedded(config.home)
    return Connector(
        config=config,
        db=Database(database_url, pool_size, patience),
        vault=Vault(config.secret),
        platforms={
            platform.name: platform
            for platform in (make(http, config.shopify_origin, _app_keys(config)) for make in PLATFORMS)
        },
        formats={format_.name: format_ for format_ in FORMATS},
        sources=tuple(source(http) for source in SOURCES),
        mailer=_mailer(config, http),
        clock=clock,
        calls=calls,
    )


def _app_keys(config: Config) -> AppKeys:
    return AppKeys(config.shopify_key or "", config.shopify_secret or "", config.shopify_old_secret or "")


def shopify_manifest(config: Config) -> str:
    """What Shopify has to be told of this installation's app."""
    return manifest(config.shopify_key or "", config.url)


def _mailer(config: Config, http: Http) -> Mailer:
    if config.sendgrid_key:
        return SendGrid(http, config.sendgrid_key, config.sendgrid_url, config.sendgrid_events_key)
    if config.mailbox is not None:
        return Mailbox(config.mailbox)
    return Console(sys.stdout)


def begin(environ: Mapping[str, str]) -> Config:
    """The configuration of a process that begins, with its logging; where it is wrong, it ends with one line."""
    try:
        config = read_config(environ)
    except BadInput as error:
        raise SystemExit(f"backorder: {error}") from error
    set_up_logging(config.env)
    return config


def set_up_logging(env: str) -> None:
    """One line a message: readable in development, JSON in production."""
    shape = (
        structlog.processors.JSONRenderer() if env == "production" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.TimeStamper(fmt="iso"), shape]
    )
