"""What a page of a store's list comes to: facts, and what none can be made of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from adapters.woocommerce.payloads import Order, Product
from connector.domain.errors import Terminal
from connector.domain.facts import Fact
from connector.ports import Page, Unusable

T = TypeVar("T", Order, Product)


class Found:
    """Filled row by row; one that is bad leaves the others."""

    def __init__(self) -> None:
        self._facts: list[Fact] = []
        self._unusable: list[Unusable] = []
        self._read = 0

    def add(self, row: T | Unusable, facts_of: Callable[[T], Iterable[Fact]], *, counts: bool = True) -> None:
        """Take in a row, which is not one of those that the store counts where it is a variation."""
        self._read += counts
        if isinstance(row, Unusable):
            self._unusable.append(row)
            return
        try:
            self._facts += facts_of(row)
        except Terminal as error:
            self._unusable.append(Unusable(str(row.id), str(error)))

    def page(self, cursor: str | None, total: int | None) -> Page:
        """All of it."""
        return Page(tuple(self._facts), cursor, total, self._read, tuple(self._unusable))
