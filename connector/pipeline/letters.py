"""A notice becomes a letter: its words, plain and as HTML."""

from markupsafe import Markup, escape

from connector.domain.effects import SendNotice
from connector.domain.notices import notice_named
from connector.pipeline.connector import Config
from connector.pipeline.customers import order_link
from connector.ports import Letter
from connector.store.shops import Shop

SEE = "Your order and its dates:"
ASK = "Tell us here what you want us to do:"
PAGE = Markup(
    '<!doctype html><html><head><meta charset="utf-8"><title>{subject}</title></head>'
    '<body style="margin:0;padding:24px;background:#f4f3f0;color:#23211d;font:16px/1.5 Georgia,serif">'
    '<div style="max-width:560px;margin:0 auto;padding:32px;background:#fff;border-radius:8px">{body}'
    '<p style="margin:32px 0 0;color:#6d675c;font-size:13px">{store}</p></div></body></html>'
)


def write_letter(config: Config, shop: Shop, notice: SendNotice) -> Letter:
    """The letter of a notice, in the store's name."""
    kind = notice_named(notice.template)
    hello = f"Hello {notice.name}," if notice.name else "Hello,"
    link = order_link(config, shop.id, notice.order)
    paragraphs = (hello, *kind.body(notice), f"{ASK if notice.silence_means else SEE} {link}")
    sender_name = shop.settings.sender_name or shop.name
    subject = _one_line(kind.subject(notice))
    body = Markup("").join(Markup('<p style="margin:0 0 16px">{}</p>').format(one) for one in paragraphs)
    return Letter(
        notice_id=f"{shop.id}/{notice.key}",
        to=notice.to,
        to_name=_one_line(notice.name),
        sender=shop.settings.sender_email or config.sender,
        sender_name=_one_line(sender_name),
        subject=subject,
        text="\n\n".join((*paragraphs, sender_name)) + "\n",
        html=str(PAGE.format(subject=escape(subject), body=body, store=sender_name)),
        category=notice.template,
    )


def _one_line(text: str) -> str:
    """Names and subjects come from outside; a line break in one would start a header of its own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
