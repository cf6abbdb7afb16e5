"""The table of what customers ask of whoever holds their data."""

from sqlalchemy import BigInteger, Column, Identity, Index, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from connector.store.columns import metadata, store_key, when, words

data_requests = Table(
    "data_requests",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    words("kind"),
    words("reference"),
    words("email", default=""),
    Column("orders", JSONB, nullable=False, server_default="[]"),
    when("asked_at"),
    when("due_at"),
    when("available_at"),
    when("done_at", nullable=True),
    words("result", default=""),
    Column("error", Text),
    UniqueConstraint("store", "kind", "reference", name="uq_data_requests_reference"),
    Index("ix_data_requests_due", "available_at", postgresql_where=text("done_at is null")),
)
