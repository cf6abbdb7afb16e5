"""Our notice inside a text of the merchant's: put between two markers, and taken out again without a trace."""

from __future__ import annotations

import html
import re

START, END = "<!-- backorder:start -->", "<!-- backorder:end -->"
# From a start marker to the nearest end marker with no other start in between: a marker that lost its partner never
# swallows the merchant's own words.
BLOCK = re.compile(f"{re.escape(START)}(?:(?!{re.escape(START)}).)*?{re.escape(END)}", re.DOTALL)


def placed(text: str, notice: str) -> str:
    """`text` with one block that says `notice`: where the block was, else at the end. Without one if it is empty."""
    words = plain(notice)
    block = _block(words) if words else ""
    first = BLOCK.search(text)
    if first is None:
        return text + block
    return text[: first.start()] + block + BLOCK.sub("", text[first.end() :])


def plain(notice: str) -> str:
    """A notice on one line, without control characters, which WordPress takes out as well (wp_kses_no_null)."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in notice).split())


def _block(words: str) -> str:
    words = html.escape(words, quote=False)
    # WordPress runs short codes in descriptions; it stores &#91; as &#091; (wp_kses_normalize_entities).
    words = words.replace("[", "&#091;").replace("]", "&#093;")
    return f'{START}<p class="backorder-notice">{words}</p>{END}'
