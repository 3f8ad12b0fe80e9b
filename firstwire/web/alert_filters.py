"""Which alerts a page or a stream shows: read of an address, asked of the index, and of alerts as they come. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args

from multidict import MultiMapping

from firstwire.core.routes.labels import VALUES, Label, folded_label, labels_of
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.index.results import AlertFilter
from firstwire.web.parameters import span_of
from schemas.alert import Alert, AlertLife
from schemas.silence import Feedback, FeedbackVerdict

BY_LABEL: tuple[Label, ...] = ("rule", "kind", "severity", "certainty", "entity", "tag", "language", "source")
"""Parameters that are labels of alerts, as routes and silences have them."""
PARAMETERS = (*BY_LABEL, "state", "feedback", "since", "until", "shadow")
CHOICES: dict[str, tuple[str, ...]] = {
    **{label: values for label, values in VALUES.items() if label in BY_LABEL},
    "state": get_args(AlertLife),
    "shadow": ("no", "yes", "only"),
    "feedback": (*get_args(FeedbackVerdict), "none"),
}
_SHADOW: dict[str, bool | None] = {"": False, "no": False, "yes": None, "only": True}


@dataclass(frozen=True)
class AskedAlerts:
    """What an address asks for."""

    filter: AlertFilter
    given: tuple[tuple[str, str], ...]
    """The parameters that were given, in order."""


def asked_alerts(
    query: MultiMapping[str], now: str, feedback: Mapping[str, Mapping[str, Feedback]] = MappingProxyType({})
) -> AskedAlerts:
    """The filter of an address, given what people said of alerts. Raises ConfigError for a value that no alert has."""
    found: dict[str, tuple[str, ...]] = {}
    for name in PARAMETERS:
        found[name] = tuple(each.strip() for each in query.getall(name, ()) if each.strip())
        for value in found[name]:
            if name in CHOICES and value not in CHOICES[name]:
                raise ConfigError(f"{name}: no {value!r}{nearest(value, CHOICES[name])}")
    since, until = span_of(query, now)
    among, apart = _by_feedback(found["feedback"], feedback)
    wanted = AlertFilter(
        labels={label: found[label] for label in BY_LABEL if found[label]},
        lives=found["state"],  # type: ignore[arg-type]  # checked above
        shadow=_SHADOW[(found["shadow"] or ("",))[0]],
        since=since,
        until=until,
        among=among,
        apart=apart,
    )
    given = tuple((name, value) for name in PARAMETERS for value in found[name])
    return AskedAlerts(wanted, given)


def is_asked_for(wanted: AlertFilter, alert: Alert) -> bool:
    """Whether an alert that just came is one of those that a filter means; as the index judges."""
    labels, raised_at = labels_of(alert), alert.times.fetched_at
    return (
        all(_overlap(label, labels[label], values) for label, values in wanted.labels.items())
        and (not wanted.lives or alert.state in wanted.lives)
        and wanted.shadow in (None, alert.shadow)
        and (wanted.since is None or raised_at >= wanted.since)
        and (wanted.until is None or raised_at < wanted.until)
        and (wanted.among is None or alert.alert_id in wanted.among)
        and alert.alert_id not in wanted.apart
    )


def _by_feedback(
    verdicts: Sequence[str], feedback: Mapping[str, Mapping[str, Feedback]]
) -> tuple[frozenset[str] | None, frozenset[str]]:
    """Which alerts alone are meant (None: any), and which are not: with `none` all but those of which only other
    things were said."""
    if not verdicts:
        return None, frozenset()
    said = frozenset(
        each for each, by_author in feedback.items() if any(one.verdict in verdicts for one in by_author.values())
    )
    return (None, frozenset(feedback) - said) if "none" in verdicts else (said, frozenset())


def _overlap(label: Label, some: Iterable[str], others: Iterable[str]) -> bool:
    return not {folded_label(label, each) for each in some}.isdisjoint(folded_label(label, each) for each in others)
