"""The templates of the settings, and which of them a receiver's messages are written by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from firstwire.config import Settings
from firstwire.core.routes.settings import Route
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.notifier.templates import MessageTemplate, compiled_template


@dataclass(frozen=True)
class TemplateBook:
    """Templates by name, and the name of the template of each receiver that has one."""

    templates: Mapping[str, MessageTemplate] = field(default_factory=dict)
    of_receivers: Mapping[str, str] = field(default_factory=dict)

    def name_for(self, receiver: str, of_route: str | None) -> str | None:
        """The name of the template of a message: the route's, else the receiver's; None: it has none."""
        return (self.of_receivers.get(receiver) if of_route is None else of_route) or None


NO_TEMPLATES = TemplateBook()


def template_book(settings: Settings) -> TemplateBook:
    """The templates, checked. Raises ConfigError if one is wrong, or if a route or receiver names none of them."""
    templates: dict[str, MessageTemplate] = {}
    for section in settings.templates:
        if section.name in templates:
            raise ConfigError("there are two of this name", place=section.place)
        try:
            templates[section.name] = compiled_template(section.name, section.text)
        except ValueError as err:
            raise ConfigError(str(err), place=section.place) from err
    of_receivers = {each.name: each.template for each in settings.receivers if each.template}
    named = [(each.place, each.template) for each in settings.receivers if each.template]
    for place, name in (*named, *_named_by(settings.routes, "route ")):
        if name not in templates:
            raise ConfigError(f"no template {name!r}{nearest(name, templates)}", place=place)
    return TemplateBook(templates, of_receivers)


def _named_by(routes: Iterable[Route], above: str) -> Iterator[tuple[str, str]]:
    for number, route in enumerate(routes, start=1):
        if route.template:
            yield f"{above}{number}", route.template
        yield from _named_by(route.routes, f"{above}{number}.")
