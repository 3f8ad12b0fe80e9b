"""Joins claims to acts: "the first to recognize …" ranks the recognition; other acts become events of their own."""

from __future__ import annotations

import re
from bisect import bisect_left

import msgspec

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.actions import WITHOUT_DIRECTION
from firstwire.core.events.dates import act_date
from firstwire.core.events.findings import Claim, FoundAct
from firstwire.core.events.parties import Parties
from firstwire.core.events.subjects import leading_subject
from firstwire.core.text.closed_words import AUXILIARIES, DETERMINERS, PREPOSITIONS, PRONOUNS, is_adverb
from firstwire.core.text.lemmas import Lemmas
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_SAYING = word_set("say says said")
_INSERTED = 12
_CLAIM_TO_VERB_WORDS = 5
"""Words between the beginning of the claimed act and the verb of its finding: "to officially and fully"."""


def join_claims(
    sentence: Sentence,
    named: Sentence,
    before: Sentence | None,
    found: list[FoundAct],
    claims: list[Claim],
    previous: list[FoundAct],
    published_on: str,
    lemmas: Lemmas,
) -> list[FoundAct]:
    """The findings of a sentence with its claims; `previous` are those of the sentence `before`.

    The claims are from `named`, the same sentence with unlisted names.
    """
    findings = list(found)
    for named_claim in claims:
        claim = _in_plain(named_claim, named, sentence)
        if _is_refused(claim, findings):
            continue
        acts = _acts_of(claim, findings)
        if acts:
            for at in acts:
                findings[at] = _ranked(findings[at], _claim_for(findings[at], named_claim, named, claim))
        elif (repeated := _repeated(claim, findings + previous)) is not None:
            if repeated in findings:
                ranked = _ranked(repeated, _claim_for(repeated, named_claim, named, claim))
                findings[findings.index(repeated)] = ranked
            else:
                findings.append(_ranked_again(repeated, claim, sentence))
        else:
            findings += _own_event(named, before, named_claim, published_on, lemmas)
    return [_settled(finding) for finding in findings]


def _claim_for(finding: FoundAct, named_claim: Claim, named: Sentence, claim: Claim) -> Claim:
    """The claim with positions in the finding's own sentence, which is `named` for an act found by a claim."""
    return named_claim if finding.sentence is named else claim


def _in_plain(claim: Claim, named: Sentence, sentence: Sentence) -> Claim:
    """The claim with the positions of its words in the sentence without unlisted names."""
    if named is sentence:
        return claim
    starts = [word.start for word in sentence.words]

    def place(at: int) -> int:
        return bisect_left(starts, named.words[at].start) if at < len(named.words) else len(starts)

    return msgspec.structs.replace(
        claim, act_verb=place(claim.act_verb), first=place(claim.first), last=place(claim.last + 1) - 1
    )


def _is_refused(claim: Claim, findings: list[FoundAct]) -> bool:
    """ "The only one not to recognize": not a rank among those who do."""
    reach = range(claim.act_verb, claim.act_verb + _CLAIM_TO_VERB_WORDS + 1)
    return claim.status != "negated" and any(each.status == "negated" and each.verb in reach for each in findings)


def _acts_of(claim: Claim, findings: list[FoundAct]) -> list[int]:
    """The findings of the act that the claim names; a switch from one target to another has two with one verb."""
    reach = range(claim.act_verb, claim.act_verb + _CLAIM_TO_VERB_WORDS + 1)
    near = [at for at, finding in enumerate(findings) if finding.verb in reach and finding.ordinal is None]
    return [at for at in near if findings[at].verb == findings[near[0]].verb]


def _repeated(claim: Claim, findings: list[FoundAct]) -> FoundAct | None:
    """ "… to do so", "… to recognize the region": the preceding act, by the same actor."""
    if claim.act and not claim.act.startswith("recogni"):
        return None
    if claim.act:
        findings = [each for each in findings if each.action == "recognize"]
    names = {entity.id for entity in claim.actors}
    return next((each for each in findings if names & {entity.id for entity in each.actors}), None)


