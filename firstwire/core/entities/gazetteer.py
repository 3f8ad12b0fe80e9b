"""A gazetteer: names of entities in every script, found in one pass; the longest name wins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

import ahocorasick_rs
import msgspec

from firstwire.core.entities.misleading import is_language, is_town_of, source_credits
from firstwire.core.entities.name_forms import (
    NameForm,
    Role,
    fits_boundaries,
    fits_case,
    is_inside_word,
    is_never_inside,
)
from firstwire.core.entities.person_names import is_in_person_name, is_namesake
from firstwire.core.text.folding import Folded, fold, fold_text
from schemas.record import Entity, EntityKind


class Office(msgspec.Struct, frozen=True):
    """A term of office. Days are ISO 8601, of any precision; `until` is empty during the term."""

    title: str
    since: str
    until: str

    def covers(self, day: str) -> bool:
        """Whether a day is within the term, both ends included."""
        return self.since <= day and (not self.until or day[: len(self.until)] <= self.until)


class GazetteerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """The names and attributes of one entity."""

    id: str
    name: str
    kind: EntityKind
    nation: str | None = None
    """Id of the nation or organization that a leader acts for."""
    country: str | None = None
    """Id of the nation that a location or group is part of: implies its tag, but not acts for it."""
    offices: tuple[Office, ...] = ()
    """Terms in which a leader acts for the nation; none means always."""
    names: tuple[tuple[str, Role], ...] = ()
    stems: tuple[str, ...] = ()
    """Stems of adjectives in languages with declension: `российск`."""
    shares: tuple[str, ...] = ()
    context: tuple[str, ...] = ()


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """An occurrence of an entity in a text: `text == source[start:end]`, in code points."""

    entity: Entity
    start: int
    end: int
    text: str
    role: Role
    nation: Entity | None = None
    """The nation or organization that a leader acts for on the day."""
    country: Entity | None = None
    """The nation that a location or group is part of."""


class Gazetteer:
    """All known names, immutable and thread-safe."""

    def __init__(
        self, entries: Iterable[GazetteerEntry], *, not_entities: Sequence[str] = (), given_names: Sequence[str] = ()
    ) -> None:
        self._entries = {entry.id: entry for entry in entries}
        self._entities = {
            entry.id: Entity(id=entry.id, name=entry.name, kind=entry.kind) for entry in self._entries.values()
        }
        self._contexts = {
            entry.id: re.compile(rf"\b(?:{'|'.join(map(re.escape, entry.context))})\b")
            for entry in self._entries.values()
            if entry.context
        }
        self._countries = {
            entry.id: self._entities[entry.country]
            for entry in self._entries.values()
            if entry.country in self._entities
        }
        self._given_names = frozenset(given_names)
        self._forms: list[list[NameForm]] = []
        self._sharers: dict[str, list[str]] = {}
        patterns = self._patterns(not_entities)
        self._automaton = ahocorasick_rs.AhoCorasick(patterns)
        self._never_inside = [all(map(is_never_inside, forms)) for forms in self._forms]

    def entity(self, entity_id: str) -> Entity | None:
        """The entity with an id; None if unknown."""
        return self._entities.get(entity_id)

    def nation_of(self, entity_id: str, day: str = "") -> Entity | None:
        """The nation that a leader acts for on a day, or without a day ever; None if there is none."""
        entry = self._entries.get(entity_id)
        if entry is None or entry.nation is None:
            return None
        if day and entry.offices and not any(office.covers(day) for office in entry.offices):
            return None
        return self._entities.get(entry.nation)

    def named(self, text: str) -> Entity | None:
        """The entity that a whole text names, such as a publisher's tag; None if it is not one name."""
        mentions = self.find(text.strip())
        return mentions[0].entity if len(mentions) == 1 and mentions[0].text == text.strip() else None

    def __contains__(self, entity_id: object) -> bool:
        return entity_id in self._entities

    def __iter__(self) -> Iterator[Entity]:
        return iter(self._entities.values())

    def __len__(self) -> int:
        return len(self._entities)

    def find(self, text: str, day: str = "") -> list[Mention]:
        """The mentions in a text, in order, without overlaps: the name that starts first wins, then the longest.

        Leaders act for their nation if in office on `day`, or without a day if they ever were.
        """
        hits = self._hits(text, fold(text))
        mentions: list[Mention] = []
        sources = source_credits(text) if hits else []
        taken = 0
        for start, end, form in hits:
            if start < taken:
                continue
            taken = end
            if form.entity_id and not self._is_misleading(text, start, end, form, sources):
                mentions.append(self._mention(text, start, end, form, day))
        return [
            mention
            for mention, following in zip_longest(mentions, mentions[1:])
            if following is None or not _is_town(text, mention, following)
        ]

    def _patterns(self, not_entities: Sequence[str]) -> list[str]:
        indexes: dict[str, int] = {}
        for entry in self._entries.values():
            forms = [NameForm.of(entry.id, name, role) for name, role in entry.names]
            forms += [NameForm.of(entry.id, stem, "demonym", stem=True) for stem in entry.stems]
            for form in forms:
                self._add(form, indexes)
            for name in entry.shares:
                self._sharers.setdefault(fold_text(name), []).append(entry.id)
        for phrase in not_entities:
            self._add(NameForm.of("", phrase, "alias"), indexes)
        return list(indexes)

    def _add(self, form: NameForm, indexes: dict[str, int]) -> None:
        for each in form.with_prefixes():
            at = indexes.setdefault(each.folded, len(indexes))
            if at == len(self._forms):
                self._forms.append([])
            self._forms[at].append(each)

    def _hits(self, text: str, folded: Folded) -> list[tuple[int, int, NameForm]]:
        hits: list[tuple[int, int, NameForm]] = []
        lower = text == text.lower()
        searched = folded.text.replace("\n", " ")  # a line break may be inside a name
        for pattern, start, end in self._automaton.find_matches_as_indexes(searched, overlapping=True):
            if self._never_inside[pattern] and is_inside_word(folded.text, start, end):
                continue  # most of all: short names are part of many words
            for form in self._forms[pattern]:
                stop = fits_boundaries(folded.text, start, end, form)
                if stop < 0:
                    continue
                span = folded.original(start, stop)
                if fits_case(text[span[0] : span[1]], form, all_lower=lower):
                    hits.append((*span, form))
                    break
        hits.sort(key=lambda hit: (hit[0], -hit[1]))
        return hits

    def _mention(self, text: str, start: int, end: int, form: NameForm, day: str) -> Mention:
        entity_id = form.entity_id
        for other in self._sharers.get(form.folded, ()):
            if self._contexts[other].search(text):
                entity_id = other
        return Mention(
            entity=self._entities[entity_id],
            start=start,
            end=end,
            text=text[start:end],
            role=form.role,
            nation=self.nation_of(entity_id, day),
            country=self._countries.get(entity_id),
        )

    def _is_misleading(self, text: str, start: int, end: int, form: NameForm, sources: list[tuple[int, int]]) -> bool:
        """Whether a name denotes something else here: a source, a language, a person."""
        if any(low <= start and end <= high and (start, end) != (low, high) for low, high in sources):
            return True
        if form.role == "demonym" and is_language(text, start, end):
            return True
        if form.role == "leader" and " " not in form.folded:
            return is_namesake(text, start, end)
        return self._is_person(text, start, end)

    def _is_person(self, text: str, start: int, end: int) -> bool:
        """Whether a name that is also a given name ("Jordan", "Georgia") is part of a person's name here."""
        return text[start:end] in self._given_names and is_in_person_name(text, start, end)


def _is_town(text: str, mention: Mention, following: Mention) -> bool:
    """ "Lebanon, Ohio": the name of a nation or capital before a region of another nation, not in a list of names."""
    if following.country is None or mention.role not in {"name", "capital", "within"}:
        return False
    if mention.entity.kind != "nation" or mention.entity.id == following.country.id:
        return False
    return is_town_of(text, mention.end, following.start, following.end)
