"""The entity that an unknown id probably means: one that has it as a name, else the id that is nearest."""

from __future__ import annotations

from collections.abc import Iterable

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.text.nearest import meant_by


def meant_entity(entity_id: str, gazetteer: Gazetteer, others: Iterable[str] = ()) -> str | None:
    """The id that is meant, one of the gazetteer or of `others`; None if none is near."""
    words = entity_id.replace("-", " ").replace("_", " ")
    for name in (words, words.title(), words.upper()):
        entity = gazetteer.named(name)
        if entity is not None:
            return entity.id
    return meant_by(entity_id, (*(each.id for each in gazetteer), *others))


def nearest_entity(entity_id: str, gazetteer: Gazetteer, others: Iterable[str] = ()) -> str:
    """The end of a message about an unknown id."""
    meant = meant_entity(entity_id, gazetteer, others)
    return "" if meant is None else f"; did you mean {meant!r}?"
