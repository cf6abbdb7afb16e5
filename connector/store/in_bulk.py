"""The table of what a store carries out in bulk at the moment."""

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import JSONB

from connector.store.columns import count, flag, metadata, store_key, when, words

bulk_writes = Table(
    "bulk_writes",
    metadata,
    store_key(),
    words("name"),
    Column("rows", JSONB, nullable=False),
    flag("started"),
    count("attempts"),
    when("begun_at"),
    when("look_at"),
)
