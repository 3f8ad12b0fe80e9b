"""What the index answers: frozen values around the records themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from firstwire.core.routes.labels import Label
from firstwire.core.stories.active import ActiveStory
from firstwire.index.place import IndexDamage
from schemas.alert import Alert, AlertLife, Verdict
from schemas.article import Story
from schemas.delivery import Delivery, Receipt
from schemas.event import Event
from schemas.outcome import Outcome
from schemas.record import Span
from schemas.silence import Feedback


@dataclass(frozen=True)
class IndexedAlert:
    """The newest revision of an alert, with what came with its record."""

    alert: Alert
    raised_at: str
    """When its first article was fetched: the order of lists."""
    changed_at: str
    """When the article was fetched that caused this revision."""
    receipt: Receipt
    """Of its first raise; only the alert's own times if the record of that was gone before it could be read."""
    feedback: tuple[Feedback, ...] = ()
    """The last word of each person, the newest first."""


@dataclass(frozen=True)
class AlertFilter:
    """Which alerts are meant; what is empty or None excludes none. Of several values of one label any may hold."""

    labels: Mapping[Label, tuple[str, ...]] = field(default_factory=dict)
    """As routes and silences have them: `{"rule": ("first-to-recognize",), "language": ("en", "fr")}`; case, accents,
    and spaces in ids make no difference."""
    lives: tuple[AlertLife, ...] = ()
    shadow: bool | None = False
    """Whether alerts of shadow rules are meant; None: both."""
    since: str | None = None
    """Raised at this time or later."""
    until: str | None = None
    """Raised before this time."""
    among: frozenset[str] | None = None
    """Only these alerts; None: any."""
    apart: frozenset[str] = frozenset()
    """None of these."""


@dataclass(frozen=True)
class AlertPage:
    """A part of the alerts that a filter means, the newest first."""

    alerts: tuple[IndexedAlert, ...]
    total: int
    """How many it means in all."""
    next: str | None
    """What to give as `after` for the next part; None if there is none."""


@dataclass(frozen=True)
class SearchHit:
    """One revision of an article for which a query holds."""

    story: Story
    evidence: tuple[Span, ...]
    """The words that make the query true, as in an alert."""


@dataclass(frozen=True)
class DayCount:
    """What a query finds of one UTC day."""

    day: str
    articles: int
    """Revisions of articles, each of which a watch would match."""
    messages: int
    """What a watch with `tell: developments` would tell: the first match of a story, and later ones with news."""


@dataclass(frozen=True)
class SearchPage:
    """A part of what a query finds, the newest first, and how much it finds."""

    hits: tuple[SearchHit, ...]
    next: str | None
    """What to give as `after` for the next part; None if there is none."""
    days: tuple[DayCount, ...] = ()
    """Every day that is searched, the earliest first; empty in all parts but the first."""
    counted_since: str | None = None
    """From when on the counts are whole, if too much had to be verified; None: all of it."""
    is_of_a_watch: bool = True
    """Whether a watch may have this query: one that asks for values alone, as `source:Dawn`, is for searches."""
    hints: tuple[str, ...] = ()
    """If nothing is found: what in the query was probably meant otherwise."""

    @property
    def articles(self) -> int:
        return sum(day.articles for day in self.days)

    @property
    def messages(self) -> int:
        return sum(day.messages for day in self.days)


@dataclass(frozen=True)
class IndexedArticle:
    """Everything on record about one article. It has no revision if it was dropped as a duplicate."""

    article_id: str
    revisions: tuple[Story, ...]
    """As they were read, the earliest first."""
    outcomes: tuple[Outcome, ...]
    events: tuple[Event, ...]
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True)
class AlertTrail:
    """What became of an alert."""

    verdicts: tuple[Verdict, ...]
    deliveries: tuple[Delivery, ...]
    """The current state of each, by revision and destination."""


@dataclass(frozen=True)
class IndexState:
    """How much the index holds, and how far behind the topics it is."""

    articles: int
    alerts: int
    size_bytes: int
    first_day: str | None
    """The earliest UTC day that is searched; None if there is no article."""
    behind: int | None
    """How many records of the topics are not in it yet; None if that was never determined."""
    seen_at: str | None
    """When that was determined."""
    damage: IndexDamage | None = None
    """The last time that the file was found damaged, and made anew."""


@dataclass(frozen=True)
class StoryPage:
    """A part of the stories of a time."""

    stories: tuple[ActiveStory, ...]
    total: int
