"""The parties of an act: nobody acts on itself, and what both do alike has both as actors and as targets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from schemas.record import Entity

_BODIES = frozenset({"nation", "organization"})

Parties = tuple[tuple[Entity, ...], tuple[Entity, ...]]
"""Actors and targets."""


def actors_on(actors: tuple[Entity, ...], targets: tuple[Entity, ...]) -> tuple[Entity, ...] | None:
    """The actors without the targets; all of them if they act on each other. None for an act with oneself.

    A leader whose nation is the target acts on itself too.
    """
    if actors == targets and len(bodies_of(actors)) > 1:
        return actors
    others = tuple(actor for actor in actors if actor not in targets)
    if len(others) < len(actors) and not bodies_of(others):
        return None
    return others


def pairs_of(actors: tuple[Entity, ...], targets: tuple[Entity, ...]) -> Iterator[Parties]:
    """The acts of a mutual act, in the order of ids: one for all if they are each other's targets, else one per pair.

    "Oman and Chile restore ties with Iran" says nothing of ties between Oman and Chile.
    """
    if actors == targets:
        yield _by_id(actors), _by_id(bodies_of(actors))
        return
    for side in _sides(actors):
        for target in targets:
            parties = (*side, target)
            yield _by_id(parties), _by_id(bodies_of(parties) or parties)


def bodies_of(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """The nations and organizations."""
    return tuple(entity for entity in entities if entity.kind in _BODIES)


def _sides(actors: tuple[Entity, ...]) -> Iterator[tuple[Entity, ...]]:
    """Each nation or organization with the leaders before it, who act for it."""
    side: list[Entity] = []
    for actor in actors:
        side.append(actor)
        if actor.kind in _BODIES:
            yield tuple(side)
            side = []
    if side:
        yield tuple(side)


def _by_id(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    unique = {entity.id: entity for entity in entities}
    return tuple(unique[entity_id] for entity_id in sorted(unique))
