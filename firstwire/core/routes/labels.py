"""The labels of an alert: what matchers of routes, silences and inhibitions ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from firstwire.core.text.folding import fold_value
from schemas import Alert
from schemas.alert import AlertKind, Severity
from schemas.event import Status
from schemas.record import Certainty

Label = Literal[
    "alert",
    "certainty",
    "entity",
    "kind",
    "language",
    "origins",
    "rule",
    "severity",
    "source",
    "status",
    "story",
    "tag",
]
LABELS: frozenset[str] = frozenset(get_args(Label))

VALUES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(AlertKind),
    "severity": get_args(Severity),
    "certainty": get_args(Certainty),
    "status": get_args(Status),
}
"""All values of the labels that have few."""

Labels = Mapping[str, tuple[str, ...]]
"""The values of each label: several of an alert with several tags, none if it has nothing of the kind."""


def labels_of(alert: Alert) -> Labels:
    """All labels of an alert.

    `entity` is who acts and on whom; of a watch's alert, which has neither, its tags. `source` and `language` are those
    of its articles, `en-US` also as `en`; `origins` is the number of independent ones.
    """
    subject = alert.subject
    parties = tuple(dict.fromkeys(each for each in (subject.actor, subject.target) if each))
    return {
        "alert": (alert.alert_id,),
        "certainty": () if alert.certainty is None else (alert.certainty,),
        "entity": alert.tags if alert.kind == "watch" else parties,
        "kind": (alert.kind,),
        "language": tuple(dict.fromkeys(name for each in alert.coverage for name in _languages(each.language))),
        "origins": (str(len(alert.origins)),),
        "rule": (alert.rule_id,),
        "severity": (alert.severity,),
        "source": alert.outlets,
        "status": () if alert.status is None else (alert.status,),
        "story": () if subject.story is None else (subject.story,),
        "tag": alert.tags,
    }


def folded_label(label: str, value: str) -> str:
    """A value as filters compare it, however it is typed: case, accents, and spaces in an id make no difference."""
    folded = fold_value(value)
    return folded.replace(" ", "-") if label in ("entity", "tag") else folded


def _languages(tag: str) -> tuple[str, ...]:
    tag = tag.lower()
    return (tag, tag.partition("-")[0]) if tag else ()
