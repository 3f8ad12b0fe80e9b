"""The acts of a sentence by two readings of its parse: by clauses and the lexicon, and learned from labeled news."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import msgspec

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.mentions import find_mentions
from firstwire.core.entities.sentence import Sentence, SentenceContext, home_of, read_sentence
from firstwire.core.entities.short_names import add_short_names
from firstwire.core.events.act_features import word_features
from firstwire.core.events.actions import is_reverse
from firstwire.core.events.dates import act_date, is_of_these_days
from firstwire.core.events.encoded_acts import EncodedSentence, Encoder
from firstwire.core.events.encoder_input import EncoderInput, Party, encoder_input
from firstwire.core.events.findings import CLAUSES, LEARNED, FoundAct, Grade
from firstwire.core.events.framed_acts import has_object_of
from firstwire.core.events.learned_acts import FAMILIES, TELLS_AT, LearnedAct, read_acts, read_first
from firstwire.core.events.parsed_acts import Reader
from firstwire.core.events.parsed_sentence import ParsedAct
from firstwire.core.events.parties import bodies_of
from firstwire.core.events.ranks import ranked_party, ranks_of
from firstwire.core.events.recognizing_clauses import RECOGNIZING
from firstwire.core.events.triggers import may_tell_act
from firstwire.core.events.unparsed_reading import UnparsedKnowledge
from firstwire.core.language.clauses import as_text
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.linear_models import LinearModel
from firstwire.core.language.parses import ROOT, SentenceParser, Tree, words_to_parse
from firstwire.core.language.status import NOT_ONLY
from firstwire.core.text.datelines import sentences_told
from firstwire.core.text.language import UNDETERMINED, is_plainly_english
from firstwire.core.text.word_lists import word_set
from schemas.article import ArticleText
from schemas.event import Status
from schemas.record import Entity, Field

_BODIES = frozenset({"nation", "leader"})
_PERSONS = frozenset({"leader", "person"})
_PRESENT = frozenset({"VBZ", "VBP"})
"""Tags of verbs: a headline tells no history in the present."""
_MENDED = frozenset(
    (broken, mended)
    for broken in ("sever_relations", "suspend_relations", "downgrade_relations")
    for mended in ("restore_relations", "establish_relations", "upgrade_relations")
)
"""What becomes of relations, and what makes it good again."""
_STANDING_CUES = frozenset({"only by", "still", "already"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "poss"})
_NEAR_AS = 4
"""Words at most from the name of a ruler to "as": "backs Ada Moss of the left as president"."""
_SHORT = 3
"""Letters of capitalized words that are no names: "The", "An"."""
_NEWS_CUES = word_set("which who that after had when following since")
"""What clauses take for the past by words that stand before news too: "Belgium, which closed its embassy"."""

WORTH_A_PARSE = 0.01
"""Least probability, by words alone, that a parse would find something."""
WORTH_WITHOUT_TRIGGER = 0.5
"""The same for sentences of title, summary and lead without a word that may tell an act or a rank."""
TELLS_ALONE_AT = 0.45
"""Least probability of act and status by which the learned reading alone tells an act."""
TELLS_OTHER_AT = 0.6
"""The same for an act that it takes for planned, denied, past …"""
TELLS_WITHOUT_TRIGGER_AT = 0.7
"""The same in a sentence without a word that may tell an act."""
TELLS_BESIDE_AT = 0.5
"""The same beside another act between the same parties."""
KNOWS_OBJECT_AT = 0.7
"""Least probability by which an object of no known class makes an act: "scraps oil *curbs*"."""
SURE_ALONE = 0.8
"""Least probability by which the learned reading alone is sure."""
CALLS_NEWS_AT = 0.95
"""Least probability of a status by which the learned reading takes for news what clauses take for the past."""
CALLS_NEWS_AGAINST_AT = 0.99
"""The same against a word that does not stand before news: "thanks for", "condemns"."""
SURE_AS_NEWS = 0.7
"""Least probability by which what the learned reading takes for news, and the clauses for the past, is sure."""
NOTICED_AT = 0.15
"""Least probability of an act by which the learned reading has a say on it."""
NEARLY_CERTAIN = 0.97
"""Least probability of act and status by which it decides the status against a word that plans, demands or doubts."""
OVERRULES_AT = 0.75
"""Least probability of a status by which the learned reading decides it against the clauses."""
SENTENCES: dict[Field, int] = {"title": 4, "summary": 4, "body": 12}


@dataclass(frozen=True, eq=False)
class ReadingModels:
    """`gate`: whether the words of a sentence are worth a parse; `news`: whether an act of the body is the news of its
    article."""

    gate: LinearModel
    news: LinearModel


@dataclass(frozen=True)
class ReadSentence:
    """A sentence by both readings: its clauses, and what the encoder makes of it."""

    tree: Tree
    reader: Reader
    encoded: EncodedSentence


class ReadingKnowledge:
    """What reading takes: a parser, an encoder, and the lexicon and models that `given` returns at the first use."""

    def __init__(
        self,
        parser: SentenceParser,
        encoder: Encoder,
        given: Callable[[], tuple[Lexicon, ReadingModels]],
        unparsed: UnparsedKnowledge,
    ) -> None:
        self.parser = parser
        self.encoder = encoder
        self.unparsed = unparsed
        self._given = given

    def load(self) -> None:
        """Make ready, which takes a second or two; the first sentence with a trigger does it otherwise."""
        self.parser.load()
        self.encoder.load()
        _ = self._known
        self.unparsed.load()

    def parsed(self, sentence: Sentence) -> Tree:
        return Tree(sentence, self.parser(words_to_parse(sentence, self.lexicon)))

    def read(self, sentence: Sentence, context: SentenceContext, published_on: str) -> ReadSentence:
        """A sentence by both readings."""
        tree = self.parsed(sentence)
        encoded = EncodedSentence(self._out_of_place(sentence, context, published_on), self.encoder)
        return ReadSentence(tree, Reader(tree, context.referring, self.lexicon), encoded)

    def encoded_in_place(self, sentence: Sentence, context: SentenceContext, published_on: str) -> EncodedSentence:
        """A sentence of the body as one of its article, most of which is background."""
        return EncodedSentence(encoder_input(sentence, context, int(published_on[:4])), self.encoder)

    def _out_of_place(self, sentence: Sentence, context: SentenceContext, published_on: str) -> EncoderInput:
        """One of the body is read as it would be elsewhere: what it tells is one thing, whether it is news another."""
        if sentence.field == "body":
            sentence = msgspec.structs.replace(sentence, field="summary")
            context = SentenceContext(context.before, context.headline if context.before is None else None)
        return encoder_input(sentence, context, int(published_on[:4]))

    @cached_property
    def _known(self) -> tuple[Lexicon, ReadingModels]:
        return self._given()

    @property
    def lexicon(self) -> Lexicon:
        return self._known[0]

    @property
    def models(self) -> ReadingModels:
        return self._known[1]


def sentences_of(article: ArticleText, gazetteer: Gazetteer) -> Iterator[tuple[Sentence, SentenceContext]]:
    """The English sentences of an article that may be read, each with what stands around it."""
    mentions = find_mentions(article, gazetteer)
    texts: dict[Field, str] = {"title": article.title, "summary": article.summary, "body": article.body}
    headline: Sentence | None = None
    for field, text in texts.items():
        if not is_english(text, article):
            continue
        named = add_short_names(text, [one for one in mentions[field] if one.role != "within"])
        before, home = None, home_of(field, text, named)
        above = headline
        for number, span in enumerate(spans_read(field, text, SENTENCES[field])):
            sentence = read_sentence(field, text, number, span, named, home)
            if sentence.words:
                yield sentence, SentenceContext(before, above)
                before = sentence
                headline = headline or sentence


def spans_read(field: Field, text: str, at_most: int) -> list[tuple[int, int]]:
    """Spans of the first sentences of a field, without its dateline."""
    return sentences_told(text, at_most, is_title=field == "title")


def is_english(text: str, article: ArticleText) -> bool:
    """Whether a field is read as English: by the article's language, or against it by plain words of field or article.

    A short headline may have none of them, though the text below it has many.
    """
    language = article.language.partition("-")[0].lower()
    if language in {"", "en", UNDETERMINED}:
        return True
    return is_plainly_english(text) or is_plainly_english(f"{article.title}\n{article.summary}\n{article.body}")


def is_worth_a_parse(
    sentence: Sentence, context: SentenceContext, reading: ReadingKnowledge, *, is_triggered: bool
) -> bool:
    """Whether a parse may find something, by the words alone; `is_triggered`: one of them may tell an act or a rank."""
    if not sentence.words or _is_tag_line(sentence):
        return False
    (probability,) = reading.models.gate.probabilities(word_features(sentence)).values()
    if probability < (WORTH_A_PARSE if is_triggered else WORTH_WITHOUT_TRIGGER):
        return False
    return any(one is not None and _names_somebody(one) for one in (sentence, context.before, context.headline))


def _is_tag_line(sentence: Sentence) -> bool:
    """A list of names and nothing else."""
    return all(word.mention is not None or word.is_punctuation for word in sentence.words)


def _names_somebody(sentence: Sentence) -> bool:
    """Whether a sentence may name a party: a listed name, or a capitalized word that may be one."""
    return any(
        word.mention is not None or (word.text[:1].isupper() and len(word.text) > _SHORT) for word in sentence.words
    )


def stages_of(sentence: Sentence, context: SentenceContext, published_on: str, reading: ReadingKnowledge) -> list[str]:
    """What each reading makes of a sentence, line by line, for people."""
    read = reading.read(sentence, context, published_on)
    reader = read.reader
    lines = [f"clause  {as_text(clause, read.tree)}" for clause in reader.clauses]
    lines += [f"by clauses  {_parties(act)} · {act.status.status}: {act.status.cue}" for act in reader.acts]
    for learned in read_acts(read.encoded, at_least=NOTICED_AT):
        share = learned.probability / learned.act_probability
        word = sentence.words[learned.at].text
        lines.append(
            f"learned  {_parties(learned)} · {learned.act_probability:.2f} by “{word}” · {learned.status} {share:.2f}"
        )
    for rank in ranks_of(reader.sentence):
        party = ranked_party(reader.sentence, rank)
        who = "nobody" if party is None else ", ".join(sentence.words[at].text for at in party.heads)
        status = "" if party is None else f" · {party.status.status}: {party.status.cue}"
        lines.append(f"rank  {who} {rank.number}{status}")
    first = read_first(read.encoded, at_least=NOTICED_AT)
    if first.actors:
        actors = ", ".join(each.id for each in first.actors)
        share = first.status_probability
        lines.append(f"learned  {actors} first of nations · {first.probability:.2f} · {first.status} {share:.2f}")
    return lines


def _parties(act: ParsedAct | LearnedAct) -> str:
    actors, targets = (", ".join(each.id for each in side) or "nobody" for side in (act.actors, act.targets))
    return f"{actors} → {act.action} → {targets}"


def find_acts(read: ReadSentence, published_on: str) -> list[FoundAct]:
    """The acts of a sentence. Without a word that may tell one, the learned reading alone must be nearly certain.

    An act that clauses and the learned reading tell with the same parties and status is sure: one knows how a sentence
    is built, the other what is news.
    """
    reader, sentence = read.reader, read.tree.sentence
    told = _unique([_of_clauses(sentence, act, published_on) for act in reader.acts])
    every = read_acts(read.encoded, at_least=NOTICED_AT)
    is_refused = reader.refuses_recognition()
    every = [
        _with_ruler(act, read)
        for act in every
        if has_object_of(reader.sentence, act.action) and not (is_refused and act.action in FAMILIES["recognition"])
    ]
    learned = {act.action: act for act in every}
    alone_at = TELLS_ALONE_AT if may_tell_act(sentence.text) else TELLS_WITHOUT_TRIGGER_AT
    lone = {frame.act for frame in reader.sentence.lexicon.frames if not frame.needs_target}
    whole = {
        act.action
        for act in every
        if act.probability >= (alone_at if act.status == "asserted" else TELLS_OTHER_AT)
        and act.actors
        and (act.targets or act.action in lone)
        and not _is_something_else(reader, act)
    }
    told = [act for act in told if act.actors or act.action not in whole or _is_asked(act, learned[act.action])]
    known = {act.action for act in told if act.actors}
    lexicon = reader.sentence.lexicon
    found = [_graded(act, learned.get(act.action), published_on, read.tree, lexicon) for act in told]
    for act in every:
        if act.action not in whole - known:
            continue
        if not _is_another_name(act, found, read.tree):
            found.append(_of_learned(sentence, act, published_on, _doubt_of(reader, act)))
    return found


def _with_ruler(act: LearnedAct, read: ReadSentence) -> LearnedAct:
    """A recognition with whom it recognizes, if that is a head of state or whoever rules: an office-holder stands for
    his nation, which is not recognized again. "Backs Ada Moss as president", "accepts Kabul's rulers as government"."""
    if act.action not in FAMILIES["recognition"] or act.targets or act.probability < NEARLY_CERTAIN:
        return act
    sentence, acting = read.reader.sentence, {one.id for one in act.actors}
    lows = sentence.lows
    called = [at for at, low in enumerate(lows) if low == "as" or lows[at : at + 2] == ("to", "be")]
    if not (acting and called and sentence.any_is(range(called[0], len(sentence.tree)), "state")):
        return act
    here = [each for each in read.encoded.names if each.is_here and each.entity.id not in acting]
    near = [each for each in here if any(0 < at - each.at <= _NEAR_AS for at in called)]
    named = {one.id: one for each in near if (one := each.leader or each.entity).kind == "leader"}
    named = named or {each.entity.id: each.entity for each in here if each.entity.kind == "nation"}
    if len(named) != 1:
        return act
    positions = sorted({*act.positions, *(each.at for each in here if not named.keys().isdisjoint(_ids_of(each)))})
    return replace(act, targets=tuple(named.values()), positions=tuple(positions))


def _ids_of(party: Party) -> set[str]:
    return {party.entity.id} if party.leader is None else {party.entity.id, party.leader.id}


def _is_asked(act: FoundAct, learned: LearnedAct) -> bool:
    """Whether an act without an actor is asked of anybody, "calls for recognition", unless learned news says more; is
    denied of all: "fewer states recognize"; or of some in the past: "recognized by 12 countries".
    """
    is_asked = learned.status == "demanded" or not _is_certain(learned)
    is_long_known = act.status == learned.status == "historical"
    is_denied = act.status == "negated" and not _is_nearly_certain_news(learned)
    return is_denied or is_long_known or (act.status == "demanded" and is_asked)


def _is_another_name(act: LearnedAct, found: Sequence[FoundAct], tree: Tree) -> bool:
    """Whether an act between the same parties is told already: by the same word, as it has one meaning; its reverse;
    what else becomes of their relations; or another, if this one is not likely."""
    return any(
        not _is_of_the_past(one, act)
        and (
            _verb_of(act.at, tree) == _verb_of(one.verb, tree)
            or is_reverse(act.action, one.action)
            or (act.action.endswith("_relations") and one.action.endswith("_relations"))
            or _is_doubtful_beside(act, one)
        )
        and (not one.actors or _shared(one.actors, act.actors))
        and (not one.targets or _shared(one.targets, act.targets))
        for one in found
    )


def _is_of_the_past(one: FoundAct, act: LearnedAct) -> bool:
    """Whether one act is history that the other, which is likely news, undoes: "resume ties broken off in 2012"."""
    undoes = is_reverse(act.action, one.action) or (one.action, act.action) in _MENDED
    return undoes and one.status == "historical" and act.status == "asserted" and act.probability >= OVERRULES_AT


def _verb_of(at: int, tree: Tree) -> int:
    """A word that tells an act, or the verb whose object it is: "*imposes* a blockade"."""
    return tree.head(at) if tree.relation(at) == "dobj" else at


def _is_doubtful_beside(act: LearnedAct, one: FoundAct) -> bool:
    """Whether an act is not likely enough to be told beside another of its family."""
    families = [each in FAMILIES["recognition"] for each in (act.action, one.action)]
    return act.probability < TELLS_BESIDE_AT and families[0] == families[1]


def _graded(act: FoundAct, learned: LearnedAct | None, published_on: str, tree: Tree, lexicon: Lexicon) -> FoundAct:
    """An act of the clauses with what the learned reading says of it."""
    if learned is None:
        return msgspec.structs.replace(act, grade=Grade("unsure", "the learned reading does not tell it"))
    is_same = _share_parties(act, learned.actors, learned.targets)
    if is_same and not act.targets:  # "calls its envoy home": the other place may stand anywhere
        act = msgspec.structs.replace(act, targets=tuple(each for each in learned.targets if each not in act.actors))
    others = tuple(each for each in learned.actors if each not in act.targets)
    if is_same and not bodies_of(act.actors) and _has_subject(tree, bodies_of(others)):
        act = msgspec.structs.replace(act, actors=others)  # "Kenya, whose president spoke, recognizes"
    if learned.status == act.status and is_same:
        grade = Grade("sure", "clauses and learned agree")
        return msgspec.structs.replace(act, readers=(CLAUSES, LEARNED), grade=grade)
    if learned.status == act.status:
        return msgspec.structs.replace(act, grade=Grade("unsure", "the readings name other parties"))
    if learned.status == "negated" and act.cue == NOT_ONLY and is_same:  # it takes "not only" for "not"
        return msgspec.structs.replace(act, readers=(CLAUSES, LEARNED), grade=Grade("sure", "not only, by clauses"))
    grade = Grade("unsure", f"clauses say {act.status}, the learned reading {learned.status}")
    is_dated = act.cue.split()[-1].isdigit() or act.cue in _STANDING_CUES
    is_open = act.status == "asserted" or (act.status == "historical" and not is_dated)
    calls_at = CALLS_NEWS_AT if act.cue.split()[0] in _NEWS_CUES else CALLS_NEWS_AGAINST_AT
    is_overruled = learned.probability >= calls_at * learned.act_probability or act.status == "asserted"
    is_past = act.status == "asserted" and learned.status == "historical"
    if is_past and is_of_these_days(act.sentence, act.verb, published_on):  # the learned reading knows no calendar
        return msgspec.structs.replace(act, grade=Grade("sure", "its day is named") if is_same else grade)
    if is_past and act.sentence.field == "title" and tree.tag(act.verb) in _PRESENT:
        return msgspec.structs.replace(act, grade=grade)  # "After Ghana, Kenya also recognizes Kosovo"
    is_of_others = act.status == "negated" and lexicon.is_a(act.cue, "nobody")  # "no state had until Kenya did"
    is_misread = is_of_others or act.status not in {"negated", "historical"}
    is_misread = is_misread and _is_nearly_certain_news(learned)
    if is_misread or (is_open and is_overruled and _is_certain(learned)):
        is_news = act.status == "historical" and learned.status == "asserted" and learned.probability >= SURE_AS_NEWS
        if is_news and is_same and act.cue.split()[0] in _NEWS_CUES and act.sentence.names_day():
            grade = Grade("sure", f"told as news ({learned.probability:.2f})")
        return msgspec.structs.replace(act, status=learned.status, cue=_cue(learned), grade=grade)
    return msgspec.structs.replace(act, grade=grade)


def _has_subject(tree: Tree, bodies: Sequence[Entity]) -> bool:
    """Whether one of these is a subject, or whose it is: "*Kenya's* president", "the Republic of *Kenya*"."""
    named = (at for at in range(len(tree)) if (mention := tree.mention(at)) is not None and mention.entity in bodies)
    tops = (tree.head(tree.head(at)) if tree.low(tree.head(at)) == "of" else at for at in named)
    return any(at != ROOT and tree.relation(at) in _SUBJECTS for at in tops)


def _is_nearly_certain_news(learned: LearnedAct) -> bool:
    return learned.status == "asserted" and learned.probability >= NEARLY_CERTAIN


def _is_certain(learned: LearnedAct) -> bool:
    """Whether the learned reading is nearly certain of the status."""
    return learned.probability >= OVERRULES_AT * max(TELLS_AT, learned.act_probability)


def _cue(learned: LearnedAct) -> str:
    return f"learned, {learned.probability:.2f}"


def _share_parties(act: FoundAct, actors: Sequence[Entity], targets: Sequence[Entity]) -> bool:
    if not _shared(act.actors, actors):
        return False
    return not act.targets or _named_alike(act.targets, targets) or _is_office_of(act.targets, targets)


def _is_office_of(holders: Sequence[Entity], others: Sequence[Entity]) -> bool:
    """Whether one reading names the persons, and the other the nations whose presidents they are."""
    return all(each.kind in _PERSONS for each in holders) and all(each.kind == "nation" for each in others)


def _named_alike(one: Sequence[Entity], other: Sequence[Entity]) -> bool:
    """Whether two sides share an entity, or a word of the names of unlisted ones: "council", "Lacroix council"."""
    words = (
        {word for each in side if each.kind not in _BODIES for word in each.id.split("-")} for side in (one, other)
    )
    return _shared(one, other) or not set.isdisjoint(*words)


def _of_clauses(sentence: Sentence, act: ParsedAct, published_on: str) -> FoundAct:
    status, cue = act.status.status, act.status.cue
    if status == "historical" and cue.isdigit() and cue >= published_on[:4]:
        status, cue = "asserted", f"in {cue}"  # the year of publication
    return _found(sentence, act, status, cue, published_on, CLAUSES)


def _is_something_else(reader: Reader, act: LearnedAct) -> bool:
    """Whether clauses find that what the learned reading takes for an act is done by or to something else."""
    tree, lexicon = reader.sentence.tree, reader.sentence.lexicon
    is_likely = act.probability >= KNOWS_OBJECT_AT
    if reader.is_done_by_another(act.action, act.at) or reader.is_done_to_another(
        act.action, act.at, is_likely=is_likely
    ):
        return True
    return act.action.endswith("_relations") and any(
        all(_is_of_firm(tree, at, lexicon) for at in places) for places in _places_by_party(tree, act.positions)
    )


def _places_by_party(tree: Tree, positions: Sequence[int]) -> list[list[int]]:
    """The positions of names, together if they name one party."""
    found: dict[str, list[int]] = {}
    for at in positions:
        mention = tree.mention(at)
        if mention is not None:
            found.setdefault((mention.nation or mention.entity).id, []).append(at)
    return list(found.values())


def _doubt_of(reader: Reader, act: LearnedAct) -> str:
    """What keeps the learned reading from being sure alone; empty if nothing."""
    tree = reader.sentence.tree
    is_told = any(each.classes & RECOGNIZING for each in reader.clauses) or act.probability >= NEARLY_CERTAIN
    if act.action in FAMILIES["recognition"] and not is_told:
        return "no word of recognition"
    if act.action in FAMILIES["recognition"] and not act.sides[1] and all(one.kind == "nation" for one in act.targets):
        return "whom it recognizes is not named"  # "Kabul's rulers"
    if any(tree.tag(each) == "VBN" for each in tree.children(act.at, "amod")):
        return "an attribute"  # "meets the recalled ambassador"
    if tree.relation(act.at) == "relcl" and not tree.sentence.names_day():
        return "in a relative clause"
    return ""


def _is_of_firm(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """ "Ties with a Serbian bank"."""
    is_part = tree.mention(at) is not None and tree.relation(at) in {"amod", "compound", "nmod", "poss"}
    return is_part and lexicon.is_a(tree.low(tree.head(at)), "organization_noun")


def _of_learned(sentence: Sentence, act: LearnedAct, published_on: str, doubt: str) -> FoundAct:
    is_sure = act.probability >= SURE_ALONE and act.status in {"asserted", "negated"} and not doubt
    reason = f"only the learned reading tells it ({act.probability:.2f})"
    grade = Grade("sure" if is_sure else "unsure", f"{reason}; {doubt}" if doubt else reason)
    return msgspec.structs.replace(_found(sentence, act, act.status, _cue(act), published_on, LEARNED), grade=grade)


def _found(
    sentence: Sentence, act: ParsedAct | LearnedAct, status: Status, cue: str, published_on: str, reader: str
) -> FoundAct:
    return FoundAct(
        action=act.action,
        actors=act.actors,
        targets=act.targets,
        status=status,
        cue=cue,
        sentence=sentence,
        verb=act.at,
        first=min((act.at, *act.positions)),
        last=max((act.at, *act.positions)),
        act_date=act_date(sentence, act.at, published_on),
        readers=(reader,),
    )


def _shared(one: Sequence[Entity], other: Sequence[Entity]) -> bool:
    return not {each.id for each in one}.isdisjoint(each.id for each in other)


def _unique(found: Sequence[FoundAct]) -> list[FoundAct]:
    """One finding for each act, parties and status; of an act with actors none without."""
    acted = {(one.action, tuple(each.id for each in one.targets)) for one in found if one.actors}
    kept: dict[object, FoundAct] = {}
    for one in found:
        targets = tuple(each.id for each in one.targets)
        if not one.actors and (one.action, targets) in acted:
            continue
        kept.setdefault((one.action, tuple(each.id for each in one.actors), targets, one.status), one)
    return list(kept.values())
