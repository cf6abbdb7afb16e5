"""Sets of any size as one parameter: PostgreSQL takes no more than 65,535 of them in a statement."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY


def among(column: sa.ColumnElement[str], values: Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether a column has one of the values."""
    every: Any = sa.literal(list(values), ARRAY(sa.Text()))
    return column == sa.any_(every)
