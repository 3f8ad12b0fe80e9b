"""Entity files: YAML to the gazetteer, checked. Errors name file, line and column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

import babel
import msgspec
from babel import Locale

from firstwire.core.entities.gazetteer import Gazetteer, GazetteerEntry, Office
from firstwire.core.entities.name_forms import Role
from firstwire.core.text.declension import declined
from firstwire.core.text.digest import digest
from firstwire.core.text.folding import fold_text
from firstwire.core.watches.garbage import collector_paused
from firstwire.errors import ConfigError
from firstwire.files.names_by_language import NamesOfEntity, name_files, names_by_entity
from firstwire.files.yaml import WrittenFile, load, yaml_paths
from schemas.record import EntityKind

NAME_LOCALES = [
    "en",
    "ru",
    "uk",
    "ar",
    "fa",
    "ps",
    "fr",
    "de",
    "es",
    "zh",
    "zh_Hant",
    "pt",
    "it",
    "tr",
    "ja",
    "ko",
    "he",
    "hi",
    "ur",
    "el",
    "bg",
    "pl",
    "nl",
    "id",
]
"""Languages whose CLDR names of nations are loaded. A locale costs 4 ms at startup."""

DECLINED_LOCALES = {"ru", "uk"}

CAPITAL_LOCALES = ["ru", "uk", "fr", "es", "pt", "it", "de", "ar", "fa", "zh", "pl"]
"""Languages with event detection, in which capitals may act: CLDR has most capitals as cities of time zones."""

SHORTEST_CAPITAL = 3
"""Code points. Shorter names are also words of other languages."""

_OFFICE_DAY = r"\d{4}(?:-\d{2}){0,2}"
_INTERVAL = re.compile(rf"({_OFFICE_DAY})/({_OFFICE_DAY})?")
_SMALL_WORDS = {"of", "and", "the"}


class EntityLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One entity of a file. Lists are separated by `;`."""

    name: str = ""
    territory: str = ""
    nation: str = ""
    country: str = ""
    offices: str = ""
    demonyms: str = ""
    capitals: str = ""
    names: str = ""
    within: str = ""
    stems: str = ""
    shares: str = ""
    context: str = ""


class EntityFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file of entities by kind."""

    nations: dict[str, EntityLine] = {}
    organizations: dict[str, EntityLine] = {}
    leaders: dict[str, EntityLine] = {}
    people: dict[str, EntityLine] = {}
    places: dict[str, EntityLine] = {}
    not_entities: str = ""
    given_names: str = ""
    misleading_names: str = ""


_SECTIONS: dict[str, EntityKind] = {
    "nations": "nation",
    "organizations": "organization",
    "leaders": "leader",
    "people": "person",
    "places": "subnational",
}


@collector_paused()
def load_entities(paths: Sequence[Path]) -> Gazetteer:
    """The gazetteer of all files and directories together. Raises ConfigError with the line of an error."""
    documents = [load(path, EntityFile) for path in yaml_paths(paths)]
    places: dict[str, str] = {}
    entries: list[GazetteerEntry] = []
    misleading = {name for document in documents for name in _list(document.value.misleading_names)}
    territories = _territory_names(misleading)
    arabic = _arabic_adjectives(misleading)
    cities = _city_names(misleading | {name for names in territories.values() for name in names})
    for document in documents:
        for entry, place in _entries(document, territories, cities, arabic):
            if entry.id in places:
                raise ConfigError(f"{entry.id!r} is an entity already, at {places[entry.id]}", place=place)
            places[entry.id] = place
            entries.append(entry)
    for entry in entries:
        if entry.nation is not None and entry.nation not in places:
            raise ConfigError(f"{entry.id!r} acts for {entry.nation!r}, which is not an entity", place=places[entry.id])
        if entry.country is not None and entry.country not in places:
            raise ConfigError(
                f"{entry.id!r} is part of {entry.country!r}, which is not an entity", place=places[entry.id]
            )
    return Gazetteer(
        _with_other_languages(entries),
        not_entities=[phrase for document in documents for phrase in _list(document.value.not_entities)],
        given_names=[name for document in documents for name in _list(document.value.given_names)],
    )


def entity_digest(paths: Sequence[Path]) -> str:
    """The same for lists of the same content, without reading it: what `load_entities` makes of them takes a second.

    Raises ConfigError if one cannot be read.
    """
    found = [babel.__version__]
    for path in (*yaml_paths(paths), *name_files()):
        try:
            found.append(path.read_bytes().decode("utf-8", "surrogateescape"))
        except OSError as err:
            raise ConfigError(f"cannot read it: {err.strerror}", place=str(path)) from err
    return digest(*found)


def _with_other_languages(entries: Sequence[GazetteerEntry]) -> list[GazetteerEntry]:
    """The entries with their shipped names in other languages, except those that another entity has already."""
    shipped = names_by_entity()
    owners = {fold_text(name): entry.id for entry in entries for name, _ in entry.names}
    return [_with_names(entry, shipped[entry.id], owners) if entry.id in shipped else entry for entry in entries]


def _with_names(entry: GazetteerEntry, known: NamesOfEntity, owners: dict[str, str]) -> GazetteerEntry:
    names = [
        (name, "leader" if entry.kind == "leader" else role)
        for name, role in known.names
        if owners.setdefault(fold_text(name), entry.id) == entry.id
    ]
    return msgspec.structs.replace(
        entry,
        names=tuple(dict.fromkeys((*entry.names, *names))),
        stems=tuple(dict.fromkeys((*entry.stems, *known.stems))),
    )


def _entries(
    document: WrittenFile[EntityFile],
    territories: dict[str, list[str]],
    cities: dict[str, list[str]],
    adjectives: dict[str, list[str]],
) -> Iterable[tuple[GazetteerEntry, str]]:
    for section, kind in _SECTIONS.items():
        lines: dict[str, EntityLine] = getattr(document.value, section)
        for entity_id, line in lines.items():
            place = document.place(section, entity_id)
            if line.territory and line.territory not in territories:
                raise ConfigError(f"CLDR has no territory {line.territory!r}", place=place)
            offices = tuple(_office(text, place) for text in _list(line.offices))
            capitals = [name for capital in _list(line.capitals) for name in (capital, *cities.get(capital, ()))]
            demonyms = [*_list(line.demonyms), *adjectives.get(line.territory, ())]
            cldr_names = territories.get(line.territory, [])
            yield _entry(entity_id, kind, line, cldr_names, demonyms, capitals, offices), place


def _office(text: str, place: str) -> Office:
    """The office in `prime minister 2012-12-26/2020-09-16`: the title may be any words, the end may be missing."""
    title, _, interval = text.rpartition(" ")
    match = _INTERVAL.fullmatch(interval)
    if match is None:
        raise ConfigError(f"offices: {text!r} does not end with two days, `2012-12-26/2020-09-16`", place=place)
    return Office(title, match[1], match[2] or "")


def _entry(
    entity_id: str,
    kind: EntityKind,
    line: EntityLine,
    cldr_names: list[str],
    demonyms: list[str],
    capitals: list[str],
    offices: tuple[Office, ...],
) -> GazetteerEntry:
    name = line.name or " ".join(word if word in _SMALL_WORDS else word.capitalize() for word in entity_id.split("-"))
    main: Role = "leader" if kind == "leader" else "name"
    names: list[tuple[str, Role]] = [(name, main)]
    names += [(spelling, main) for spelling in cldr_names]
    other: Role = "leader" if kind == "leader" else "alias"
    names += [(form, other) for alias in _list(line.names) for form in sorted(_forms(alias, kind))]
    names += [(demonym, "demonym") for demonym in demonyms]
    names += [(form, "capital") for capital in capitals for form in sorted(declined(capital))]
    names += [(place, "within") for place in _list(line.within)]
    return GazetteerEntry(
        id=entity_id,
        name=name,
        kind=kind,
        nation=line.nation or None,
        country=line.country or None,
        offices=offices,
        names=tuple(dict.fromkeys(names)),
        stems=tuple(_list(line.stems)),
        shares=tuple(_list(line.shares)),
        context=tuple(_list(line.context)),
    )


def _forms(alias: str, kind: EntityKind) -> frozenset[str]:
    return frozenset({alias}) if kind in {"leader", "person"} else declined(alias)


def _territory_names(misleading: set[str]) -> dict[str, list[str]]:
    """CLDR's names of every territory, with the case forms of the languages that decline."""
    names: dict[str, list[str]] = {}
    for language in NAME_LOCALES:
        for code, full in cast("dict[str, str]", Locale.parse(language).territories).items():
            if len(code) != 2 or not code.isalpha():
                continue
            for name in _spellings(full):
                if name not in misleading:
                    names.setdefault(code, []).extend(_inflected(name, language, misleading))
    return names


def _inflected(name: str, language: str, misleading: set[str]) -> list[str]:
    """The name with its case forms: all in Russian and Ukrainian, the genitive in German."""
    if language in DECLINED_LOCALES:
        return sorted(declined(name))
    genitive = f"{name}s"
    has_one = language == "de" and not name.endswith(("s", "x", "z", "ß")) and genitive not in misleading
    return [name, genitive] if has_one else [name]


def _arabic_adjectives(misleading: set[str]) -> dict[str, list[str]]:
    """`النرويجي` and `النرويجية` of `النرويج`, for names of one word: Arabic writes "the Norwegian government"."""
    adjectives: dict[str, list[str]] = {}
    for code, full in cast("dict[str, str]", Locale.parse("ar").territories).items():
        if len(code) == 2 and code.isalpha() and " " not in full:
            stem = re.sub("(?:يا|ا|ة)$", "", full.removeprefix("ال"))
            forms = [f"ال{stem}ي{ending}" for ending in ("", "ة")]
            adjectives[code] = [form for form in forms if form not in misleading]
    return adjectives


def _city_names(taken: set[str]) -> dict[str, list[str]]:
    """Names of the cities of time zones in other languages, by English name, without those that also name a nation."""
    names: dict[str, list[str]] = {}
    folded = {fold_text(name) for name in taken}
    for language in CAPITAL_LOCALES:
        for zone, names_of_zone in Locale.parse(language).time_zones.items():
            city = names_of_zone.get("city", "")
            if len(city) >= SHORTEST_CAPITAL and fold_text(city) not in folded:
                names.setdefault(zone.rpartition("/")[2].replace("_", " "), []).append(city)
    return names


def _spellings(full: str) -> list[str]:
    """`Myanmar (Burma)` is two names; names with a hyphen between spaces are catalog forms, which no text uses."""
    if " - " in full or " – " in full:
        return []
    outside, _, inside = full.partition(" (")
    return [part for part in (outside, inside.rstrip(")")) if len(fold_text(part)) > 1]


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]
