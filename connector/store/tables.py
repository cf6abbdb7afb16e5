"""The tables; all but `stores`, `consents` and `calls` belong to a store, and their keys begin with it."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from connector.store.columns import count, flag, store_key, when, words
from connector.store.columns import metadata as metadata
from connector.store.entrances import consents as consents
from connector.store.entrances import logins as logins
from connector.store.in_bulk import bulk_writes as bulk_writes
from connector.store.law import answers as answers
from connector.store.law import duties as duties
from connector.store.law import erased as erased
from connector.store.law import ledger as ledger
from connector.store.learnt import customers as customers
from connector.store.learnt import demand as demand
from connector.store.learnt import policy_pages as policy_pages
from connector.store.learnt import slips as slips
from connector.store.privacy import data_requests as data_requests
from connector.store.shipping import arranged as arranged
from connector.store.shipping import locations as locations

stores = Table(
    "stores",
    metadata,
    words("id", key=True),
    words("platform"),
    words("address"),
    words("name"),
    words("currency", default=""),
    words("version", default=""),
    words("status", default="active"),
    Column("hook_token", Text, nullable=False, unique=True),
    Column("settings", JSONB, nullable=False, server_default="{}"),
    Column("progress", JSONB, nullable=False, server_default="{}"),
    when("connected_at"),
    when("admitted_at", nullable=True),
    when("reconciled_at", nullable=True),
    Column("watched_through", Date),
    when("importing_until", nullable=True),
    when("leaving_until", nullable=True),
    Column("checkup", JSONB(none_as_null=True)),
    UniqueConstraint("platform", "address"),
)

secrets = Table(
    "secrets",
    metadata,
    store_key(),
    words("name", key=True),
    Column("sealed", LargeBinary, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    words("dedupe_key"),
    Column("headers", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False),
    when("received_at"),
    words("status", default="due"),
    count("attempts"),
    when("available_at"),
    Column("error", Text),
    UniqueConstraint("store", "dedupe_key"),
    Index("ix_inbox_due", "store", "id", postgresql_where=text("status = 'due'")),
)

folding = Table("folding", metadata, store_key(), Column("deliveries", ARRAY(BigInteger), nullable=False))

items = Table(
    "items",
    metadata,
    store_key(),
    words("item", key=True),
    Column("parent", Text),
    words("sku"),
    words("title"),
    words("stock"),
    flag("tracked"),
    flag("on_backorder"),
    flag("sells_beyond"),
    flag("on_sale"),
    flag("stock_only"),
    flag("gone"),
    words("url", default=""),
    Column("price", Numeric(14, 4)),
    when("seen_at"),
    when("read_at"),
    Column("written", JSONB),
    Column("offer", JSONB),
    when("restored_at", nullable=True),
    Column("restored_to", Boolean),
    flag("wiped"),
    Column("shown", Boolean),
    words("policy", default=""),
    Index("ix_items_stock", "store", "stock"),
    Index("ix_items_sku", "store", "sku"),
    Index("ix_items_parent", "store", "parent"),
)

levels = Table(
    "levels",
    metadata,
    store_key(),
    words("stock", key=True),
    words("location", key=True),
    Column("available", Integer, nullable=False),
    when("seen_at"),
    when("read_at"),
)

plans = Table(
    "plans",
    metadata,
    store_key(),
    words("stock", key=True),
    flag("dirty"),
    Column("balance", JSONB),
    flag("doubted"),
    when("asked_at", nullable=True),
    count("shipped"),
    count("freed"),
    when("look_again_at", nullable=True),
    flag("came_in"),
    flag("set_anew"),
    Column("tail", JSONB),
    Column("counted", Integer),
    count("rose_by"),
    Column("rose_on", Date),
    Index("ix_plans_dirty", "store", postgresql_where=text("dirty")),
)

planned = Table("planned", metadata, store_key(), when("at"), flag("held"))

orders = Table(
    "orders",
    metadata,
    store_key(),
    words("order", key=True),
    words("number", default=""),
    words("state"),
    when("placed_at", nullable=True),
    when("seen_at"),
    words("tie"),
    when("unpaid_at", nullable=True),
    flag("was_open"),
    when("taken_first", nullable=True),
    words("email", default=""),
    words("name", default=""),
    words("country", default=""),
    words("region", default=""),
    words("locale", default=""),
    words("segment", default=""),
    words("customer", default=""),
    words("authorised", default=""),
    Column("parts", JSONB, nullable=False, server_default="[]"),
    flag("uncharged"),
    Column("reserve", JSONB),
    count("priority"),
    flag("ship_complete"),
    flag("ships_apart"),
    Column("stated_days", Integer),
    Column("listed_days", Integer),
    words("payment", default=""),
    when("pay_by", nullable=True),
    flag("by_seller"),
    words("stage", default=""),
    Column("told_eta", Date),
    count("notices"),
    flag("news"),
    flag("refunded"),
    Column("unreached", Integer),
    words("bounced", default=""),
    words("by_hand", default=""),
    Column("by_hand_eta", Date),
    flag("offered"),
    Column("clock", JSONB),
    when("wake_at", nullable=True),
    when("assigned_at", nullable=True),
    Index("ix_orders_customer", "store", "customer", postgresql_where=text("customer <> ''")),
    Index("ix_orders_divided", "store", postgresql_where=text("parts <> '[]'::jsonb")),
    Index("ix_orders_wake", "wake_at", postgresql_where=text("wake_at is not null")),
    Index("ix_orders_state", "store", "state"),
    Index("ix_orders_whole", "store", "order", postgresql_where=text("ship_complete")),
    Index("ix_orders_placed", "store", "placed_at"),
    Index("ix_orders_news", "store", postgresql_where=text("news")),
)

lines = Table(
    "lines",
    metadata,
    store_key(),
    words("order", key=True),
    words("line", key=True),
    words("item"),
    Column("stock", Text),
    words("sku"),
    words("title"),
    flag("open"),
    Column("quantity", Integer, nullable=False),
    count("shipped"),
    count("taken"),
    count("filled"),
    count("waiting"),
    flag("promised"),
    Column("eta", Date),
    Column("lot", Text),
    Column("lot_ready", Date),
    flag("estimated"),
    flag("pinned"),
    words("pin_lot", default=""),
    flag("by_hand"),
    flag("news"),
    flag("cancelled"),
    Column("location", Text),
    Index("ix_lines_open", "store", "stock", postgresql_where=text("open")),
    Index("ix_lines_item", "store", "item"),
    Index("ix_lines_kept", "store", "stock", postgresql_where=text("not open and taken > 0")),
)

feeds = Table(
    "feeds",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    words("supplier"),
    words("url"),
    words("format"),
    Column("mapping", JSONB, nullable=False),
    count("every_seconds", None),
    words("status", default="active"),
    Column("etag", Text),
    Column("last_modified", Text),
    when("due_at"),
    when("polled_at", nullable=True),
    when("good_at", nullable=True),
    count("failures"),
    Column("problem", Text),
    Column("quarantined", JSONB),
    flag("run_anyway"),
    when("taken_until", nullable=True),
    Column("digest", Text),
    Column("refused", Text),
    when("changed_at", nullable=True),
    count("returns"),
    UniqueConstraint("store", "supplier"),
    Index("ix_feeds_due", "due_at", postgresql_where=text("status = 'active'")),
)

supply = Table(
    "supply",
    metadata,
    store_key(),
    words("supplier", key=True),
    Column("row", Integer, primary_key=True),
    words("reference"),
    words("sku"),
    Column("stock", Text),
    Column("quantity", Integer, nullable=False),
    Column("expected", Date),
    words("location"),
    Column("since", Date, nullable=False, server_default=text("current_date")),
    Index("ix_supply_stock", "store", "stock"),
    Index("ix_supply_sku", "store", "sku"),
)

supply_before = Table(
    "supply_before",
    metadata,
    store_key(),
    words("supplier", key=True),
    Column("row", Integer, primary_key=True),
    words("reference"),
    words("sku"),
    Column("quantity", Integer, nullable=False),
    Column("expected", Date),
    words("location"),
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    words("supplier"),
    words("reference"),
    words("sku"),
    words("location"),
    Column("expected", Date),
    Column("day", Date, nullable=False),
    Column("quantity", Integer, nullable=False),
    Index("ix_arrivals_sku", "store", "sku", "supplier", "day"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    words("kind"),
    words("key"),
    Column("order", Text),
    Column("effect", JSONB, nullable=False),
    count("version", "1"),
    words("status", default="due"),
    count("attempts"),
    when("created_at"),
    when("available_at"),
    when("done_at", nullable=True),
    Column("result", Text),
    Column("error", Text),
    UniqueConstraint("store", "key"),
    Index("ix_outbox_turn", "store", "kind", "id", postgresql_where=text("status = 'due'")),
    Index("ix_outbox_open", "store", "order", "id", postgresql_where=text("status in ('due', 'sending', 'unknown')")),
    Index("ix_outbox_refunds", "store", "order", postgresql_where=text("kind = 'refund'")),
    Index("ix_outbox_captures", "store", "order", postgresql_where=text("kind = 'capture'")),
    Index("ix_outbox_left", "available_at", postgresql_where=text("status in ('sending', 'unknown')")),
)

notice_events = Table(
    "notice_events",
    metadata,
    words("event", key=True),
    words("notice"),
    words("outcome"),
    when("at"),
    words("detail"),
    Index("ix_notice_events_notice", "notice"),
    Index("ix_notice_events_unwanted", "notice", postgresql_where=text("outcome = 'unwanted'")),
)

calls = Table(
    "calls",
    metadata,
    words("platform", key=True),
    words("outcome", key=True),
    Column("times", BigInteger, nullable=False),
)

problems = Table(
    "problems",
    metadata,
    store_key(),
    words("kind", key=True),
    words("subject", key=True),
    words("text"),
    when("first_at"),
    when("last_at"),
    count("times", "1"),
    when("solved_at", nullable=True),
)
