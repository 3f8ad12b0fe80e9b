"""Names of nations and organizations in other languages: a file for each language, an entity and a role in a line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import seeds as shipped
from firstwire.core.entities.name_forms import Role
from firstwire.core.text.declension import declined
from firstwire.errors import ConfigError
from firstwire.files.tab_rows import tab_rows

FOLDER = Path(shipped.__path__[0]) / "names"
DECLINING = frozenset({"ru", "uk"})
"""Languages whose names stand in the nominative in the file."""
_ROLES = ("name", "capital", "demonym", "stem")


@dataclass
class NamesOfEntity:
    """`stems`: adjectives and nouns without their endings."""

    names: list[tuple[str, Role]] = field(default_factory=list)
    stems: list[str] = field(default_factory=list)


def name_files(folder: Path = FOLDER) -> list[Path]:
    """A file for each language."""
    return sorted(folder.glob("*.tsv"))


def names_by_entity(folder: Path = FOLDER) -> Mapping[str, NamesOfEntity]:
    """The names of all languages by id of the entity. Raises ConfigError with the line of an error."""
    found: dict[str, NamesOfEntity] = {}
    for path in name_files(folder):
        for entity_id, role, names in _rows(path):
            known = found.setdefault(entity_id, NamesOfEntity())
            if role == "stem":
                known.stems += names
            else:
                every = (form for name in names for form in _forms(name, role, path.stem))
                known.names += [(form, cast("Role", role)) for form in every]
    return found


def _forms(name: str, role: str, language: str) -> list[str]:
    return sorted(declined(name)) if language in DECLINING and role != "demonym" else [name]


def _rows(path: Path) -> Iterator[tuple[str, str, list[str]]]:
    for place, (entity_id, role, names) in tab_rows(path, "an id, a role and names"):
        if role not in _ROLES:
            raise ConfigError(f"no role {role!r}; it may be {', '.join(_ROLES)}", place=place)
        yield entity_id, role, [name.strip() for name in names.split(";") if name.strip()]
