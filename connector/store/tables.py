"""The tables; all but `stores` and `consents` belong to a store, and their keys begin with it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _when(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _words(name: str, *, key: bool = False, default: str | None = None) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=False, server_default=default)


def _count(name: str, default: str | None = "0") -> Column[int]:
    return Column(name, Integer, nullable=False, server_default=default)


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=false())


def _store(*, key: bool = True) -> Column[str]:
    return Column("store", Text, ForeignKey("stores.id", ondelete="CASCADE"), primary_key=key, nullable=False)


stores = Table(
    "stores",
    metadata,
    _words("id", key=True),
    _words("platform"),
    _words("address"),
    _words("name"),
    _words("currency", default=""),
    _words("version", default=""),
    _words("status", default="active"),
    Column("hook_token", Text, nullable=False, unique=True),
    Column("settings", JSONB, nullable=False, server_default="{}"),
    Column("progress", JSONB, nullable=False, server_default="{}"),
    _when("connected_at"),
    _when("reconciled_at", nullable=True),
    Column("watched_through", Date),
    _when("importing_until", nullable=True),
    Column("checkup", JSONB(none_as_null=True)),
    UniqueConstraint("platform", "address"),
)

secrets = Table(
    "secrets",
    metadata,
    _store(),
    _words("name", key=True),
    Column("sealed", LargeBinary, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _store(key=False),
    _words("dedupe_key"),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    _when("received_at"),
    _words("status", default="due"),
    _count("attempts"),
    _when("available_at"),
    Column("error", Text),
    UniqueConstraint("store", "dedupe_key"),
    Index("ix_inbox_due", "store", "id", postgresql_where=text("status = 'due'")),
)

items = Table(
    "items",
    metadata,
    _store(),
    _words("item", key=True),
    Column("parent", Text),
    _words("sku"),
    _words("title"),
    _words("stock"),
    _flag("tracked"),
    _flag("on_backorder"),
    _flag("sells_beyond"),
    _flag("on_sale"),
    _flag("stock_only"),
    _flag("gone"),
    _words("url", default=""),
    Column("price", Numeric(14, 4)),
    _when("seen_at"),
    _when("read_at"),
    Column("written", JSONB),
    Column("offer", JSONB),
    _when("restored_at", nullable=True),
    Column("restored_to", Boolean),
    _flag("wiped"),
    Index("ix_items_stock", "store", "stock"),
    Index("ix_items_sku", "store", "sku"),
    Index("ix_items_parent", "store", "parent"),
)

levels = Table(
    "levels",
    metadata,
    _store(),
    _words("stock", key=True),
    _words("location", key=True),
    Column("available", Integer, nullable=False),
    _when("seen_at"),
    _when("read_at"),
)

plans = Table(
    "plans",
    metadata,
    _store(),
    _words("stock", key=True),
    _flag("dirty"),
    Column("balance", JSONB),
    _flag("doubted"),
    _when("asked_at", nullable=True),
    _count("shipped"),
    _count("freed"),
    _when("look_again_at", nullable=True),
    _flag("came_in"),
    Column("counted", Integer),
    _count("rose_by"),
    Column("rose_on", Date),
    Index("ix_plans_dirty", "store", postgresql_where=text("dirty")),
)

orders = Table(
    "orders",
    metadata,
    _store(),
    _words("order", key=True),
    _words("number", default=""),
    _words("state"),
    _when("placed_at", nullable=True),
    _when("seen_at"),
    _words("tie"),
    _when("unpaid_at", nullable=True),
    _when("taken_first", nullable=True),
    _words("email", default=""),
    _words("name", default=""),
    _words("country", default=""),
    _words("region", default=""),
    _words("locale", default=""),
    _words("segment", default=""),
    _count("priority"),
    _flag("ship_complete"),
    _flag("ships_apart"),
    Column("stated_days", Integer),
    _words("stage", default=""),
    Column("told_eta", Date),
    _count("notices"),
    _flag("news"),
    _flag("refunded"),
    Column("unreached", Integer),
    _words("bounced", default=""),
    _flag("offered"),
    Column("clock", JSONB),
    _when("wake_at", nullable=True),
    Index("ix_orders_wake", "wake_at", postgresql_where=text("wake_at is not null")),
    Index("ix_orders_state", "store", "state"),
    Index("ix_orders_whole", "store", "order", postgresql_where=text("ship_complete")),
    Index("ix_orders_placed", "store", "placed_at"),
    Index("ix_orders_news", "store", postgresql_where=text("news")),
)

lines = Table(
    "lines",
    metadata,
    _store(),
    _words("order", key=True),
    _words("line", key=True),
    _words("item"),
    Column("stock", Text),
    _words("sku"),
    _words("title"),
    _flag("open"),
    Column("quantity", Integer, nullable=False),
    _count("shipped"),
    _count("taken"),
    _count("filled"),
    _count("waiting"),
    _flag("promised"),
    Column("eta", Date),
    Column("lot", Text),
    Column("lot_ready", Date),
    _flag("estimated"),
    _flag("pinned"),
    _words("pin_lot", default=""),
    _flag("news"),
    _flag("cancelled"),
    Index("ix_lines_open", "store", "stock", postgresql_where=text("open")),
    Index("ix_lines_item", "store", "item"),
    Index("ix_lines_kept", "store", "stock", postgresql_where=text("not open and taken > 0")),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _store(key=False),
    _words("supplier"),
    _words("url"),
    _words("format"),
    Column("mapping", JSONB, nullable=False),
    _count("every_seconds", None),
    _words("status", default="active"),
    Column("etag", Text),
    Column("last_modified", Text),
    _when("due_at"),
    _when("polled_at", nullable=True),
    _when("good_at", nullable=True),
    _count("failures"),
    Column("problem", Text),
    Column("quarantined", JSONB),
    _flag("run_anyway"),
    _when("taken_until", nullable=True),
    Column("digest", Text),
    Column("refused", Text),
    _when("changed_at", nullable=True),
    _count("returns"),
    UniqueConstraint("store", "supplier"),
    Index("ix_feeds_due", "due_at", postgresql_where=text("status = 'active'")),
)

supply = Table(
    "supply",
    metadata,
    _store(),
    _words("supplier", key=True),
    Column("row", Integer, primary_key=True),
    _words("reference"),
    _words("sku"),
    Column("stock", Text),
    Column("quantity", Integer, nullable=False),
    Column("expected", Date),
    _words("location"),
    Column("since", Date, nullable=False, server_default=text("current_date")),
    Index("ix_supply_stock", "store", "stock"),
    Index("ix_supply_sku", "store", "sku"),
)

supply_before = Table(
    "supply_before",
    metadata,
    _store(),
    _words("supplier", key=True),
    Column("row", Integer, primary_key=True),
    _words("reference"),
    _words("sku"),
    Column("quantity", Integer, nullable=False),
    Column("expected", Date),
    _words("location"),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _store(key=False),
    _words("supplier"),
    _words("reference"),
    _words("sku"),
    _words("location"),
    Column("expected", Date),
    Column("day", Date, nullable=False),
    Column("quantity", Integer, nullable=False),
    Index("ix_arrivals_sku", "store", "sku", "supplier", "day"),
)

slips = Table(
    "slips",
    metadata,
    _store(),
    _words("measure", key=True),
    _words("supplier", key=True),
    _words("second", key=True),
    Column("histogram", JSONB, nullable=False),
)

demand = Table(
    "demand",
    metadata,
    _store(),
    _words("stock", key=True),
    Column("recent", JSONB, nullable=False),
    Column("free", Integer),
    Column("rate", Float),
    Column("cover", Float),
    Column("until", Date),
    Column("lot", Date),
    Column("risk", Float),
    Column("reorder_by", Date),
    _flag("warned"),
    Index("ix_demand_urgent", "store", "warned", "reorder_by"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _store(key=False),
    _words("kind"),
    _words("key"),
    Column("order", Text),
    Column("effect", JSONB, nullable=False),
    _count("version", "1"),
    _words("status", default="due"),
    _count("attempts"),
    _when("created_at"),
    _when("available_at"),
    _when("done_at", nullable=True),
    Column("result", Text),
    Column("error", Text),
    UniqueConstraint("store", "key"),
    Index("ix_outbox_turn", "store", "kind", "id", postgresql_where=text("status = 'due'")),
    Index("ix_outbox_open", "store", "order", "id", postgresql_where=text("status in ('due', 'sending', 'unknown')")),
    Index("ix_outbox_refunds", "store", "order", postgresql_where=text("kind = 'refund'")),
    Index("ix_outbox_left", "available_at", postgresql_where=text("status in ('sending', 'unknown')")),
)

notice_events = Table(
    "notice_events",
    metadata,
    _words("event", key=True),
    _words("notice"),
    _words("outcome"),
    _when("at"),
    _words("detail"),
    Index("ix_notice_events_notice", "notice"),
)

ledger = Table(
    "ledger",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _store(key=False),
    _when("at"),
    _words("kind"),
    _words("order"),
    Column("line", Text),
    _count("number", None),
    Column("entry", JSONB, nullable=False),
    Column("personal", JSONB(none_as_null=True)),
    _words("seal"),
    UniqueConstraint("store", "order", "number", name="uq_ledger_place"),
)

answers = Table(
    "answers",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    _store(key=False),
    _words("order"),
    _words("answer"),
    _when("at"),
    _flag("taken"),
    Index("ix_answers_new", "store", "order", postgresql_where=text("not taken")),
)

duties = Table(
    "duties",
    metadata,
    _store(),
    _words("order", key=True),
    _words("duty", key=True),
    Column("opened_at", DateTime(timezone=True), primary_key=True, nullable=False),
    _when("due"),
    _words("state"),
    _when("ended_at", nullable=True),
    Index("ix_duties_open", "store", "due", postgresql_where=text("state = 'open'")),
)

problems = Table(
    "problems",
    metadata,
    _store(),
    _words("kind", key=True),
    _words("subject", key=True),
    _words("text"),
    _when("first_at"),
    _when("last_at"),
    _count("times", "1"),
    _when("solved_at", nullable=True),
)

erased = Table(
    "erased",
    metadata,
    _store(),
    _words("digest", key=True),
    _when("at"),
)

logins = Table(
    "logins",
    metadata,
    _words("digest", key=True),
    _store(key=False),
    _when("expires_at"),
    _when("used_at", nullable=True),
)

consents = Table(
    "consents",
    metadata,
    _words("digest", key=True),
    _words("platform"),
    _words("address"),
    _when("expires_at"),
    Column("sealed", LargeBinary),
)
