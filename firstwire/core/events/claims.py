"""Joins claims to acts: "the first to recognize …" ranks the recognition; other acts become events of their own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from firstwire.core.events.actions import WITHOUT_DIRECTION
from firstwire.core.events.claimed_ranks import claims_of
from firstwire.core.events.dates import act_date
from firstwire.core.events.findings import Claim, FoundAct
from firstwire.core.events.learned_acts import LearnedFirst
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.parties import Parties
from firstwire.core.events.ranks import STANDING_CUES, act_name, become_name, noun_name, repeats_act, state_name
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import ROOT, Tree
from schemas.record import Entity

_SHORT, _WORDS = 3, 3
"""Letters of words that tell nothing, and words of a name."""
_ONLY_RANKING = ("becoming", "naming")
"""Classes of verbs that rank and tell no act."""


def with_claims(
    sentence: ParsedSentence,
    learned: LearnedFirst,
    found: Sequence[FoundAct],
    previous: Sequence[FoundAct],
    tree_before: Callable[[], Tree | None],
    published_on: str,
) -> list[FoundAct]:
    """The findings of a sentence, ranked by its claims; `previous` are those of the sentence before."""
    findings = list(found)
    for claim in claims_of(sentence, learned):
        is_elsewhere = repeats_act(sentence.tree, claim.verb)
        acts = _acts_of(sentence.tree, claim, found) or (_by_same_actor(claim, found) if is_elsewhere else [])
        earlier = _by_same_actor(claim, previous) if is_elsewhere and not acts else []
        for act in acts:
            if _is_refused(claim, act):
                continue
            ranked = _ranked(act, claim)
            findings = [ranked if each is act else each for each in findings]
            if ranked not in findings:  # the act has two ranks: "41st country, and first in West Africa"
                findings.append(ranked)
        findings += [_ranked_again(act, claim, sentence) for act in earlier]
        if not acts and not earlier:
            findings += _own_event(sentence, claim, tree_before, published_on)
    return findings


def _acts_of(tree: Tree, claim: Claim, findings: Sequence[FoundAct]) -> list[FoundAct]:
    """The findings of the act that a claim names; a switch from one target to another has two with one verb."""
    if claim.verb is None:
        return []
    below = set(tree.below(claim.verb))
    near = [each for each in findings if each.verb in below]
    return [each for each in near if each.verb == near[0].verb]


def _by_same_actor(claim: Claim, findings: Sequence[FoundAct]) -> list[FoundAct]:
    names = {entity.id for entity in claim.actors}
    same = [each for each in findings if names & {entity.id for entity in each.actors}]
    told = [each for each in same if each.status == claim.status] or same
    return [each for each in told if each.verb == told[0].verb]


def _is_refused(claim: Claim, act: FoundAct) -> bool:
    """ "The only one not to recognize": not a rank among those who do."""
    return act.status == "negated" and claim.status != "negated"


def _ranked(finding: FoundAct, claim: Claim) -> FoundAct:
    actors, targets = _ranked_parties(finding, claim)
    is_open = not finding.actors or (finding.status in {"asserted", "historical"} and claim.status != "asserted")
    is_open = is_open and (claim.status != "historical" or claim.cue in STANDING_CUES)
    by_both = claim.grade.certainty == "sure" and finding.status == claim.status
    return msgspec.structs.replace(
        finding,
        actors=actors,
        targets=targets,
        status=claim.status if is_open else finding.status,
        cue=claim.cue if is_open else finding.cue,
        ordinal=claim.ordinal,
        ordinal_scope=claim.scope,
        ordinal_kind=claim.kind,
        ordinal_since=claim.since,
        claims_first=claim.claims_first,
        grade=claim.grade if by_both else finding.grade,
        first=min(finding.first, claim.first),
        last=max(finding.last, claim.last),
    )


def _ranked_parties(finding: FoundAct, claim: Claim) -> Parties:
    """The actors that the claim ranks, and the targets: of an act that both parties do, the one that is not ranked."""
    targets = finding.targets
    if finding.action in WITHOUT_DIRECTION and any(actor in targets for actor in claim.actors):
        targets = tuple(target for target in targets if target not in claim.actors) or targets
    actors = tuple(actor for actor in claim.actors if actor not in targets)
    is_known = any(actor.kind in {"nation", "organization", "leader"} for actor in actors)
    if not actors or (finding.actors and not is_known):
        return finding.actors, finding.targets
    return actors, targets


def _ranked_again(finding: FoundAct, claim: Claim, sentence: ParsedSentence) -> FoundAct:
    """An act of the preceding sentence, ranked in this one, which has the evidence."""
    here = msgspec.structs.replace(
        finding,
        sentence=sentence.tree.sentence,
        verb=claim.first,
        first=claim.first,
        last=claim.last,
        named_at=claim.positions,
    )
    return _ranked(here, claim)


def _own_event(
    sentence: ParsedSentence, claim: Claim, tree_before: Callable[[], Tree | None], published_on: str
) -> list[FoundAct]:
    action = name_of_act(sentence, claim, tree_before)
    if not action or not claim.actors:
        return []
    verb = claim.verb if claim.verb is not None else claim.clause if claim.clause is not None else claim.first
    first, last = min(claim.first, verb), max(claim.last, verb)
    return [
        FoundAct(
            action=action,
            actors=claim.actors,
            targets=_targets(sentence, claim),
            status=claim.status,
            cue=claim.cue,
            sentence=sentence.tree.sentence,
            verb=verb,
            first=first,
            last=last,
            act_date=act_date(sentence.tree.sentence, verb, published_on),
            ordinal=claim.ordinal,
            ordinal_scope=claim.scope,
            ordinal_kind=claim.kind,
            ordinal_since=claim.since,
            claims_first=claim.claims_first,
            grade=claim.grade,
            readers=claim.readers,
            named_at=claim.positions,
        )
    ]


def name_of_act(sentence: ParsedSentence, claim: Claim, tree_before: Callable[[], Tree | None]) -> str:
    """The act in a few words: that of the rank, of the clause it is told in, or of the sentence before."""
    tree, lexicon = sentence.tree, sentence.lexicon
    if claim.verb is not None and not repeats_act(tree, claim.verb):
        return act_name(tree, claim.verb, lexicon)
    if claim.verb is None and claim.noun is not None:
        if sentence.is_a(claim.noun, "member"):
            return "join"
        if claim.clause is not None and sentence.does(claim.clause, "naming"):
            return state_name(tree, claim.noun)
        if claim.clause is None or any(sentence.does(claim.clause, kind) for kind in ("becoming", "choosing")):
            return become_name(tree, claim.at, claim.noun) or state_name(tree, claim.noun)
    verb = _telling(tree, claim.clause if claim.clause is not None else _main_verb(tree), lexicon)
    if verb is not None:
        return act_name(tree, verb, lexicon)
    before = tree_before()
    verb = _telling(before, _main_verb(before), lexicon) if before is not None else None
    if verb is not None and before is not None:
        return act_name(before, verb, lexicon)
    told = claim.verb if claim.verb is not None else _main_verb(tree)
    if told is not None:
        return noun_name(tree, claim.at) or act_name(tree, told, lexicon)
    return noun_name(tree, claim.at) or _words_name(tree)


def _words_name(tree: Tree) -> str:
    """The first words that tell something, where the parse sees no verb: "abolishes-paper-money"."""
    words = (word for word in tree.sentence.words if word.mention is None and len(word.low) > _SHORT)
    return "-".join([word.low for word in words if word.low.isalpha()][:_WORDS])


def _main_verb(tree: Tree) -> int | None:
    roots = [at for at in range(len(tree)) if tree.head(at) == ROOT and tree.is_verb(at)]
    return roots[0] if roots else next((at for at in range(len(tree)) if tree.is_verb(at)), None)


def _telling(tree: Tree, verb: int | None, lexicon: Lexicon) -> int | None:
    """The verb that tells the act: what somebody says or is about to do; not "becomes", which only ranks."""
    seen: set[int] = set()
    while verb is not None and verb not in seen:
        seen.add(verb)
        inner = [each for each in tree.children(verb, "ccomp", "xcomp") if tree.is_verb(each)]
        if inner and lexicon.verb(tree.low(verb)) in lexicon.governors:
            verb = inner[0]
            continue
        if not repeats_act(tree, verb) and not any(lexicon.does(tree.low(verb), kind) for kind in _ONLY_RANKING):
            return verb
        head = tree.head(verb)
        verb = head if head != ROOT and tree.is_verb(head) else None
    return None


def _targets(sentence: ParsedSentence, claim: Claim) -> tuple[Entity, ...]:
    if claim.verb is None:
        return ()
    known = {entity.id for entity in claim.actors}
    found = {}
    for at in sorted(sentence.tree.below(claim.verb)):
        mention = sentence.tree.mention(at)
        if mention is not None and mention.entity.id not in known:
            found[mention.entity.id] = mention.entity
    return tuple(found.values())