def _ranked(finding: FoundAct, claim: Claim) -> FoundAct:
    status, cue = claim.status, claim.cue
    if status == "asserted" and finding.cue != "ranked":
        status, cue = finding.status, finding.cue
    actors, targets = _ranked_parties(finding, claim)
    return msgspec.structs.replace(
        finding,
        actors=actors,
        targets=targets,
        status=status,
        cue=cue if cue != "ranked" else "said as a fact",
        ordinal=claim.ordinal,
        ordinal_scope=claim.scope,
        ordinal_kind=claim.kind,
        ordinal_since=claim.since,
        claims_first=claim.claims_first,
        first=min(finding.first, claim.first) if finding.verb > claim.first else finding.first,
        last=max(finding.last, claim.last),
    )


def _ranked_parties(finding: FoundAct, claim: Claim) -> Parties:
    """The actors that the claim ranks, and the targets: of an act that both parties do, the one that is not ranked."""
    targets = finding.targets
    if finding.action in WITHOUT_DIRECTION and any(actor in targets for actor in claim.actors):
        targets = tuple(target for target in targets if target not in claim.actors) or targets
    actors = tuple(actor for actor in claim.actors if actor not in targets)
    if not actors or (finding.actors and all(actor.id in claim.unlisted for actor in actors)):
        return finding.actors, finding.targets
    return actors, targets


def _ranked_again(finding: FoundAct, claim: Claim, sentence: Sentence) -> FoundAct:
    """An act of the preceding sentence, ranked in this one, which has the evidence."""
    here = msgspec.structs.replace(finding, sentence=sentence, verb=claim.first, first=claim.first, last=claim.last)
    return _ranked(here, claim)


def _settled(finding: FoundAct) -> FoundAct:
    """The finding; background if no claim explains its rank ("one of the first to recognize")."""
    if finding.cue == "ranked":
        return msgspec.structs.replace(finding, status="historical", cue="one of those that did")
    return finding


def _own_event(
    sentence: Sentence, before: Sentence | None, claim: Claim, published_on: str, lemmas: Lemmas
) -> list[FoundAct]:
    action = claim.act or _referenced_act(sentence, claim.first, claim.last)
    if not action and before is not None:
        action = _referenced_act(before, 0, len(before.words))
    if not action or not claim.actors:
        return []
    first, _, rest = action.partition("-")
    is_infinitive = bool(claim.act) and sentence.low(claim.act_verb - 1) == "to"
    verb = min(claim.act_verb, len(sentence.words) - 1)
    return [
        FoundAct(
            action=f"{lemmas.verb(first, is_infinitive=is_infinitive)}-{rest}".strip("-"),
            actors=claim.actors,
            targets=_targets(sentence, claim),
            status=claim.status,
            cue=claim.cue,
            sentence=sentence,
            verb=verb,
            first=claim.first,
            last=min(claim.last, len(sentence.words) - 1),
            act_date=act_date(sentence, verb, published_on),
            ordinal=claim.ordinal,
            ordinal_scope=claim.scope,
            ordinal_kind=claim.kind,
            ordinal_since=claim.since,
            claims_first=claim.claims_first,
        )
    ]


def _referenced_act(sentence: Sentence, first: int, end: int) -> str:
    """The referent of "do so": the verb phrase after the actor's name."""
    words: list[str] = []
    subject = leading_subject(sentence, end)
    if subject is None:
        return ""
    start = (subject.last if subject.last < end else first) + 1
    if sentence.low(start) == ",":  # "Kenya, becoming the first to do so, bans"
        start = next((at + 1 for at in range(start + 1, start + _INSERTED) if sentence.low(at) == ","), start)
    for place in range(start, min(len(sentence.words), start + 16)):
        word = sentence.words[place]
        if word.low in AUXILIARIES or is_adverb(word.low) or word.low in DETERMINERS | {"'s", "to"}:
            continue
        if not words and (word.mention is not None or word.text[:1].isupper()):
            continue
        if not words and (
            word.low in _SAYING | PRONOUNS | PREPOSITIONS | {"that"} or sentence.low(place + 1) == "that"
        ):
            continue  # "says that it will launch", "announces that"
        if word.is_punctuation or (words and word.low in PREPOSITIONS) or len(words) == 4:
            break
        words.append(word.low)
    return re.sub(r"[^\w-]+", "-", "-".join(words)).strip("-")


def _targets(sentence: Sentence, claim: Claim) -> tuple[Entity, ...]:
    known = {entity.id for entity in claim.actors}
    found = [
        mention.entity
        for place in range(claim.act_verb, min(len(sentence.words), claim.last + 1))
        if (mention := sentence.mention(place)) is not None and mention.entity.id not in known
    ]
    return tuple({entity.id: entity for entity in found}.values())
