"""Our notice inside a text of the merchant's: a paragraph with two markers in it, taken out again without a trace."""

from __future__ import annotations

import html
import re

START, END = "<!-- backorder:start -->", "<!-- backorder:end -->"
# The markers stand inside the paragraph: alone between two of them, WordPress would give each an empty one (wpautop).
# Before, they stood around it, and the classic editor may have put paragraphs around those; both are blocks as well.
# From a start marker to an end marker with no other marker in between: one that lost its partner never swallows the
# merchant's own words.
BLOCK = re.compile(
    rf"(?P<paragraph><p(?:\s[^<>]*)?>\s*)?{re.escape(START)}"
    rf"(?:(?!{re.escape(START)}|{re.escape(END)}).)*{re.escape(END)}(?(paragraph)\s*</p>)",
    re.DOTALL,
)


def placed(text: str, notice: str) -> str:
    """`text` with one block that says `notice`: where the block was, else at the end. Without one if it is empty."""
    words = plain(notice)
    block = _block(words) if words else ""
    first = BLOCK.search(text)
    if first is None:
        return text + block
    return text[: first.start()] + block + BLOCK.sub("", text[first.end() :])


def is_in(text: str) -> bool:
    """Whether a block of ours is in it, as it was written or as the shop shows it."""
    return BLOCK.search(text) is not None


def plain(notice: str) -> str:
    """A notice on one line, without control characters, which WordPress takes out as well (wp_kses_no_null)."""
    return " ".join("".join(mark if mark.isprintable() else " " for mark in notice).split())


def _block(words: str) -> str:
    words = html.escape(words, quote=False)
    # WordPress runs short codes in descriptions; it stores &#91; as &#091; (wp_kses_normalize_entities).
    words = words.replace("[", "&#091;").replace("]", "&#093;")
    return f'<p class="backorder-notice">{START}{words}{END}</p>'
