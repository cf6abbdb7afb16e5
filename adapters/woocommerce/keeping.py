"""Whether a text of the merchant's would come back whole from WooCommerce's REST interface."""

from __future__ import annotations

import re
from html.parser import HTMLParser

# What WordPress lets through for everybody (wp-includes/kses.php, $allowedposttags). An administrator may have put in
# more, an embedded video say, and REST would take it out for good. These are the everyday part of that list.
ANYWHERE = frozenset({"class", "dir", "hidden", "id", "lang", "style", "title", "role", "align"})
TAGS: dict[str, frozenset[str]] = {
    tag: frozenset(attributes.split())
    for names, attributes in (
        ("abbr article aside b big blockquote br cite code dd dfn div dl dt em figcaption figure footer", ""),
        ("h1 h2 h3 h4 h5 h6 header hr i kbd mark p s samp section small span strike strong", ""),
        ("sub summary sup u var wbr", ""),
        ("a", "href rel name target"),
        ("del ins time", "datetime"),
        ("details", "open"),
        ("img", "alt border height hspace loading longdesc src usemap vspace width"),
        ("li", "value"),
        ("ol", "start type reversed"),
        ("ul", "type"),
        ("q", "cite"),
        ("table", "bgcolor border cellpadding cellspacing rules summary width"),
        ("tbody tfoot thead tr", "bgcolor char charoff valign"),
        ("td th", "abbr axis bgcolor char charoff colspan headers height nowrap rowspan scope valign width"),
    )
    for tag in names.split()
}
ADDRESSES = frozenset({"href", "src", "cite", "longdesc"})
PROTOCOL = re.compile(r"\s*([^/?#\[]*?):")
PROTOCOLS = frozenset({"http", "https", "mailto", "tel"})
STYLES = frozenset({"color", "background-color", "text-align", "text-decoration", "font-size", "font-weight"})


class _Reader(HTMLParser):
    """Remembers the first thing that would be taken out."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lost = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS:
            self.lost = self.lost or f"<{tag}>"
            return
        for name, value in attrs:
            if not _kept(tag, name, value or ""):
                self.lost = self.lost or f"{name}= of <{tag}>"


def lost(text: str) -> str:
    """The first element or attribute that writing `text` by REST would take out; "" where all of it stays.

    WordPress may still spell some of it anew, `&` as `&amp;` and quotes around attributes; that reads the same.
    """
    reader = _Reader()
    try:
        reader.feed(text)
        reader.close()
    except AssertionError:  # html.parser gives up at a marked section that is none, such as <![if IE]>
        return "<!["
    return reader.lost


def _kept(tag: str, name: str, value: str) -> bool:
    if name == "style":
        return "(" not in value and all(
            part.partition(":")[0].strip() in STYLES for part in value.split(";") if part.strip()
        )
    if name in ADDRESSES:
        protocol = PROTOCOL.match(value)
        return name in TAGS[tag] and (protocol is None or protocol[1].lower() in PROTOCOLS)
    return name in ANYWHERE or name in TAGS[tag] or name.startswith(("data-", "aria-"))
