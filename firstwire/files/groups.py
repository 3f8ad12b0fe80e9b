"""Group files: YAML to the groups for firsts within a scope, with file, line and column in every error."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.meant_entity import nearest_entity
from firstwire.core.firsts.groups import Group, Groups, Membership, plain_scope
from firstwire.errors import ConfigError
from firstwire.files.yaml import WrittenFile, load, yaml_paths

Day = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class MembershipLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    since: Day | None = None
    until: Day | None = None


class GroupLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The members of a group: permanent, or dated."""

    member: str
    names: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    dated: dict[str, tuple[MembershipLine, ...]] = {}


class GroupFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    groups: dict[str, GroupLine]


def load_groups(paths: Sequence[Path], gazetteer: Gazetteer, shipped: Path | None = None) -> Groups:
    """The groups of all files and directories together. Raises ConfigError with the line of an error.

    Members in the `shipped` file may be missing from a user's own entity files, and are then ignored.
    """
    groups: list[Group] = []
    places: dict[str, str] = {}
    for document in [load(path, GroupFile) for path in yaml_paths(paths)]:
        for group_id, line in document.value.groups.items():
            here = document.place("groups", group_id)
            for name in dict.fromkeys(plain_scope(each) for each in (*line.names, group_id)):
                if not name:
                    raise ConfigError(f"{group_id!r} has a name without a distinguishing word", place=here)
                if name in places:
                    raise ConfigError(f"{name!r} is already a group, at {places[name]}", place=here)
                places[name] = here
            groups.append(_group(group_id, line, document, None if document.path == shipped else gazetteer))
    return Groups.of(groups)


def _group(group_id: str, line: GroupLine, document: WrittenFile[GroupFile], gazetteer: Gazetteer | None) -> Group:
    def place(*keys: str | int) -> str:
        return document.place("groups", group_id, *keys)

    members: dict[str, tuple[Membership, ...]] = {}
    for number, entity_id in enumerate(line.members):
        _check(entity_id, gazetteer, partial(place, "members", number))
        members[entity_id] = (Membership(),)
    for entity_id, spans in line.dated.items():
        _check(entity_id, gazetteer, partial(place, "dated", entity_id))
        if entity_id in members:
            raise ConfigError(f"{entity_id!r} is among the members too", place=place("dated", entity_id))
        members[entity_id] = tuple(Membership(since=span.since or "", until=span.until) for span in spans)
        for span in spans:
            days = [day for day in (span.since, span.until) if day is not None]
            for day in days:
                _check_day(day, place("dated", entity_id))
            if days != sorted(set(days)):
                raise ConfigError("the membership ends before it begins", place=place("dated", entity_id))
    return Group(id=group_id, member=line.member, names=line.names, members=members)


def _check(entity_id: str, gazetteer: Gazetteer | None, place: Callable[[], str]) -> None:
    if gazetteer is not None and gazetteer.entity(entity_id) is None:
        raise ConfigError(f"no entity {entity_id!r}{nearest_entity(entity_id, gazetteer)}", place=place())


def _check_day(text: str, place: str) -> None:
    try:
        date.fromisoformat(text)
    except ValueError as err:
        raise ConfigError(f"{text} is not a valid date", place=place) from err
