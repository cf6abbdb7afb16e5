"""The tables of the ways in: links that open the desk, and questions that stores ask their merchants."""

from sqlalchemy import Column, LargeBinary, Table

from connector.store.columns import metadata, store_key, when, words

logins = Table(
    "logins",
    metadata,
    words("digest", key=True),
    store_key(key=False),
    when("expires_at"),
    when("used_at", nullable=True),
)

consents = Table(
    "consents",
    metadata,
    words("digest", key=True),
    words("platform"),
    words("address"),
    when("expires_at"),
    Column("sealed", LargeBinary),
)
