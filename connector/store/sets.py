"""Sets and rows of any number as one parameter: PostgreSQL takes 65,535 at most, and a statement a row is slow."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, Insert, insert


def among(column: sa.ColumnElement[str], values: Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether a column has one of the values."""
    every: Any = sa.literal(list(values), ARRAY(sa.Text()))
    return column == sa.any_(every)


def as_table(rows: Iterable[Mapping[str, Any]], **types: Any) -> sa.TableValuedAlias:
    """Rows as a table that a statement can read from, called `given`; `types` are those of its columns."""
    body: Any = sa.literal(msgspec.to_builtins(list(rows)), JSONB)
    columns = [sa.column(name, kind) for name, kind in types.items()]
    found = sa.func.jsonb_to_recordset(body).table_valued(*columns, name="given")
    return found.render_derived(name="given", with_types=True)


def insert_all(table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> Insert:
    """One statement that inserts rows, all of the same columns; not none."""
    given = list(rows)
    names = list(given[0])
    source = as_table(given, **{name: table.c[name].type for name in names})
    return insert(table).from_select(names, sa.select(*(source.c[name] for name in names)))
