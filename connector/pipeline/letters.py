"""A notice becomes a letter: its words, plain and as HTML."""

from collections.abc import Sequence

from markupsafe import Markup, escape

from connector.domain.addresses import without_addresses
from connector.domain.effects import AlertStaff, SendNotice
from connector.domain.errors import ConnectorError
from connector.domain.notices import notice_named
from connector.pipeline.connector import Config
from connector.pipeline.customers import order_link
from connector.pipeline.granting import words
from connector.ports import Letter, Mailer
from connector.store.shops import Shop

SEE = "Your order and its dates"
ASK = "Tell us here what you want us to do"
PARAGRAPH = Markup('<p style="margin:0 0 16px">{}</p>')
LINK = Markup('<a href="{}" style="color:#0b5d4e">{}</a>')
PAGE = Markup(
    '<!doctype html><html><head><meta charset="utf-8"><title>{subject}</title></head>'
    '<body style="margin:0;padding:24px;background:#f4f3f0;color:#23211d;font:16px/1.5 Georgia,serif">'
    '<div style="max-width:560px;margin:0 auto;padding:32px;background:#fff;border-radius:8px">{body}'
    '<p style="margin:32px 0 0;color:#6d675c;font-size:13px">{store}</p></div></body></html>'
)


def write_letter(config: Config, shop: Shop, about: SendNotice | AlertStaff, *, granted: bool = False) -> Letter:
    """The letter of a notice, in the store's name, or of an alert to its people.

    `granted`: the code of the notice's offer has been made, so that the customer can be told of it.
    """
    if isinstance(about, AlertStaff):
        body = _paragraphs(about.lines)
        return _letter(config, shop, about, about.subject, about.lines, body)
    kind = notice_named(about.template)
    hello = f"Hello {about.name}," if about.name else "Hello,"
    link = order_link(config, shop.id, about.order)
    offer = (words(config, shop.id, about.order, about.offer),) if about.offer and granted else ()
    paragraphs, call = (hello, *kind.body(about), *offer), SEE if about.serial is None else ASK
    body = _paragraphs((*paragraphs, LINK.format(link, call)))
    return _letter(config, shop, about, kind.subject(about), (*paragraphs, f"{call}: {link}"), body, about.name)


def hand_over(mailer: Mailer, letter: Letter) -> str:
    """The mail service's id of a letter that it took; what it says instead names nobody."""
    try:
        return mailer.send(letter)
    except ConnectorError as error:
        error.args = (without_addresses(str(error), letter.to, letter.to_name),)
        raise


def _paragraphs(texts: Sequence[str]) -> Markup:
    return Markup("").join(PARAGRAPH.format(one) for one in texts)


def _letter(
    config: Config,
    shop: Shop,
    about: SendNotice | AlertStaff,
    said: str,
    paragraphs: Sequence[str],
    body: Markup,
    name: str = "",
) -> Letter:
    sender_name = shop.settings.sender_name or shop.name
    subject = _one_line(said)
    return Letter(
        notice_id=f"{shop.id}/{about.key}",
        to=about.to,
        to_name=_one_line(name),
        sender=shop.settings.sender_email or config.sender,
        sender_name=_one_line(sender_name),
        subject=subject,
        text="\n\n".join((*paragraphs, sender_name)) + "\n",
        html=str(PAGE.format(subject=escape(subject), body=body, store=sender_name)),
        category=about.template,
    )


def _one_line(text: str) -> str:
    """Names and subjects come from outside; a line break in one would start a header of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
