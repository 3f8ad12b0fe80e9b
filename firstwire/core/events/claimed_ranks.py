"""Claims of rank by two readings: how the sentence is built, and what labeled news taught of firsts by nations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import msgspec

from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.entities.unlisted_names import name_unlisted
from firstwire.core.events.findings import CLAUSES, LEARNED, Claim, Grade
from firstwire.core.events.learned_acts import LearnedFirst
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.events.parties import bodies_of
from firstwire.core.events.personal_ranks import is_of_no_nation
from firstwire.core.events.rank_scopes import kind_ranked, narrowed, scope_of, since_of
from firstwire.core.events.ranks import Ordinal, RankedParty, acted_by, is_one_of, ranked_party, ranks_of
from firstwire.core.language.phrases import unique
from firstwire.core.language.status import ClauseStatus
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity, EntityKind

AGREES_AT = 0.25
"""Least probability of a nation's first by which the learned reading agrees with a rank that clauses read."""
SURE_AT = 0.8
"""Least probability by which both readings together are sure."""
TELLS_AGAINST_AT = 0.92
"""Least probability by which the learned reading alone tells a first against what the clauses make of it."""
TELLS_ALONE_AT = 0.85
"""The same where they do not say who is first."""
TELLS_WORDLESS_AT = 0.5
"""The same where no word ranks: "beats the world to it"."""
NEVER = 2.0
SURE_ALONE = 0.9
"""Least probability by which the learned reading alone is sure."""
OVERRULES_AT = 0.75
"""Least probability of a status by which the learned reading decides it against the clauses."""
NEARLY_CERTAIN = 0.95
"""The same against a word that plans, demands or doubts."""
CERTAIN = 0.98
"""The same against a word that denies, and least probability of the first beside it."""
_PEOPLE = frozenset({"leader", "person"})
_ACTING = frozenset({"nation", "leader"})
OF_NATIONS = frozenset({"nation", "leader", None})
"""Kinds of ranked nouns by which a nation may be ranked."""
_CAPITALS = frozenset({"capital", "capitals"})
_PERSONAL_PRONOUNS = word_set("he she him her")


def claims_of(sentence: ParsedSentence, learned: LearnedFirst) -> list[Claim]:
    """The claims of a sentence. A nation is first only if the learned reading agrees; it alone tells wordless ones."""
    learned = _with_nation(learned)
    ranks = list(ranks_of(sentence))
    read = [(rank, party) for rank in ranks if (party := ranked_party(sentence, rank)) is not None]
    claims = [claim for rank, party in read if (claim := _by_clauses(sentence, rank, party, learned)) is not None]
    is_told = any(claim.claims_first for claim in claims)
    needed = _needed(sentence, ranks, read, learned)
    if not is_told and bodies_of(learned.actors) and learned.probability >= needed:
        claims.append(_of_learned(sentence, learned, ranks))
    return claims


def _with_nation(learned: LearnedFirst) -> LearnedFirst:
    """An actor that no list has is a nation, if it is one by all that is said of it."""
    if bodies_of(learned.actors) or min(learned.probability, learned.actor_probability) < TELLS_AGAINST_AT:
        return learned
    actors = tuple(msgspec.structs.replace(each, kind="nation") for each in learned.actors)
    return replace(learned, actors=actors)


def _kind_ranked(sentence: ParsedSentence, rank: Ordinal, learned: LearnedFirst) -> EntityKind | None:
    """The kind of whom the noun ranks: a capital is a town, or, where the learned reading has hardly a doubt, what acts
    for its nation: "the first Nordic capital to recognize"."""
    is_capital = rank.noun is not None and sentence.tree.low(rank.noun) in _CAPITALS
    return "nation" if is_capital and _tells_of_nation(learned) else kind_ranked(sentence, rank)


def _tells_of_nation(learned: LearnedFirst) -> bool:
    """Whether the learned reading tells a nation's first with hardly a doubt."""
    return learned.probability >= TELLS_AGAINST_AT and any(one.kind == "nation" for one in learned.actors)


def _needed(
    sentence: ParsedSentence,
    ranks: Sequence[Ordinal],
    read: Sequence[tuple[Ordinal, RankedParty]],
    learned: LearnedFirst,
) -> float:
    """The least probability by which the learned reading alone tells a nation's first."""
    firsts = [rank for rank in ranks if rank.number == 1 and not rank.is_only]
    if any(_kind_ranked(sentence, rank, learned) not in OF_NATIONS or since_of(sentence, rank) for rank in firsts):
        return NEVER  # "the first bank to", "the first visit since"
    if any(is_of_no_nation(sentence, rank, party) for rank, party in read):
        return NEVER
    if any(sentence.is_a(head, "organization_noun") for _, party in read for head in party.heads):
        return NEVER  # "Kenyan bank becomes first"
    if any(rank in firsts for rank, _ in read):
        return TELLS_AGAINST_AT  # the clauses name somebody else
    if not firsts and read:
        return NEVER  # "the sixth member to side with", "the only member to"
    words = [at for at in range(len(sentence.tree)) if sentence.tree.low(at) == "first"]
    if any(is_one_of(sentence.tree, at) for at in words):
        return NEVER
    has_word = bool(words)
    if not has_word:
        return TELLS_WORDLESS_AT
    return TELLS_ALONE_AT if firsts else TELLS_AGAINST_AT


