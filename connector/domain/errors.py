"""Errors that say who has to act: the machine later, nobody, or the merchant."""


class ConnectorError(Exception):
    """Base of every error that the connector raises on purpose."""


LONGEST_WAIT = 86_400.0


class Retryable(ConnectorError):
    """The other side cannot do it now; try again after `after` seconds (None: the caller's back-off).

    Whoever asks for more than a day is asked again after one: some servers name times that no calendar has.
    """

    def __init__(self, text: str, after: float | None = None) -> None:
        super().__init__(text)
        self.after = None if after is None else min(after, LONGEST_WAIT)


class Undecided(Retryable):
    """The other side has begun, and does not say yet what comes of it: ask again, as one who has asked before."""


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


class ShutOut(NeedsMerchant):
    """The store takes nothing from us at the moment, whatever it is: all of it waits until its merchant has acted."""


class Unauthorised(ShutOut):
    """The store takes our access no more: its merchant has removed us, or what was granted is over."""


class RightWanted(NeedsMerchant):
    """A right that one thing alone wants is missing: that waits and is told, and all else goes on."""


class BadSignature(ConnectorError):
    """A delivery that nobody who knows the secret has signed."""


class BadInput(ConnectorError):
    """A command, form or scenario that cannot be used; one line that names the place."""
