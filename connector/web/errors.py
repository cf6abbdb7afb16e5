"""Pages for when it does not work: they look like the desk, say what to do, and give nothing away."""

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from connector.domain.errors import Retryable

SAID = {
    400: ("This form is out of date", "Go back, load the page again, and send the form once more."),
    401: ("You are not logged in", "Log in and try once more."),
    404: ("There is nothing here", "It may have been moved or removed, or the address may be wrong."),
    405: ("This cannot be done here", "Go to the desk and start from there."),
    409: ("This order does not ask for that any more", "Open the link in the mail again to see how it stands."),
    413: ("That is too much", "What was sent is larger than anything that is needed here."),
    429: ("Too many attempts", "Wait a minute, then try once more."),
    500: (
        "Something went wrong on our side",
        "It has been noted. Try once more; if it stays, tell whoever runs this.",
    ),
    503: ("The database cannot be reached", "Nothing is lost. Load this page again in a few seconds."),
}
NO_ORDER = (
    "This link leads to no order",
    "It may be cut off, or older than a year. Open it from the shop's newest mail, or ask the shop.",
)
AGAIN_SECONDS = "5"
CUSTOMERS = "/o/"


def add_error_pages(app: Flask) -> None:
    """Pages for all that is expected to go wrong, and for what is not."""
    for code in SAID:
        app.register_error_handler(code, _refused)
    app.register_error_handler(Retryable, _away)


def _page(code: int) -> Response:
    customer = request.path.startswith(CUSTOMERS)
    title, text = NO_ORDER if customer and code == 404 else SAID[code]
    return Response(render_template("desk/error.html", title=title, text=text, customer=customer), code)


def _refused(error: HTTPException) -> Response:
    return _page(error.code or 500)


def _away(error: Retryable) -> Response:  # noqa: ARG001 - the shape of a handler; the text is for the log
    response = _page(503)
    response.headers["Retry-After"] = AGAIN_SECONDS
    return response