def _by_clauses(sentence: ParsedSentence, rank: Ordinal, party: RankedParty, learned: LearnedFirst) -> Claim | None:
    kind = _kind_ranked(sentence, rank, learned)
    listed = sentence.actors_of(party.heads) if kind in OF_NATIONS else tuple(_named_alone(sentence, party.heads))
    actors = listed or tuple(_as_nation(each, learned) for each in unique(_unlisted(sentence, party.heads, kind)))
    status, grade = party.status, Grade("unsure", "only the clauses tell it")
    is_today = kind == "nation" and sentence.tree.sentence.names_day()
    is_ever = rank.number == 1 and not rank.is_only and not _is_since(since_of(sentence, rank))
    if is_ever and listed and not bodies_of(listed) and learned.probability >= TELLS_AGAINST_AT:
        return None  # "Kenya is Africa's first"
    if is_ever and kind in {"nation", None} and _is_of_another(actors, learned):
        return None  # "the WHO certifies Kenya as the first state free of it"
    if is_ever and (bodies_of(listed) or (not actors and kind in _ACTING)):
        if is_of_no_nation(sentence, rank, party):
            actors = tuple(each for each in actors if each.kind in _PEOPLE)
        elif learned.probability < AGREES_AT:
            verb = acted_by(sentence, rank, party)
            is_of_office = kind == "leader" and verb is not None and sentence.does(verb, "of_office")
            actors = tuple(each for each in actors if each.kind in _PEOPLE or is_of_office)
        else:
            status, grade = _with_learned(actors, party.status, learned, is_today=is_today)
            actors = actors or learned.actors
    if not actors:
        return None
    return _claim(sentence, rank, actors, kind, status, grade, party)


def _with_learned(
    actors: Sequence[Entity], status: ClauseStatus, learned: LearnedFirst, *, is_today: bool
) -> tuple[ClauseStatus, Grade]:
    """The status of a nation's first by both readings, and how sure it is."""
    if learned.status != status.status:
        grade = Grade("unsure", f"clauses say {status.status}, the learned reading {learned.status}")
        if is_today and learned.status == "historical":
            return status, grade
        if _overrules(learned, status):
            return ClauseStatus(learned.status, f"learned, {learned.status_probability:.2f}"), grade
        return status, grade
    if not _share(actors, learned.actors):
        return status, Grade("unsure", "the readings name other parties")
    if learned.probability < SURE_AT:
        return status, Grade("unsure", "the learned reading doubts it")
    return status, Grade("sure", "clauses and learned agree")


def _as_nation(entity: Entity, learned: LearnedFirst) -> Entity:
    """A name that no list has, as the learned reading knows it."""
    return next((each for each in learned.actors if each.id == entity.id and each.kind == "nation"), entity)


def _is_of_another(actors: Sequence[Entity], learned: LearnedFirst) -> bool:
    """Whether the clauses rank who is no nation, and the learned reading has hardly a doubt that it is a nation."""
    is_named = bool(actors) and not any(each.kind == "nation" for each in actors)
    return is_named and _tells_of_nation(learned) and not _share(actors, learned.actors)


def _overrules(learned: LearnedFirst, status: ClauseStatus) -> bool:
    """Whether the learned reading decides the status against the clauses."""
    if status.status == "negated":
        return min(learned.status_probability, learned.probability) >= CERTAIN
    is_open = status.status in {"asserted", "historical"}
    return learned.status_probability >= (OVERRULES_AT if is_open else NEARLY_CERTAIN)


def _share(actors: Sequence[Entity], others: Sequence[Entity]) -> bool:
    return not {each.id for each in actors}.isdisjoint(each.id for each in others)


