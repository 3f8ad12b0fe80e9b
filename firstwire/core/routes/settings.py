"""Routes as people write them. `compiled` in `tree.py` makes a `RouteTree` of them."""

from __future__ import annotations

from typing import Annotated

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


class QuietHours(Written, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hours of the day in which nobody is disturbed, in the time zone of the route."""

    begin: str = msgspec.field(name="from")
    """`22:00`."""
    end: str = msgspec.field(name="to")
    """`07:00`; of the next day if it is not later than the beginning."""
    days: tuple[str, ...] = ()
    """On which they begin, `mon` to `sun`; empty: every day."""


class Inhibition(Written, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Alerts that fit `target` are not told while one that fits `source` is new and has the same `equal` labels."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    equal: tuple[str, ...] = ()
    lasts: str = "6h"
    """How long the source inhibits others after each of its revisions."""


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
    group_by: tuple[str, ...] | None = None
    """What the alerts of one message have in common: `story`, `subject`, `rule`, `target`, `severity`, `alert`."""
    group_wait: str | None = None
    """How long the first alert of a group waits for others."""
    group_interval: str | None = None
    """Between two messages about one group."""
    repeat_interval: str | None = None
    """After which an alert that nobody acknowledged is told again."""
    cooldown: str | None = None
    """After a message about a rule, before the next one about it."""
    quiet_hours: tuple[QuietHours, ...] | None = None
    digest: str | None = None
    """`hourly`, or `daily 08:00`: everything in one message at that time."""
    digest_count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """A digest is sent once so many alerts wait for it."""
    timezone: str | None = None
    """Of quiet hours and of a digest."""
    max_alerts: Annotated[int, msgspec.Meta(ge=1, le=100)] | None = None
    """How many alerts one message lists; the others are counted."""
    template: str | None = None
    """The name of the template of its messages about one alert; empty: none, whatever the route above says."""
