"""What the learned reading looks at: words, how they depend on each other, and where each name stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import msgspec

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.entities.sentence import Sentence, Word
from firstwire.core.entities.unlisted_names import is_headline, unlisted_places
from firstwire.core.events.ranks import ranked_noun, ranked_verb
from firstwire.core.language.lexicon import Lexicon, singular
from firstwire.core.language.parses import ROOT, Tree
from firstwire.core.text.closed_words import ordinal_of
from firstwire.core.text.rarities import stem_of
from firstwire.core.text.word_lists import word_set
from schemas.record import Entity

_EDGES = word_set("dobj nsubj nsubjpass pobj amod compound xcomp ccomp advcl neg aux attr oprd acl")
"""Relations between two words that are features; a name's relation to its head always is."""
_BODIES = frozenset({"nation", "organization"})
_NAMES = {"nation": "#nation", "organization": "#organization", "leader": "#leader"}
_PARTICLE_REACH = 6
_PATH_AT_MOST = 4
BEGIN, END = "^", "$"
"""Before the first word of a sentence, and behind the last."""
LEAD_SENTENCES = 2
"""Sentences of the body that mostly tell the news, after title and summary."""


class Candidate(msgspec.Struct, frozen=True):
    """A name that may be a party. `at` is the position of its last word."""

    at: int
    entity: Entity
    leader: Entity | None
    """Who acts for `entity`, if the text names him."""
    features: tuple[str, ...]
    is_here: bool = True
    """Whether the sentence names it: not if "it" means a name of the sentence before."""


def word_features(sentence: Sentence) -> dict[str, float]:
    """Words and pairs of words: what can be known of a sentence before it is parsed."""
    return _of_words(_stems([plain_word(word) for word in sentence.words]))


def _stems(plain: Sequence[str]) -> list[str]:
    return [word if word[0] == "#" else stem_of(word, "en") for word in plain]


def _of_words(stems: Sequence[str]) -> dict[str, float]:
    found = dict.fromkeys([f"w:{stem}" for stem in stems], 1.0)
    for one, other in zip([BEGIN, *stems], [*stems, END], strict=True):
        found[f"b:{one} {other}"] = 1.0
    return found


