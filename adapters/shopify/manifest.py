"""The app's configuration as Shopify's own tool takes it, for one installation."""

from pathlib import Path

MANIFEST = Path(__file__).parent / "app" / "shopify.app.toml"


def manifest(client_id: str, url: str) -> str:
    """The text of `shopify.app.toml` with an app's client id and the public address of its installation."""
    text = MANIFEST.read_text(encoding="utf-8")
    body = text[text.index("client_id") :]
    return body.replace("$SHOPIFY_API_KEY", client_id).replace("$BACKORDER_URL", url)
