"""Figures as people read them: percentiles and tables."""

from collections.abc import Sequence
from statistics import median

__all__ = ["median", "percentile", "table"]


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The value that so many per cent of the sorted values do not exceed."""
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A table in Markdown under its title."""
    cells = [[_cell(cell) for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *cells]
    return "\n".join([f"\n**{title}**\n", *("| " + " | ".join(line) + " |" for line in lines)])


def _cell(value: object) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
