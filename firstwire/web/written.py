"""A form that was refused: its page is shown again with what was written, and with what is wrong beside the field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiohttp import web

from firstwire.errors import ConfigError


class FieldError(ConfigError):
    """What is wrong with one field of a form."""

    def __init__(self, message: str, *, field: str, link: tuple[str, str] | None = None) -> None:
        super().__init__(message, place=field or None)
        self.field = field
        self.link = link
        """Where it can be done: an address, and what is there."""


@contextmanager
def in_field(name: str) -> Iterator[None]:
    """Say of what is refused inside that it stands in a field."""
    try:
        yield
    except FieldError:
        raise
    except ConfigError as err:
        raise FieldError(err.message, field=name) from err


@dataclass(frozen=True)
class WrittenForm:
    """What was sent to an address, and why it was refused."""

    address: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    wrong: str = ""
    """The field that is at fault; empty if it is not known, or none is."""
    link: tuple[str, str] | None = None

    @classmethod
    def refused(cls, address: str, fields: Mapping[str, str], err: ConfigError) -> WrittenForm:
        wrong, link = (err.field, err.link) if isinstance(err, FieldError) else ("", None)
        return cls(address, fields, err.message, wrong, link)

    def of(self, address: str, **hidden: str | None) -> WrittenForm:
        """What was written in the form of this address, and with these hidden fields (None: without); nothing
        if it was another one."""
        is_this = self.address == address and all(self.fields.get(name) == value for name, value in hidden.items())
        return self if is_this else WrittenForm()

    def text(self, name: str, usual: str = "") -> str:
        """What stands in a field: as it was written, else the usual."""
        return self.fields.get(name, "") if self.address else usual


WRITTEN = web.RequestKey("written", WrittenForm)
