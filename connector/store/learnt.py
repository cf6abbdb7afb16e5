"""The tables of what was learnt: how long suppliers take, how fast stocks sell, who buys, what was written."""

from sqlalchemy import Column, Date, Float, Index, Integer, Table
from sqlalchemy.dialects.postgresql import JSONB

from connector.store.columns import flag, metadata, store_key, when, words

slips = Table(
    "slips",
    metadata,
    store_key(),
    words("measure", key=True),
    words("supplier", key=True),
    words("second", key=True),
    Column("histogram", JSONB, nullable=False),
)

demand = Table(
    "demand",
    metadata,
    store_key(),
    words("stock", key=True),
    Column("recent", JSONB, nullable=False),
    Column("free", Integer),
    Column("rate", Float),
    Column("cover", Float),
    Column("until", Date),
    Column("lot", Date),
    Column("risk", Float),
    Column("reorder_by", Date),
    flag("warned"),
    Index("ix_demand_urgent", "store", "warned", "reorder_by"),
)

policy_pages = Table(
    "policy_pages",
    metadata,
    store_key(),
    words("page"),
    words("url"),
    words("ours"),
    words("theirs"),
    when("written_at"),
)

customers = Table(
    "customers",
    metadata,
    store_key(),
    words("customer", key=True),
    words("segment"),
    words("company", default=""),
    words("place", default=""),
    words("terms", default=""),
    words("traits"),
    when("read_at"),
)
