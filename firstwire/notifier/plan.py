"""What of the configuration may change while the notifier runs: routes, inhibitions and receivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firstwire.config import Configuration, inhibitions_of, route_tree
from firstwire.core.routes.inhibition import InhibitionRule
from firstwire.core.routes.tree import RouteTree
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.receiver_types import receivers_from
from firstwire.notifier.template_book import NO_TEMPLATES, TemplateBook, template_book


@dataclass(frozen=True)
class NotifierPlan:
    """Who is told what, and how."""

    routes: RouteTree
    receivers: Mapping[str, Receiver]
    inhibitions: Sequence[InhibitionRule] = ()
    trouble_receivers: Sequence[str] = ()
    templates: TemplateBook = NO_TEMPLATES


def plan_of(configuration: Configuration) -> NotifierPlan:
    """The plan of a configuration. Raises ConfigError if a URL, a secret or a template is missing or wrong."""
    settings = configuration.settings
    return NotifierPlan(
        routes=route_tree(settings),
        receivers=receivers_from(settings.receivers, console=settings.web.console),
        inhibitions=inhibitions_of(settings),
        trouble_receivers=settings.notifier.trouble_receivers,
        templates=template_book(settings),
    )
