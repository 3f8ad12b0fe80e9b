"""Ledger files: YAML to the ledger's seeds, with file, line and column in every error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec

from firstwire.core.alerts.headlines import PHRASES, is_misspelled
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.meant_entity import nearest_entity
from firstwire.core.firsts.ledger import WHOLE_TIME, Era, Seeds, with_act
from firstwire.core.firsts.vouching import with_vouching
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.files.yaml import WrittenFile, load, yaml_paths
from schemas.ledger import LedgerActor, LedgerPage, Vouching
from schemas.record import Entity, EntityKind
from schemas.times import SINCE_EVER

Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class EraLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    since: Day
    until: Day | None = None


class ActsLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The actors who did an action to a target, each with a day. Without `era`, an act is in the era of its day.

    An empty list of actors is only allowed with `vouched_until`: nobody did it up to that day.
    """

    action: str
    target: str
    source: str | tuple[str, ...]
    era: str | None = None
    actors: dict[str, Day] = {}
    vouched_until: Day | None = None
    """The list of all who did this to the target is whole up to this day."""


class NameLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entity without an entry in the entity files, which cannot list everyone in the news."""

    name: str
    kind: EntityKind = "other"


class LedgerFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    eras: dict[str, tuple[EraLine, ...]] = {}
    acts: tuple[ActsLine, ...] = ()
    names: dict[str, NameLine] = {}


def load_ledger(paths: Sequence[Path], gazetteer: Gazetteer) -> Seeds:
    """The seeds of all files and directories together. Raises ConfigError with the line of an error."""
    documents = [load(path, LedgerFile) for path in yaml_paths(paths)]
    names = {
        entity_id: Entity(id=entity_id, name=line.name, kind=line.kind)
        for document in documents
        for entity_id, line in document.value.names.items()
    }
    known = _Known(gazetteer, names)
    eras: dict[str, tuple[Era, ...]] = {}
    places: dict[str, str] = {}
    for document in documents:
        for target, lines in document.value.eras.items():
            place = document.place("eras", target)
            known.entity(target, place)
            _check_eras(lines, document, target)
            ordered = sorted(lines, key=lambda line: line.since)
            found = tuple(Era(id=line.id, since=line.since, until=line.until) for line in ordered)
            if found != eras.get(target, found):
                raise ConfigError(f"the eras of {target!r} differ from those at {places[target]}", place=place)
            eras[target], places[target] = found, place
    seeds = Seeds(pages={}, eras=eras)
    pages: dict[tuple[str, str], LedgerPage] = {}
    for document in documents:
        for number, line in enumerate(document.value.acts):
            key = (line.action, line.target)
            page = pages.get(key, LedgerPage(action=line.action, target=line.target))
            pages[key] = _with_line(page, line, document, number, known, seeds)
    return Seeds(pages=pages, eras=eras)


def _check_eras(lines: Sequence[EraLine], document: WrittenFile[LedgerFile], target: str) -> None:
    if not lines:
        raise ConfigError(f"{target!r} has no era here; remove it", place=document.place("eras", target))
    for number, line in enumerate(lines):
        _day(line.since, document.place("eras", target, number, "since"))
        if line.until is not None:
            place = document.place("eras", target, number, "until")
            if _day(line.until, place) <= line.since:
                raise ConfigError("the era ends before it begins", place=place)
        if line.id in {other.id for other in lines[:number]}:
            raise ConfigError(f"duplicate era {line.id!r}", place=document.place("eras", target, number, "id"))
        for other in lines[:number]:
            if line.since == other.since or _overlap(line, other):
                place = document.place("eras", target, number, "since")
                raise ConfigError(f"eras {other.id!r} and {line.id!r} overlap", place=place)


def _overlap(one: EraLine, other: EraLine) -> bool:
    """Whether the earlier of two eras ends after the later begins; an era without an end overlaps none."""
    first, second = sorted((one, other), key=lambda line: line.since)
    return first.until is not None and first.until > second.since


def _with_line(
    page: LedgerPage,
    line: ActsLine,
    document: WrittenFile[LedgerFile],
    number: int,
    known: _Known,
    seeds: Seeds,
) -> LedgerPage:
    if line.target:  # an act may have no target: "the first country to ban …"
        known.entity(line.target, document.place("acts", number, "target"))
    if "-" not in line.action and is_misspelled(line.action):  # verb phrases, with hyphens, may look like anything
        place = document.place("acts", number, "action")
        raise ConfigError(f"no action {line.action!r}{nearest(line.action, list(PHRASES))}", place=place)
    eras = [era.id for era in seeds.eras.get(line.target, ())]
    if eras and line.era not in (None, WHOLE_TIME, *eras):
        place = document.place("acts", number, "era")
        raise ConfigError(f"no era {line.era!r} of {line.target!r}{nearest(str(line.era), eras)}", place=place)
    sources = (line.source,) if isinstance(line.source, str) else line.source
    if line.vouched_until is not None:
        until = _day(line.vouched_until, document.place("acts", number, "vouched_until"))
        source = ", ".join(sources)
        page = with_vouching(
            page, Vouching(id=f"seeded {until} {source}", until=until, source=source, made_at=SINCE_EVER)
        )
    elif not line.actors:
        raise ConfigError("names no actors, and no vouched_until", place=document.place("acts", number))
    for actor_id, day in line.actors.items():
        place = document.place("acts", number, "actors", actor_id)
        actor = known.entity(actor_id, place)
        page = with_act(
            page,
            LedgerActor(
                actor=actor.id,
                name=actor.name,
                kind=actor.kind,
                era=line.era or seeds.era_of(line.target, day),
                date=_day(day, place),
                known_at=SINCE_EVER,
                sources=tuple(sorted(set(sources))),
            ),
        )
    return page


def _day(text: str, place: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError as err:
        raise ConfigError(f"{text} is not a valid date", place=place) from err
    return text


class _Known:
    """The entities that a ledger file may name."""

    def __init__(self, gazetteer: Gazetteer, names: Mapping[str, Entity]) -> None:
        self._gazetteer = gazetteer
        self._names = names

    def entity(self, entity_id: str, place: str) -> Entity:
        entity = self._gazetteer.entity(entity_id) or self._names.get(entity_id)
        if entity is None:
            raise ConfigError(
                f"no entity {entity_id!r}{nearest_entity(entity_id, self._gazetteer, self._names)}", place=place
            )
        return entity
