"""Long lists in pages."""

from dataclasses import dataclass

SIZE = 50


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of a list, counted from 1; there is always at least one."""

    page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // SIZE))

    @property
    def offset(self) -> int:
        """How many entries come before this page."""
        return (self.page - 1) * SIZE


def wanted_page(text: str) -> int:
    """The page that an address asks for; 1 where it asks for nonsense."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1


def paging(text: str, total: int) -> Paging:
    """The page that is asked for, or the last one that there is."""
    return Paging(min(wanted_page(text), Paging(1, total).pages), total)
