"""The tables of what the law asks of an order, and of what its customer answered."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Table, text

from connector.store.columns import flag, metadata, store_key, when, words

answers = Table(
    "answers",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    store_key(key=False),
    words("order"),
    words("answer"),
    when("at"),
    flag("taken"),
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
