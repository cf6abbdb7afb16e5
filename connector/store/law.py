"""The tables of what the law asks: the ledger, what customers answered, the duties, and who was erased."""

from sqlalchemy import BigInteger, Column, Date, DateTime, Identity, Index, Table, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB

from connector.store.columns import count, flag, metadata, store_key, when, words

ledger = Table(
    "ledger",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    when("at"),
    words("kind"),
    words("order"),
    Column("line", Text),
    count("number", None),
    Column("entry", JSONB, nullable=False),
    Column("personal", JSONB(none_as_null=True)),
    words("seal"),
    UniqueConstraint("store", "order", "number", name="uq_ledger_place"),
)

answers = Table(
    "answers",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    words("order"),
    words("answer"),
    when("at"),
    flag("taken"),
    Column("until", Date),
    Index("ix_answers_new", "store", "order", postgresql_where=text("not taken")),
)

duties = Table(
    "duties",
    metadata,
    store_key(),
    words("order", key=True),
    words("duty", key=True),
    Column("opened_at", DateTime(timezone=True), primary_key=True, nullable=False),
    when("due"),
    words("state"),
    when("ended_at", nullable=True),
    words("by_hand", default=""),
    Index("ix_duties_open", "store", "due", postgresql_where=text("state = 'open'")),
)

erased = Table(
    "erased",
    metadata,
    store_key(),
    words("digest", key=True),
    when("at"),
)
