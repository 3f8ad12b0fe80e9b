"""What people said of alerts, and how the alerts of rules agree with it: precision and recall."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from firstwire.errors import ConfigError
from firstwire.files.compressed import read_lines
from schemas import Feedback
from schemas.alert import Alert
from schemas.backtest import LabelScore


class Label(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether an alert is right: named by its id, or by an article and the rule that must or must not tell it."""

    right: bool
    alert_id: str | None = None
    rule_id: str | None = None
    article_id: str | None = None

    def is_of(self, alert: Alert) -> bool:
        if self.alert_id is not None:
            return alert.alert_id == self.alert_id
        return alert.rule_id == self.rule_id and self.article_id in alert.articles


def read_labels(file: Path) -> list[Label]:
    """The labels of a JSON Lines file. Raises ConfigError with the line of an error."""
    found = []
    for number, line in read_lines(file, "the labels"):
        try:
            label = msgspec.json.decode(line, type=Label)
        except msgspec.DecodeError as err:
            raise ConfigError(f"not a label: {err}", place=f"{file}:{number}") from err
        if label.alert_id is None and (label.rule_id is None or label.article_id is None):
            raise ConfigError("not a label: give alert_id, or rule_id and article_id", place=f"{file}:{number}")
        found.append(label)
    return found


def labels_of_feedback(feedback: Iterable[Feedback]) -> list[Label]:
    """What people said of alerts as labels: the last word on each. An acknowledgement says neither."""
    newest: dict[str, Feedback] = {}
    for said in sorted(feedback, key=lambda said: (said.made_at, said.key)):
        if said.verdict != "acknowledged":
            newest[said.alert_id] = said
    return [Label(right=said.verdict == "right", alert_id=alert_id) for alert_id, said in newest.items()]


def scores(
    labels: Sequence[Label], old: Sequence[Alert], new: Sequence[Alert], known_rules: Iterable[str]
) -> list[LabelScore]:
    """The scores of each rule that has a label, under the old rules and under the new ones; by rule.

    A label by alert id belongs to the rule of that alert; if neither side raised it, its rule is unknown and it counts
    for none.
    """
    rule_of = {alert.alert_id: alert.rule_id for alert in (*old, *new)}
    by_rule: dict[str, list[Label]] = {}
    for label in labels:
        rule_id = label.rule_id or rule_of.get(label.alert_id or "")
        if rule_id is not None:
            by_rule.setdefault(rule_id, []).append(label)
    return [
        _score(rule_id, side, by_rule[rule_id], [alert for alert in alerts if alert.rule_id == rule_id])
        for rule_id in sorted(by_rule.keys() & {*known_rules, *rule_of.values()})
        for side, alerts in _sides(old, new)
    ]


def _sides(old: Sequence[Alert], new: Sequence[Alert]) -> Iterator[tuple[Literal["old", "new"], Sequence[Alert]]]:
    yield "old", old
    yield "new", new


def _score(rule_id: str, side: Literal["old", "new"], labels: list[Label], alerts: list[Alert]) -> LabelScore:
    raised = {label: any(map(label.is_of, alerts)) for label in labels}
    right = sum(label.right and raised[label] for label in raised)
    wrong = sum(not label.right and raised[label] for label in raised)
    missed = sum(label.right and not raised[label] for label in raised)
    return LabelScore(
        rule_id=rule_id,
        side=side,
        right=right,
        wrong=wrong,
        missed=missed,
        precision=right / (right + wrong) if right + wrong else None,
        recall=right / (right + missed) if right + missed else None,
    )
