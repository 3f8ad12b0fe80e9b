"""Which feed somebody means, and how it is to be polled: addresses and settings as people give them, looked at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from firstwire.config import Configuration
from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError
from firstwire.poller.autodiscovery import FoundFeed
from firstwire.poller.document import FeedDocument
from firstwire.poller.feed_accounts import summary
from firstwire.poller.feed_list import added
from firstwire.poller.feed_options import checked_headers, options_of_change
from firstwire.poller.inspection import Inspection, Inspector, open_inspector
from firstwire.poller.languages import language_tag
from firstwire.poller.links import redacted, web_address_fault
from firstwire.poller.subscriptions import feed_address
from schemas.subscription import SecretPlace


@dataclass(frozen=True)
class ChosenFeed:
    """The feed that is meant, and what to say of it."""

    address: str
    note: str
    is_found: bool = False
    """A page names it; nobody has given this address."""


@dataclass(frozen=True)
class UnclearFeed:
    """Why it is not clear which feed is meant, and the feeds that the page names, if it is one."""

    reason: str
    named: tuple[FoundFeed, ...] = ()
    guessed: tuple[FoundFeed, ...] = ()
    """Where feeds usually are, of a page that names none."""

    @property
    def hint(self) -> str:
        """What somebody may do who meant a feed."""
        if self.named:
            return "it names these feeds; add one of them:"
        if self.guessed:
            return "it names no feed, but its site has one, which may not be the one you mean:"
        return ""


async def chosen_feed(
    configuration: Configuration, address: str, settings: dict[str, Any], at: str
) -> ChosenFeed | UnclearFeed:
    """Visit an address: the feed there, or the only one that the page there names."""
    options = options_of_change(added(address, at, None, **settings))
    async with open_inspector(configuration) as inspector:
        return await chosen_of(inspector, await inspector.inspect(address, options))


async def chosen_of(inspector: Inspector, looked: Inspection) -> ChosenFeed | UnclearFeed:
    """The feed that is meant by an address that was looked at. What is guessed is only offered."""
    meant = await meant_by(inspector, looked)
    if isinstance(meant, ChosenFeed) or meant.named:
        return meant
    return UnclearFeed(meant.reason, guessed=await inspector.guessed(looked))


async def meant_by(inspector: Inspector, looked: Inspection) -> ChosenFeed | UnclearFeed:
    """As `chosen_of`, without any guess, which takes requests."""
    if isinstance(looked.found, FeedDocument):
        return ChosenFeed(looked.url, f": {summary(looked.found)}")
    named = looked.feeds
    if len(named) == 1 and await inspector.leads_inside(looked.url, named[0].url):
        return UnclearFeed("what it names is on another server of your own network", named)
    if len(named) == 1:
        return ChosenFeed(named[0].url, f", the feed of {redacted(looked.url)}", is_found=True)
    return UnclearFeed(looked.found, named)


def given_address(url: str) -> str:
    """The address that somebody wrote, `https` unless it says otherwise. Raises ConfigError if it is none."""
    address = feed_address(url)
    if "://" not in address:
        address = f"https://{address}"
    fault = web_address_fault(address)
    if fault is not None:
        raise ConfigError(f"{redacted(address)}: {fault}")
    return address


def given_settings(
    *,
    name: str | None = None,
    tags: tuple[str, ...] = (),
    language: str | None = None,
    interval: str | None = None,
    longest_interval: str | None = None,
    ignores_cache: bool | None = None,
    full_text: bool | None = None,
    headers: tuple[str, ...] = (),
    secret_headers: tuple[str, ...] = (),
    login: str | None = None,
) -> dict[str, Any]:
    """The fields of a decision that are given. Raises ConfigError for one that is malformed."""
    try:
        plain = dict(_pair(text) for text in headers)
        secret = {key: SecretPlace(env=variable) for key, variable in map(_pair, secret_headers)}
        checked_headers(plain | dict.fromkeys(secret, ""))
        spans = {"interval_seconds": interval, "longest_interval_seconds": longest_interval}
        spans_given = {key: seconds(text) for key, text in spans.items() if text is not None}
    except ValueError as err:
        raise ConfigError(str(err)) from err
    names = tuple(part.strip() for tag in tags for part in tag.split(","))
    if not all(names):
        raise ConfigError("a tag is empty")
    if name is not None and not name.strip():
        raise ConfigError("the name is empty")
    if language is not None and language_tag(language) is None:
        raise ConfigError(f"{language!r} is no language tag, such as en or pt-br")
    return {
        "title": None if name is None else name.strip(),
        "tags": tuple(dict.fromkeys(names)) or None,
        "language": language_tag(language),
        "ignore_http_cache": ignores_cache,
        "full_text": full_text,
        "headers": plain | secret or None,
        "login": None if login is None else SecretPlace(env=login),
        **spans_given,
    }


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{name!r} is not of the form NAME=VALUE")
    return name.strip(), value.strip()