class SentenceFeatures:
    """The features of a sentence and of the names in it."""

    def __init__(self, tree: Tree, before: Sentence | None, lexicon: Lexicon) -> None:
        self.tree = tree
        self._before = before
        self._lexicon = lexicon
        self.plain = [plain_word(word) for word in tree.sentence.words]
        self.stems = _stems(self.plain)

    @cached_property
    def of_sentence(self) -> dict[str, float]:
        """Words, pairs of words, classes of the lexicon, edges of the parse."""
        sentence, stems = self.tree.sentence, self.stems
        found = _of_words(stems)
        verbs, nouns = self._classes(found)
        found |= dict.fromkeys([f"V:{name}" for name in verbs] + [f"N:{name}" for name in nouns], 1.0)
        found |= dict.fromkeys([f"VN:{verb} {noun}" for verb in verbs for noun in nouns], 1.0)
        found |= dict.fromkeys(self._edges(), 1.0)
        found |= dict.fromkeys(self._ranks(), 1.0)
        found[f"k:{min(count_of_bodies(sentence), 3)}"] = 1.0
        found["length"] = len(stems) / 30
        if "?" in sentence.text:
            found["?"] = 1.0
        field: str = "title" if is_headline(sentence) else sentence.field
        if field == "body" and sentence.number < LEAD_SENTENCES:
            field = "lead"
        found[f"field:{field}"] = 1.0
        return found

    def _classes(self, found: dict[str, float]) -> tuple[set[str], set[str]]:
        verbs: set[str] = set()
        nouns: set[str] = set()
        lexicon = self._lexicon
        for at, word in enumerate(self.plain):
            if word[0] == "#":
                continue
            lemma = lexicon.verb(word)
            for after in self.plain[at + 1 : at + _PARTICLE_REACH]:
                verbs |= lexicon.verbs.get(f"{lemma}-{after}", frozenset())
            verbs |= lexicon.verbs.get(lemma, frozenset()) | lexicon.nominals.get(singular(word), frozenset())
            nouns |= lexicon.nouns.get(singular(word), frozenset())
            governor = lexicon.governors.get(word, lexicon.governors.get(lemma))
            if governor is not None:
                found[f"G:{governor}"] = 1.0
            if singular(word) in lexicon.states:
                found["S"] = 1.0
        return verbs, nouns

    def known_words(self) -> list[int]:
        """The positions of verbs and nouns that have a class."""
        lexicon = self._lexicon
        return [
            at
            for at, word in enumerate(self.plain)
            if word[0] != "#"
            and (
                lexicon.verb(word) in lexicon.verbs
                or singular(word) in lexicon.nouns
                or singular(word) in lexicon.nominals
            )
        ]

    def _edges(self) -> Iterator[str]:
        tree, stems = self.tree, self.stems
        for at, stem in enumerate(stems):
            head = tree.head(at)
            if head == ROOT:
                yield f"r:{stem}"
            elif tree.relation(at) in _EDGES or stem[:1] == "#":
                yield f"e:{tree.relation(at)} {stems[head]} {stem}"

    def _ranks(self) -> Iterator[str]:
        """What is ranked by "first", what governs it, and what it is first to do."""
        tree, stems = self.tree, self.stems
        for at, word in enumerate(self.plain):
            if ordinal_of(word) != 1:
                continue
            noun = ranked_noun(tree, at)
            top = at if noun is None else noun
            yield f"R:n:{stems[noun] if noun is not None else ''}"
            yield f"R:c-1:{stems[at - 1] if at else BEGIN}"
            for each in range(at + 1, min(at + 3, len(stems))):
                yield f"R:c{each - at}:{stems[each]}"
            head = tree.head(top)
            yield f"R:rel:{tree.relation(top)}"
            yield f"R:h:{stems[head] if head != ROOT else ''}"
            act = ranked_verb(tree, at, noun)
            yield f"R:act:{stems[act] if act is not None else ''}"
            yield f"R:act:{tree.tag(act) if act is not None else ''}"

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The listed names and the unlisted ones; the nation of the dateline, whose government "the government" is; and
        the listed names of the sentence before, which "it" may mean."""
        words = self.tree.sentence.words
        listed = [at for at, word in enumerate(words) if word.mention is not None]
        found = [self._listed(at, order, len(listed)) for order, at in enumerate(listed)]
        found += self._unlisted()
        found += self._home({each.entity.id for each in found})
        return [*found, *self._named_before({each.entity.id for each in found})]

    def _home(self, known: set[str]) -> Iterator[Candidate]:
        home = self.tree.sentence.home
        if home is None or home.id in known:
            return
        bodies = [stem for stem, low in zip(self.stems, self.plain, strict=True) if self._lexicon.is_a(low, "body")]
        features = ["t:#home", f"home:begins:{self.stems[0]}", *(f"home:{stem}" for stem in bodies)]
        yield Candidate(0, home, None, tuple(features), is_here=False)

    def _named_before(self, known: set[str]) -> Iterator[Candidate]:
        count = len([each for each in self.plain if each[0] == "#" and each != "#number"])
        for order, word, entity, leader in names_before(self._before, known):
            features = (
                "t:#before",
                f"before:{plain_word(word)}",
                f"before:{min(order, 3)}",
                f"before:kind:{entity.kind}",
                f"before:begins:{self.stems[0]}",
                f"before:names:{min(count, 3)}",
            )
            yield Candidate(0, entity, leader, features, is_here=False)

    def _listed(self, at: int, order: int, count: int) -> Candidate:
        mention = self.tree.mention(at)
        assert mention is not None
        entity, leader = party_of(mention)
        features = [
            f"t:{self.plain[at]}",
            f"kind:{entity.kind}",
            *self._around(at, at),
            f"o:{min(order, 3)}",
            f"last:{order == count - 1}",
            *self._path(at),
        ]
        return Candidate(at, entity, leader, tuple(features))

    def _unlisted(self) -> Iterator[Candidate]:
        for first, last, mention in unlisted_places(self.tree.sentence):
            features = ["t:#unlisted", "kind:unlisted", *self._around(first, last), *self._path(last)]
            yield Candidate(last, mention.entity, None, tuple(features))

    def _around(self, first: int, last: int) -> Iterator[str]:
        stems = self.stems
        before = [stems[first - step] if first >= step else BEGIN for step in (2, 1)]
        after = [stems[last + step] if last + step < len(stems) else END for step in (1, 2)]
        yield f"c-2:{before[0]}"
        yield f"c-1:{before[1]}"
        yield f"c-2-1:{before[0]} {before[1]}"
        yield f"c1:{after[0]}"
        yield f"c2:{after[1]}"

    def _path(self, at: int) -> Iterator[str]:
        """From a name up to the verb it depends on."""
        tree, lexicon = self.tree, self._lexicon
        relations = [tree.relation(at)]
        yield f"rel:{relations[0]}"
        head = tree.head(at)
        for depth in range(_PATH_AT_MOST):
            if head == ROOT:
                return
            low, path = tree.low(head), "/".join(relations)
            yield f"h{depth}:{self.stems[head]}"
            yield f"path{depth}:{path}"
            verbs = sorted(lexicon.verbs.get(lexicon.verb(low), ()))
            nouns = sorted(lexicon.nouns.get(singular(low), ()))
            for name in (*verbs, *(f"n-{noun}" for noun in nouns)):
                yield f"hc{depth}:{path}:{name}"
            if tree.is_verb(head):
                is_passive = bool(tree.children(head, "nsubjpass", "auxpass", "agent"))
                yield f"v:{path}:{tree.tag(head)}"
                yield f"pass:{is_passive}:{relations[0]}:{relations[-1]}"
                return
            relations.append(tree.relation(head))
            head = tree.head(head)


def count_of_bodies(sentence: Sentence) -> int:
    """How many nations and organizations a sentence names."""
    entities = [word.mention.entity for word in sentence.words if word.mention is not None]
    return len({each.id for each in entities if each.kind in _BODIES})


def names_before(before: Sentence | None, known: set[str]) -> Iterator[tuple[int, Word, Entity, Entity | None]]:
    """The listed names of the sentence before, which "it" may mean, by their order, with the party and its leader:
    those that are not `known`, to which they are added."""
    named = [word for word in before.words if word.mention is not None] if before is not None else []
    for order, word in enumerate(named):
        assert word.mention is not None
        entity, leader = party_of(word.mention)
        if entity.id not in known:
            known.add(entity.id)
            yield order, word, entity, leader


def party_of(mention: Mention) -> tuple[Entity, Entity | None]:
    """Whom a name stands for, and the leader who acts for it, if he is named."""
    if mention.entity.kind == "leader" and mention.nation is not None:
        return mention.nation, mention.entity
    return mention.entity, None


def plain_word(word: Word) -> str:
    mention: Mention | None = word.mention
    if mention is None:
        return "#number" if word.low.isdigit() else word.low or "#invisible"
    if mention.role == "demonym":
        return "#demonym"
    return "#capital" if mention.role == "capital" else _NAMES.get(mention.entity.kind, "#other")
