"""The columns that tables are made of, and the names of their keys."""

from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, MetaData, Text, false

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def when(name: str, *, nullable: bool = False) -> Column[object]:
    """A moment, with its time zone."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def words(name: str, *, key: bool = False, default: str | None = None) -> Column[str]:
    """A text that is never null."""
    return Column(name, Text, primary_key=key, nullable=False, server_default=default)


def count(name: str, default: str | None = "0") -> Column[int]:
    """A whole number that is never null."""
    return Column(name, Integer, nullable=False, server_default=default)


def flag(name: str) -> Column[bool]:
    """Yes or no; no at first."""
    return Column(name, Boolean, nullable=False, server_default=false())


def store_key(*, key: bool = True) -> Column[str]:
    """The store that a row belongs to; it goes with its store."""
    return Column("store", Text, ForeignKey("stores.id", ondelete="CASCADE"), primary_key=key, nullable=False)
