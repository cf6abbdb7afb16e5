"""Reading a page as a person does: its texts, its tables, the tags that it is made of."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

INLINE = {"a", "code", "span", "strong", "time"}


@dataclass
class Page:
    """What is on a page: visible text, rows of cells, and each tag with its attributes."""

    text: str = ""
    rows: list[list[str]] = field(default_factory=list)
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = Page()
        self.cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, dict(attrs)))
        self.cell = self.cell or tag in ("td", "th")
        if tag == "tr":
            self.page.rows.append([])
        elif tag in ("td", "th"):
            self.page.rows[-1].append("")
        self.handle_data("" if tag in INLINE else " ")

    def handle_endtag(self, tag: str) -> None:
        self.handle_data("" if tag in INLINE else " ")
        if tag in ("td", "th"):
            self.cell = False

    def handle_data(self, data: str) -> None:
        self.page.text += data
        if self.cell:
            self.page.rows[-1][-1] += data


def read(html: str) -> Page:
    """A page, read; white space between words is one space each, but thin spaces stay."""
    reader = _Reader()
    reader.feed(html)
    page = reader.page
    return Page(_tidy(page.text), [[_tidy(cell) for cell in row] for row in page.rows], page.tags)


def _tidy(text: str) -> str:
    return re.sub(r"[ \n]+", " ", text).strip()
