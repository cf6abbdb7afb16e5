"""How an app gets into a shop: session tokens, token exchange, consent by code, and tokens that end and rotate."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from jwt.types import Options

from adapters.shopify.practice.clock import Clock

ACCESS_LASTS, REFRESH_LASTS = timedelta(hours=1), timedelta(days=90)
EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
SESSION_LASTS = timedelta(seconds=60)
SECRET = "shpss_0123456789abcdef0123456789abcdef"
Told = tuple[int, dict[str, Any]]


@dataclass(slots=True)
class Pair:
    """Tokens that were granted together; `used`: the app has come with one of them."""

    access: str
    refresh: str
    ends: datetime
    refresh_ends: datetime
    used: bool = False


@dataclass(slots=True)
class Installation:
    """The app in one shop. `secrets` are those that Shopify takes now; it signs with the last of them."""

    domain: str
    clock: Clock
    client_id: str = "client"
    secrets: list[str] = field(default_factory=lambda: [SECRET])
    scopes: str = ""
    pair: Pair | None = None
    before: Pair | None = None
    codes: set[str] = field(default_factory=set)
    asked: list[dict[str, str]] = field(default_factory=list)
    revoked: bool = False
    _count: int = 0

    def accepts(self, token: str | None) -> bool:
        """Whether an access token is good; the pair before is over with the first use of this one."""
        if self.pair and token == self.pair.access:
            self.pair.used = True
            return self.clock.now() < self.pair.ends
        return bool(self.before and not (self.pair and self.pair.used) and token == self.before.access)

    def session_token(self, *, secret: str = "", algorithm: str = "HS256", **changed: Any) -> str:
        """What the admin gives the app along; claims can be changed, None leaves one out."""
        now = int(self.clock.now().timestamp())
        claims = {
            "iss": f"https://{self.domain}/admin",
            "dest": f"https://{self.domain}",
            "aud": self.client_id,
            "sub": "42",
            "exp": now + int(SESSION_LASTS.total_seconds()),
            "nbf": now,
            "iat": now,
            "jti": "f8912129-1af6-4cad-9ca3-76b0f7621087",
            "sid": "aaea182f2732d44c23057c0fea584021a4485b2bd25d3eb7fd349313ad24c685",
            **changed,
        }
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, "" if algorithm == "none" else secret or self.secrets[-1], algorithm=algorithm)

    def agree(self, asked_at: str) -> str:
        """The merchant agrees; where the browser goes then."""
        asked = dict(parse_qsl(urlsplit(asked_at).query))
        code = f"code-{self._next()}"
        self.codes.add(code)
        back = {"code": code, "shop": self.domain, "state": asked["state"], "host": "YWRtaW4"}
        return f"{asked['redirect_uri']}?{urlencode(self.signed(back))}"

    def signed(self, query: Mapping[str, str]) -> dict[str, str]:
        """A query as Shopify sends it, with its time and its signature."""
        full = {"timestamp": str(int(self.clock.now().timestamp())), **query}
        text = "&".join(f"{name}={value}" for name, value in sorted(full.items()))
        return {**full, "hmac": hmac.new(self.secrets[-1].encode(), text.encode(), hashlib.sha256).hexdigest()}

    def answer(self, body: bytes) -> Told:
        """What the token endpoint says."""
        asked = dict(parse_qsl(body.decode()))
        self.asked.append(asked)
        if asked.get("client_id") != self.client_id or asked.get("client_secret") not in self.secrets:
            return _refused("invalid_client")
        if self.revoked:
            return _refused("invalid_grant")
        if asked.get("grant_type") == "refresh_token":
            return self._refreshed(asked.get("refresh_token", ""))
        good = self._is_session(asked.get("subject_token", "")) if asked.get("grant_type") == EXCHANGE else False
        if not good and asked.get("code") not in self.codes:
            return _refused("invalid_subject_token" if "subject_token" in asked else "invalid_request")
        self.codes.discard(asked.get("code", ""))
        if asked.get("expiring") != "1":
            return 403, {"errors": "Non-expiring access tokens are no longer accepted for the Admin API."}
        self.before = None
        return self._grant()

    def _refreshed(self, token: str) -> Told:
        now = self.clock.now()
        if self.before and token == self.before.refresh and self.pair and not self.pair.used:
            return 200, self._told(self.pair)
        if not self.pair or token != self.pair.refresh or now >= self.pair.refresh_ends:
            return _refused("invalid_grant")
        self.before = self.pair
        return self._grant()

    def _grant(self) -> Told:
        now, number = self.clock.now(), self._next()
        ends = (now + ACCESS_LASTS, now + REFRESH_LASTS)
        self.pair = Pair(f"shpat_{number}", f"shprt_{number}", *ends)
        return 200, self._told(self.pair)

    def _told(self, pair: Pair) -> dict[str, Any]:
        now = self.clock.now()
        return {
            "access_token": pair.access,
            "scope": self.scopes,
            "expires_in": int((pair.ends - now).total_seconds()),
            "refresh_token": pair.refresh,
            "refresh_token_expires_in": int((pair.refresh_ends - now).total_seconds()),
        }

    def _is_session(self, token: str) -> bool:
        options: Options = {"verify_exp": False, "verify_nbf": False, "verify_iat": False}
        for secret in self.secrets:
            try:
                claims = jwt.decode(token, secret, algorithms=["HS256"], audience=self.client_id, options=options)
            except jwt.PyJWTError:
                continue
            return bool(claims["dest"] == f"https://{self.domain}" and claims["exp"] > self.clock.now().timestamp())
        return False

    def _next(self) -> int:
        self._count += 1
        return self._count


def _refused(error: str) -> Told:
    return 400, {"error": error, "error_description": f"Shopify refuses: {error}"}
