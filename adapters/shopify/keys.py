"""What the installation's own app is known by at Shopify."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AppKeys:
    """The app's client id and its secret; `old_secret` is good as well while the secret is being changed."""

    client_id: str = ""
    secret: str = field(repr=False, default="")
    old_secret: str = field(repr=False, default="")

    @property
    def secrets(self) -> tuple[str, ...]:
        """The secrets that Shopify may sign with now, the newer first."""
        return tuple(one for one in (self.secret, self.old_secret) if one)