def _claim(
    sentence: ParsedSentence,
    rank: Ordinal,
    actors: tuple[Entity, ...],
    kind: EntityKind | None,
    status: ClauseStatus,
    grade: Grade,
    party: RankedParty | None,
) -> Claim:
    since = since_of(sentence, rank)
    positions = sentence.places_of(actors) or (() if party is None else _name_at(sentence, party.heads))
    last = max(rank.at, rank.top) if rank.verb is None else max(sentence.tree.below(rank.verb))
    told = (CLAUSES, LEARNED) if grade.certainty == "sure" else (CLAUSES,)
    return Claim(
        readers=(LEARNED,) if party is None else told,
        actors=actors,
        ordinal=rank.number,
        scope=narrowed(scope_of(sentence, rank), since),
        kind=kind,
        since=since,
        claims_first=rank.number == 1 and not rank.is_only and not _is_since(since),
        status=status.status,
        cue=status.cue,
        at=rank.at,
        noun=rank.noun,
        verb=rank.verb,
        clause=None if party is None else party.clause,
        positions=positions,
        first=min([rank.at, *positions]),
        last=last,
        grade=grade,
    )


def _is_since(since: str | None) -> bool:
    """ "The first since the war" is no first."""
    return (since or "").lower().startswith("since")


def _of_learned(sentence: ParsedSentence, learned: LearnedFirst, ranks: Sequence[Ordinal]) -> Claim:
    """A first that no rank tells ("no other state has done so"), or whose clause is not understood."""
    rank = next((each for each in ranks if each.number == 1 and not each.is_only), None)
    probability = learned.probability * learned.status_probability
    is_sure = probability >= SURE_ALONE and learned.status == "asserted"
    grade = Grade("sure" if is_sure else "unsure", f"only the learned reading tells it ({probability:.2f})")
    status = ClauseStatus(learned.status, f"learned, {probability:.2f}")
    if rank is not None:
        return _claim(sentence, rank, learned.actors, kind_ranked(sentence, rank), status, grade, None)
    words = sentence.tree.sentence.words
    return Claim(
        readers=(LEARNED,),
        actors=learned.actors,
        ordinal=1,
        scope=_group_named(sentence, learned.actors),
        kind="nation",
        since=None,
        claims_first=True,
        status=status.status,
        cue=status.cue,
        at=0,
        noun=None,
        verb=None,
        clause=None,
        positions=sentence.places_of(learned.actors),
        first=0,
        last=len(words) - 1,
        grade=grade,
    )


def _group_named(sentence: ParsedSentence, actors: Sequence[Entity]) -> str | None:
    """The group that a first without a rank is told of: "no *Arab* country", "ahead of its *EU* partners"."""
    known = {each.id for each in actors}
    tree = sentence.tree
    for at in range(len(tree)):
        mention = tree.mention(at)
        is_group = mention is not None and mention.entity.kind in {"organization", "subnational", "other"}
        if is_group and mention is not None and mention.entity.id not in known:
            return mention.text
    return None


def _named_alone(sentence: ParsedSentence, heads: Iterable[int]) -> Iterator[Entity]:
    """Persons and bodies by their own names, without the nations that they act for."""
    for head in heads:
        mention = sentence.tree.mention(head)
        if mention is not None and mention.entity.kind != "nation" and mention.role != "demonym":
            yield mention.entity


def _unlisted(sentence: ParsedSentence, heads: Sequence[int], kind: EntityKind | None) -> Iterator[Entity]:
    tree = sentence.tree
    for head in heads:
        if tree.low(head) in _PERSONAL_PRONOUNS:
            yield from _person_before(sentence, head, kind)
            continue
        start = tree.word(head).start
        for name in _unlisted_names(tree.sentence):
            assert name.mention is not None
            if name.start <= start < name.end:
                yield _with_kind(name.mention.entity, kind)


def _name_at(sentence: ParsedSentence, heads: Iterable[int]) -> tuple[int, ...]:
    """The positions of the words of unlisted names."""
    words = sentence.tree.sentence.words
    starts = {words[head].start for head in heads}
    names = [
        name for name in _unlisted_names(sentence.tree.sentence) if any(name.start <= at < name.end for at in starts)
    ]
    return tuple(at for at, word in enumerate(words) if any(name.start <= word.start < name.end for name in names))


def _person_before(sentence: ParsedSentence, at: int, kind: EntityKind | None) -> Iterator[Entity]:
    """The person named before "she", in this sentence or the one before."""
    start = sentence.tree.word(at).start
    here = [name for name in _unlisted_names(sentence.tree.sentence) if name.end <= start]
    before = list(_unlisted_names(sentence.before)) if sentence.before is not None else []
    for name in [*here[-1:], *before[:1]][:1]:
        assert name.mention is not None
        yield _with_kind(name.mention.entity, kind or "person")


def _unlisted_names(sentence: Sentence) -> Iterator[Word]:
    return (
        word for word in name_unlisted(sentence).words if word.mention is not None and word.mention.role == "unlisted"
    )


def _with_kind(entity: Entity, kind: EntityKind | None) -> Entity:
    """An unlisted name is no nation: nations are listed."""
    if kind in {"nation", None}:
        return entity
    return msgspec.structs.replace(entity, kind="person" if kind == "leader" else kind)
