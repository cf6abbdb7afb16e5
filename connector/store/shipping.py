"""The tables of how orders leave: the store's locations, and what we have had it hold back."""

from sqlalchemy import Column, Table
from sqlalchemy.dialects.postgresql import JSONB

from connector.store.columns import metadata, store_key, when, words

locations = Table(
    "locations",
    metadata,
    store_key(),
    words("location", key=True),
    words("name"),
    when("seen_at"),
)

arranged = Table(
    "arranged",
    metadata,
    store_key(),
    words("order", key=True),
    Column("kept", JSONB, nullable=False),
)
