"""The notifier's entry point: checks the receivers, creates sockets and clock and passes them on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from firstwire.config import Configuration, ReceiverSettings, networks
from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError
from firstwire.notifier import replies
from firstwire.notifier.loop import Notifier
from firstwire.notifier.posting import open_session, post
from firstwire.notifier.slack import SlackReceiver
from firstwire.notifier.webhook import WebhookReceiver, read_secret


async def notify(
    configuration: Configuration,
    bootstrap_servers: str,
    *,
    stop: asyncio.Event,
    on_ready: Callable[[], None] = lambda: None,
) -> None:
    """Deliver alerts until `stop` is set, then end within 5 s. Waits out outages of Kafka.

    Raises ConfigError before anything is started if a receiver's URL or secret is missing or wrong, later FencedError
    when another notifier has taken over, FatalError when continuing would be unsafe.
    """
    settings = configuration.settings
    receivers = receivers_from(settings.receivers)
    section = settings.notifier

    def now() -> datetime:
        return datetime.now(UTC)

    async with open_session(networks(section.allow_private_addresses), seconds(section.timeout)) as session:
        notifier = Notifier(
            bootstrap_servers=bootstrap_servers,
            topic_prefix=settings.kafka.topic_prefix,
            member_id=section.id,
            routes=settings.routes,
            receivers=receivers,
            post=lambda request: post(session, request, now),
            give_up_after_seconds=seconds(section.give_up_after),
            now=now,
        )
        running = asyncio.ensure_future(notifier.run())
        on_ready()
        stopping = asyncio.ensure_future(stop.wait())
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            notifier.stop()
            await running
        finally:
            running.cancel()
            stopping.cancel()
            await asyncio.gather(running, stopping, return_exceptions=True)


def receivers_from(sections: tuple[ReceiverSettings, ...]) -> Mapping[str, replies.Receiver]:
    """Each configured receiver by name. Raises ConfigError, which names the receiver but never its URL or secret."""
    return {section.name: _receiver(section) for section in sections}


def _receiver(section: ReceiverSettings) -> replies.Receiver:
    place = f"receiver {section.name!r}"
    url = _checked_url(section.read_url(), place)
    if section.type == "slack":
        return SlackReceiver(url)
    if section.secret is None:
        raise ConfigError('a webhook needs secret = { env = "NAME" } or { file = "/path" }', place=place)
    return WebhookReceiver(url, read_secret(section.secret.read(place), place))


def _checked_url(url: str, place: str) -> str:
    try:
        split = urlsplit(url)
        sound = split.scheme in ("http", "https") and bool(split.hostname) and split.port != 0
    except ValueError:
        sound = False
    if not sound or any(char.isspace() or not char.isprintable() for char in url):
        raise ConfigError("the URL must be of the form https://host/path (or http://)", place=place)
    return url
