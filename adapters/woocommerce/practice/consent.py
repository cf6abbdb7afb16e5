"""The practice store's page that asks its merchant whether an application may come in (wc-auth)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from adapters.woocommerce.practice.auth import Keyring

NEEDED = ("app_name", "user_id", "return_url", "callback_url", "scope")
SCOPES = ("read", "write", "read_write")
KEY_ID = 1
Page = str | tuple[str, int]
Send = Callable[[str, object], int]


def routes(keyring: Keyring, send: Send) -> Blueprint:
    """/wc-auth/v1/authorize and what its two buttons do."""
    part = Blueprint("consent", __name__)

    @part.get("/wc-auth/v1/authorize")
    def ask() -> Page:
        wrong = _fault(request.args)
        if wrong:
            return render_template("consent.html", wrong=wrong), 401
        no = _back(request.args, success=0)
        return render_template("consent.html", asked={name: request.args[name] for name in NEEDED}, no=no)

    @part.post("/wc-auth/v1/access_granted/")
    def granted() -> Page | Response:
        wrong = _fault(request.form) or _send(request.form, keyring, send)
        if wrong:
            return render_template("consent.html", wrong=wrong), 401
        return redirect(_back(request.form, success=1))

    return part


def _fault(given: Mapping[str, str]) -> str:
    """What is wrong with a question, in WooCommerce's words; "" where nothing is."""
    missing = next((name for name in NEEDED if not given.get(name)), None)
    if missing:
        return f"Missing parameter {missing}"
    if given["scope"] not in SCOPES:
        return f"Invalid scope {given['scope']}"
    for name in ("return_url", "callback_url"):
        if urlsplit(given[name]).scheme not in ("http", "https"):
            return f"The {name} is not a valid URL"
    # Real stores send keys to https only; on one machine there is nobody on the way.
    if urlsplit(given["callback_url"]).scheme != "https" and not _is_here(given["callback_url"]):
        return "The callback_url needs to be over SSL"
    return ""


def _is_here(url: str) -> bool:
    try:
        return ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False


def _send(asked: Mapping[str, str], keyring: Keyring, send: Send) -> str:
    """Send the keys behind the browser's back; what went wrong, for anything but 200 counts as refused."""
    keys = {
        "key_id": KEY_ID,
        "user_id": asked["user_id"],
        "consumer_key": keyring.key,
        "consumer_secret": keyring.secret,
        "key_permissions": keyring.permissions,
    }
    if send(asked["callback_url"], keys) != 200:
        return "An error occurred in the request and at the time were unable to send the consumer data"
    return ""


def _back(asked: Mapping[str, str], *, success: int) -> str:
    mark = "&" if urlsplit(asked["return_url"]).query else "?"
    return f"{asked['return_url']}{mark}{urlencode({'success': success, 'user_id': asked['user_id']})}"
