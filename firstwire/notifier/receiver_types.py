"""The types of receivers by their names in the settings, and the receivers that these ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from firstwire.config import ReceiverSettings
from firstwire.errors import ConfigError
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.slack import SlackReceiver
from firstwire.notifier.slack_bot import SlackBotReceiver
from firstwire.notifier.view import View
from firstwire.notifier.webhook import WebhookReceiver

TYPES: Mapping[str, Callable[[ReceiverSettings, str, View], Receiver]] = MappingProxyType(
    {
        "slack": SlackReceiver.configured,
        "slack_bot": SlackBotReceiver.configured,
        "webhook": WebhookReceiver.configured,
    }
)
"""How each type is made from its settings, its URL, which was read and checked, and the view of its readers."""

DEFAULT_URLS: Mapping[str, str] = MappingProxyType({"slack_bot": "https://slack.com/api"})
"""The addresses of types that all have the same."""


def receivers_from(sections: Iterable[ReceiverSettings], *, console: str = "") -> Mapping[str, Receiver]:
    """Each configured receiver by name; `console` is `web.public_url`.

    Raises ConfigError, which names the receiver but never its URL or secret.
    """
    return {
        section.name: TYPES[section.type](section, _checked_url(section), View(ZoneInfo(section.timezone), console))
        for section in sections
    }


def _checked_url(section: ReceiverSettings) -> str:
    url = section.read_url() or DEFAULT_URLS.get(section.type)
    if url is None:
        raise ConfigError(f"a receiver of the type {section.type} needs a url", place=section.place)
    try:
        split = urlsplit(url)
        sound = split.scheme in ("http", "https") and bool(split.hostname) and split.port != 0
    except ValueError:
        sound = False
    if not sound or any(char.isspace() or not char.isprintable() for char in url):
        raise ConfigError("the URL must be of the form https://host/path (or http://)", place=section.place)
    return url
