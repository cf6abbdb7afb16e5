"""Errors that say who has to act: the machine later, nobody, or the merchant."""


class ConnectorError(Exception):
    """Base of every error that the connector raises on purpose."""


class Retryable(ConnectorError):
    """The other side cannot do it now; try again after `after` seconds (None: the caller's back-off)."""

    def __init__(self, text: str, after: float | None = None) -> None:
        super().__init__(text)
        self.after = after


class Ambiguous(ConnectorError):
    """The other side may or may not have done it: never repeat blindly."""


class Terminal(ConnectorError):
    """It will never work as it is; repeating is useless."""


class Unreadable(Terminal):
    """A payload or a file that is not what it claims to be."""


class Unsupported(Terminal):
    """The platform cannot express this; raised rather than dropped."""


class NeedsMerchant(ConnectorError):
    """Only the merchant can mend it; the text is written for the merchant."""


class BadSignature(ConnectorError):
    """A delivery that nobody who knows the secret has signed."""


class BadInput(ConnectorError):
    """A command, form or scenario that cannot be used; one line that names the place."""
