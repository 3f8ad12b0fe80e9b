"""Matchers as Alertmanager writes them: `severity=~"warning|critical"`, `tag!=cricket`; and `origins>=2`.

https://prometheus.io/docs/alerting/latest/configuration/#matcher; docs/routing.md lists what differs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, cast

from firstwire.core.routes.labels import LABELS, VALUES, Labels
from firstwire.core.text.nearest import nearest

Operator = Literal["=", "!=", "=~", "!~", ">=", "<"]

COUNTED = frozenset({"origins"})
"""Labels that are numbers, which `>=` and `<` compare."""

_MATCHER = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|>=|=|<)\s*(.*?)\s*", re.DOTALL)
_PLAIN = re.compile(r"[^\s{}!=~,\\\"'`]*")
"""An unquoted value: Alertmanager's rule."""
_ESCAPES = {"n": "\n", '"': '"', "\\": "\\"}


@dataclass(frozen=True)
class LabelMatcher:
    """One condition on a label."""

    label: str
    operator: Operator
    value: str
    pattern: re.Pattern[str] | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        quoted = self.value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'{self.label}{self.operator}"{quoted}"'

    def holds(self, labels: Labels) -> bool:
        """Whether it holds: of several values one must fit, and for `!=` and `!~` none may.

        A label without a value is the empty text, as in Alertmanager.
        """
        values = labels.get(self.label) or ("",)
        if self.operator in ("!=", "!~"):
            return not any(self._fits(value) for value in values)
        return any(self._fits(value) for value in values)

    def _fits(self, value: str) -> bool:
        if self.pattern is not None:
            return self.pattern.fullmatch(value) is not None
        if self.operator == ">=":
            return int(value or 0) >= int(self.value)
        if self.operator == "<":
            return int(value or 0) < int(self.value)
        return value == self.value


def equal(label: str, value: str) -> LabelMatcher:
    """`label="value"`."""
    return LabelMatcher(label, "=", value)


def fit(matchers: Iterable[LabelMatcher], labels: Labels) -> bool:
    """Whether all of them hold."""
    return all(matcher.holds(labels) for matcher in matchers)


def mismatch_of(matchers: Iterable[LabelMatcher], labels: Labels) -> str | None:
    """The first matcher that does not hold, in words: `severity is critical, not info`; None if all hold."""
    for matcher in matchers:
        if not matcher.holds(labels):
            return _mismatch(matcher, labels.get(matcher.label, ()))
    return None


def matchers_in(texts: Iterable[str]) -> tuple[LabelMatcher, ...]:
    """The matchers of several texts, each with one or more. Raises ValueError for what is none."""
    return tuple(matcher for text in texts for matcher in parse_matchers(text))


def refuse_unknown_values(matchers: Iterable[LabelMatcher]) -> None:
    """Raise ValueError for a matcher of a value that its label never has: it would fit nothing, or everything."""
    for each in matchers:
        known = VALUES.get(each.label)
        if known is not None and each.operator in ("=", "!=") and each.value and each.value not in known:
            raise ValueError(f"no {each.label} {each.value!r}{nearest(each.value, known)}")


def parse_matchers(text: str) -> tuple[LabelMatcher, ...]:
    """The matchers of `{severity=critical, tag!="a, b"}`, braces or not. Raises ValueError for what is none."""
    inner = text.strip()
    if inner.startswith("{") != inner.endswith("}"):
        raise ValueError(f"{text!r}: a brace is not closed or not opened")
    return tuple(parse_matcher(part) for part in _parts(inner[1:-1] if inner.startswith("{") else inner))


def parse_matcher(text: str) -> LabelMatcher:
    """One matcher. Raises ValueError, which says what is wrong and how to write it."""
    found = _MATCHER.fullmatch(text)
    if found is None:
        raise ValueError(f'{text!r} is no matcher; write for example severity=critical or tag=~"taliban|afghan.*"')
    label, operator, written = found[1], cast(Operator, found[2]), found[3]
    label = "rule" if label == "rule_id" else label
    if label not in LABELS:
        raise ValueError(f"{text!r}: no label {label!r}{nearest(label, LABELS)}")
    value = _value(written, text)
    if operator in (">=", "<"):
        if label not in COUNTED:
            raise ValueError(f"{text!r}: {operator} compares numbers, and {label} is none; write =, !=, =~ or !~")
        if not re.fullmatch(r"[0-9]{1,9}", value):
            raise ValueError(f"{text!r}: {value!r} is not a whole number")
    if operator not in ("=~", "!~"):
        return LabelMatcher(label, operator, value)
    try:
        return LabelMatcher(label, operator, value, re.compile(value))
    except (re.error, OverflowError, RecursionError) as err:
        raise ValueError(f"{text!r}: not a regular expression: {err}") from err


def _value(written: str, whole: str) -> str:
    if not written.startswith('"'):
        if not _PLAIN.fullmatch(written):
            raise ValueError(f"{whole!r}: put the value in double quotes, it holds a space or one of {{}}!=~,\\\"'`")
        return written
    value: list[str] = []
    at = 1
    while at < len(written):
        char = written[at]
        if char == '"':
            if at != len(written) - 1:
                raise ValueError(f"{whole!r}: something follows the closing quote")
            return "".join(value)
        if char == "\\":
            at += 1
            following = written[at : at + 1]
            # As in Alertmanager, an unknown escape stands for itself: regular expressions need no doubled backslash
            char = _ESCAPES.get(following, "\\" + following)
        value.append(char)
        at += 1
    raise ValueError(f"{whole!r}: the closing quote is missing")


def _parts(text: str) -> Iterator[str]:
    """The text split at commas outside quotes; one comma may end it, an empty text has no part."""
    start, is_quoted, at = 0, False, 0
    while at < len(text):
        if text[at] == "\\" and is_quoted:
            at += 1
        elif text[at] == '"':
            is_quoted = not is_quoted
        elif text[at] == "," and not is_quoted:
            yield text[start:at]
            start = at + 1
        at += 1
    if text[start:].strip():
        yield text[start:]


def _mismatch(matcher: LabelMatcher, values: tuple[str, ...]) -> str:
    found = ", ".join(values[:4]) + (", …" if len(values) > 4 else "")
    name = "rule_id" if matcher.label == "rule" else matcher.label
    if matcher.operator == "=":
        return f"{name} is {found}, not {matcher.value}" if len(values) == 1 else f"no {name} {matcher.value}"
    return f"{name} is {found or 'missing'}, asked is {matcher}"
