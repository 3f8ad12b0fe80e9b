"""What a person may set for one feed."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping

import msgspec

from firstwire.config import FeedSettings, Secret
from firstwire.core.text.digest import digest
from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError
from schemas.subscription import SecretPlace, SubscriptionChange

HEADERS_OF_OUR_OWN = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""What the connection, the cache or `login` decide."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
_HEADER_VALUE = re.compile(r"[\x20-\x7e\xa0-\xff]{0,4000}")


class FeedOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of one feed; None where the poller's hold, or what the feed itself says."""

    interval_seconds: float | None = None
    longest_interval_seconds: float | None = None
    ignore_http_cache: bool | None = None
    """Ask for the whole document each time: its server says "not modified" falsely."""
    full_text: bool | None = None
    """Read the whole text of its articles from their pages."""
    language: str | None = None
    headers: Mapping[str, str | Secret] | None = None
    login: Secret | None = None
    """`name:password`."""

    def over(self, others: FeedOptions) -> FeedOptions:
        """These options, with those of the others that these leave open."""
        mine = msgspec.structs.asdict(self)
        return msgspec.structs.replace(others, **{name: value for name, value in mine.items() if value is not None})

    def request_headers(self) -> dict[str, str]:
        """The headers to send to the feed's own host. Raises ConfigError, without a value, if a secret is missing."""
        found = {}
        for name, value in (self.headers or {}).items():
            place = f"header {name}"
            found[name] = _checked_value(value.read(place) if isinstance(value, Secret) else value, place)
        if self.login is not None:
            login = self.login.read("login")
            if ":" not in login:
                raise ConfigError("a login is name:password", place="login")
            found["Authorization"] = f"Basic {base64.b64encode(login.encode()).decode('ascii')}"
        return found

    def policy(self, policy: str) -> str:
        """The digest of the settings that may refuse the feed: the poller's, and which of its secrets is missing."""
        try:
            self.request_headers()
        except ConfigError as err:
            return digest("policy of a feed", policy, str(err))
        return policy


def options_of(settings: FeedSettings) -> FeedOptions:
    """The options of a table `[[feeds]]`, whose durations have been checked. Raises ConfigError for a header."""
    return FeedOptions(
        interval_seconds=None if settings.interval is None else seconds(settings.interval),
        longest_interval_seconds=None if settings.longest_interval is None else seconds(settings.longest_interval),
        ignore_http_cache=settings.ignore_http_cache or None,
        full_text=settings.full_text or None,
        language=settings.language,
        headers=checked_headers(settings.headers) if settings.headers else None,
        login=settings.login,
    )


def options_of_change(change: SubscriptionChange) -> FeedOptions:
    """The options that a decision of somebody's has set."""
    headers = change.headers
    return FeedOptions(
        interval_seconds=change.interval_seconds,
        longest_interval_seconds=change.longest_interval_seconds,
        ignore_http_cache=change.ignore_http_cache,
        full_text=change.full_text,
        language=change.language,
        headers=None
        if headers is None
        else {name: value if isinstance(value, str) else _secret(value) for name, value in headers.items()},
        login=None if change.login is None else _secret(change.login),
    )


def checked_headers(headers: Mapping[str, str | Secret]) -> Mapping[str, str | Secret]:
    """The headers, if a person may set them. Raises ConfigError otherwise."""
    for name, value in headers.items():
        if _HEADER_NAME.fullmatch(name) is None:
            raise ConfigError(f"{name!r} is not the name of a header", place="feeds.headers")
        if name.lower() in HEADERS_OF_OUR_OWN:
            hint = "; a login has its own setting" if name.lower() == "authorization" else ""
            raise ConfigError(f"{name} is set by the poller itself{hint}", place="feeds.headers")
        if isinstance(value, str):
            _checked_value(value, f"header {name}")
    return headers


def _checked_value(value: str, place: str) -> str:
    if _HEADER_VALUE.fullmatch(value) is None:
        raise ConfigError("a header's value is one line of Latin letters", place=place)
    return value


def _secret(place: SecretPlace) -> Secret:
    return Secret(env=place.env, file=place.file)
