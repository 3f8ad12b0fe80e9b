"""What the file of a type of receiver says of it, and the settings that several types read alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from firstwire.config import ReceiverSettings
from firstwire.errors import ConfigError
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.view import View


@dataclass(frozen=True)
class ReceiverType:
    """A type by its name in the settings."""

    name: str
    configured: Callable[[ReceiverSettings, str, View], Receiver]
    """The receiver of its settings, its URL, which was read and checked, and the view of its readers.

    Raises ConfigError, which names the receiver but no secret.
    """
    default_url: str | None = None
    """The address of a type of which all have the same."""
    schemes: tuple[str, ...] = ("https", "http")
    """Of its URL; empty: any, and the type checks the whole URL itself."""
    keys: tuple[str, ...] = ()
    """The keys that it reads beside those of all types."""


def token_of(section: ReceiverSettings, *, required: bool = True) -> str:
    """The token; empty if it is not required and not set. Raises ConfigError if it is missing or cannot be one."""
    if section.token is None:
        if required:
            said = f'a receiver of the type {section.type} needs token = {{ env = "NAME" }} or {{ file = "/path" }}'
            raise ConfigError(said, place=section.place)
        return ""
    token = section.token.read(section.place)
    if not token.isascii() or not token.isprintable() or " " in token:
        raise ConfigError("the token holds characters that no token has", place=section.place)
    return token
