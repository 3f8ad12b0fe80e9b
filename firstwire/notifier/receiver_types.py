"""The types of receivers, one of each file in `receivers/`, and the receivers that the settings ask for."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec.structs import fields

from firstwire.config import ReceiverSettings
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.notifier import receivers
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.receiver_type import ReceiverType
from firstwire.notifier.view import View

KEYS_OF_ALL = frozenset({"name", "type", "url", "timezone", "template"})


@cache
def receiver_types() -> Mapping[str, ReceiverType]:
    """Each type by its name in the settings."""
    names = [module.name for module in pkgutil.iter_modules(receivers.__path__)]
    types = [importlib.import_module(f"{receivers.__name__}.{name}").TYPE for name in names]
    return MappingProxyType({each.name: each for each in types})


def receivers_from(sections: Iterable[ReceiverSettings], *, console: str = "") -> Mapping[str, Receiver]:
    """Each configured receiver by name; `console` is `web.public_url`.

    Raises ConfigError, which names the receiver but never its URL or secret.
    """
    return {section.name: _receiver(section, View(ZoneInfo(section.timezone), console)) for section in sections}


def checked_address(section: ReceiverSettings) -> str:
    """The URL of a receiver. Raises ConfigError, which does not show it, unless it is of a form that its type takes."""
    kind = _type_of(section)
    url = section.read_url() or kind.default_url
    if url is None:
        raise ConfigError(f"a receiver of the type {section.type} needs a url", place=section.place)
    if not kind.schemes:
        return url
    try:
        split = urlsplit(url)
        has_place = split.path.startswith("/") and not split.netloc if "file" in kind.schemes else bool(split.hostname)
        sound = split.scheme in kind.schemes and has_place and split.port != 0
    except ValueError:
        sound = False
    if not sound or any(char.isspace() or not char.isprintable() for char in url):
        form = "file:///path" if "file" in kind.schemes else f"{kind.schemes[0]}://host/path"
        others = "".join(f" (or {scheme}://)" for scheme in kind.schemes[1:])
        raise ConfigError(f"the URL must be of the form {form}{others}", place=section.place)
    return url


def unread_keys(section: ReceiverSettings) -> list[str]:
    """The keys that are set, and that its type does not read."""
    set_ones = (field.encode_name for field in fields(section) if getattr(section, field.name) != field.default)
    return [key for key in set_ones if key not in (*KEYS_OF_ALL, *_type_of(section).keys)]


def _receiver(section: ReceiverSettings, view: View) -> Receiver:
    return _type_of(section).configured(section, checked_address(section), view)


def _type_of(section: ReceiverSettings) -> ReceiverType:
    known = receiver_types()
    if section.type not in known:
        raise ConfigError(f"no type {section.type!r}{nearest(section.type, known)}", place=section.place)
    return known[section.type]
