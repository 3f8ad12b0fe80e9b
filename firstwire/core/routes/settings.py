"""Routes as people write them. `compiled` in `tree.py` makes a `RouteTree` of them."""

from __future__ import annotations

import msgspec


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the configuration."""


class RouteMatch(Written, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an alert must be: all that is given."""

    kind: str | None = None
    severity: str | None = None
    rule_id: str | None = None
    tag: str | None = None
    entity: str | None = None
    language: str | None = None
    source: str | None = None
    certainty: str | None = None


class Route(Written, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One route. What is None is inherited from the route that it stands in."""

    receivers: tuple[str, ...] | None = None
    match: RouteMatch = RouteMatch()
    matchers: tuple[str, ...] = ()
    continues: bool | None = msgspec.field(default=None, name="continue")
    """Whether later routes beside it are asked too. Of routes at the top the default is true, of others false."""
    routes: tuple[Route, ...] = ()
    updates: bool | None = None
    """Notify again at 2, 5 and 10 independent origins, and when the status changes: of alerts on events."""
