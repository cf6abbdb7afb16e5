"""What every answer tells the browser, so that it does no more than these pages need."""

from flask import Flask, Response, request

POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'"


def add_headers(app: Flask) -> None:
    """Put the headers on every answer that has not said something else."""
    app.after_request(_add)


def _add(response: Response) -> Response:
    secret = request.path.startswith(("/login", "/install", "/shopify"))  # their addresses are secrets
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer" if secret else "same-origin")
    response.headers.setdefault("Cache-Control", "no-store")
    return response
