"""Groups within which an actor may be the first: their names in texts, and their members by day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from firstwire.core.text.folding import fold_text

_WORDS_LEFT_OUT = frozenset({"the", "a", "an", "in", "of", "from", "among", "all", "any"})
_MEMBER_NOUNS = frozenset({"member", "members", "country", "countries", "nation", "nations", "state", "states", "bloc"})
_WORDS = re.compile(r"\w+")


class Membership(msgspec.Struct, frozen=True, kw_only=True):
    """The days of a membership. `until` is the first day after it."""

    since: str = ""
    until: str | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group. `member` names one of its members in words: `Arab country`."""

    id: str
    member: str
    names: tuple[str, ...]
    members: Mapping[str, tuple[Membership, ...]]

    def has(self, actor: str, day: str) -> bool:
        return any(
            span.since <= day and (span.until is None or day < span.until) for span in self.members.get(actor, ())
        )


@dataclass(frozen=True)
class Groups:
    """All known groups, looked up by the names in texts."""

    by_id: Mapping[str, Group] = field(default_factory=dict)
    by_name: Mapping[str, Group] = field(default_factory=dict)

    @classmethod
    def of(cls, groups: Iterable[Group]) -> Groups:
        by_id = {group.id: group for group in groups}
        return cls(by_id, {plain_scope(name): group for group in by_id.values() for name in (*group.names, group.id)})

    def called(self, scope: str) -> Group | None:
        """The group that the whole scope names: "Arab" does, "Arab since 1990" does not."""
        return self.by_name.get(plain_scope(scope))


def plain_scope(scope: str) -> str:
    """The words of a scope that distinguish groups: "in the EU", "EU member" → `eu`."""
    words = _WORDS.findall(fold_text(scope.replace("-", " ")))
    while words and words[0] in _WORDS_LEFT_OUT:
        del words[0]
    while words and words[-1] in {*_MEMBER_NOUNS, "s"}:
        del words[-1]
    return " ".join(word for word in words if word not in {"the", "member"})
