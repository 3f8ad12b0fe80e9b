"""Recognitions of bodies and of the countries that they rule: "the Taliban", "Afghanistan"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from firstwire.core.entities.mentions import Mentions
from firstwire.core.events.findings import CLAUSES, FoundAct
from firstwire.core.events.learned_acts import FAMILIES

_Recognized = tuple[str, str, str | None]
"""An action, the id of an actor, and that of the country of a body."""


def of_rulers(findings: list[FoundAct], mentions: Mentions) -> list[FoundAct]:
    """The findings without those in which a state recognizes a body of its own: "his government", in its capital, is
    that of an envoy. Of a part of itself, if that is sure, it is news: it lets the part go. A recognition that another
    sentence tells of a body, and one reading alone of its country, is one of the body."""
    if not any(map(_is_recognition, findings)):
        return findings
    countries = {
        one.entity.id: one.country.id for named in mentions.values() for one in named if one.country is not None
    }
    told = _of_bodies(findings, countries)
    return [
        _of_body(each, told, countries) if _is_recognition(each) and not _lets_go(each) else each
        for each in findings
        if _lets_go(each) or not (_is_recognition(each) and each.actors and each.actor_ids <= _owners(each, countries))
    ]


def _is_recognition(finding: FoundAct) -> bool:
    return finding.action in FAMILIES["recognition"] and bool(finding.targets)


def _lets_go(finding: FoundAct) -> bool:
    """Whether it surely recognizes regions, of whatever state, in words of recognition."""
    is_sure = finding.grade.certainty == "sure" and CLAUSES in finding.readers
    return is_sure and all(one.kind == "subnational" for one in finding.targets)


def _owners(finding: FoundAct, countries: Mapping[str, str]) -> set[str | None]:
    """The countries of the bodies that are recognized."""
    return {countries.get(one.id) for one in finding.targets}


def _of_bodies(findings: Sequence[FoundAct], countries: Mapping[str, str]) -> dict[_Recognized, FoundAct]:
    """The recognitions that are asserted."""
    return {
        (each.action, actor, countries.get(one.id)): each
        for each in findings
        if _is_recognition(each) and each.status == "asserted"
        for actor in sorted(each.actor_ids)
        for one in each.targets
    }


def _of_body(finding: FoundAct, told: Mapping[_Recognized, FoundAct], countries: Mapping[str, str]) -> FoundAct:
    """A recognition without the country of the body among its actors, and of the body if it is told of the country."""
    owners = _owners(finding, countries)
    actors = tuple(one for one in finding.actors if one.id not in owners)
    finding = msgspec.structs.replace(finding, actors=actors)
    if len(finding.targets) > 1 or len(finding.readers) > 1:
        return finding
    same = [told.get((finding.action, actor, finding.targets[0].id)) for actor in sorted(finding.actor_ids)]
    of_body = next((one for one in same if one is not None), None)
    if of_body is None or (of_body.status, of_body.act_date) != (finding.status, finding.act_date):
        return finding
    return msgspec.structs.replace(finding, actors=of_body.actors, targets=of_body.targets)
