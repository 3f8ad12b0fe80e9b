"""Ranks in a parsed sentence: what "first" ranks, who that is, and what the ranked one is first to do."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from firstwire.core.entities.unlisted_names import is_headline
from firstwire.core.events.parsed_sentence import ParsedSentence
from firstwire.core.language.clauses import Clause, noun_clause, verb_clause
from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import ROOT, Tree
from firstwire.core.language.status import PLAIN, ClauseStatus
from firstwire.core.language.verb_subjects import own_subject, subject_of
from firstwire.core.text.closed_words import ordinal_of
from firstwire.core.text.word_lists import word_set

_MODIFIERS = frozenset({"amod", "nummod", "compound", "nmod", "advmod", "poss"})
_CLAUSES = frozenset({"relcl", "acl", "xcomp", "advcl", "ccomp", "pcomp"})
_OF = frozenset({"of", "among", "amongst"})
_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_WORDS_OF_ACT = 4
_TIMES = word_set("time times")
_AMONG = frozenset({"of", "among"})
_OWN = word_set("his her its their our my your")
_DOES = word_set("do does did doing done")
_TAKES = word_set("take taking make making")
_STEPS = word_set("step move decision measure leap plunge")
_STANDING = word_set("is are was were remains remain")
_NAME_REACH = 12
_VERB_REACH = 10


EPITHET, WAS, THE_ONLY = "an epithet", "was", "the only"
STANDING_CUES = frozenset({EPITHET, WAS, THE_ONLY})
"""Cues of ranks that are standing facts."""


class Ordinal(msgspec.Struct, frozen=True):
    """An ordinal that may rank somebody. All values but `number` are positions of words."""

    at: int
    number: int
    is_only: bool
    noun: int | None
    """The ranked noun; None for "the first to …"."""
    verb: int | None
    """What the ranked one is first to do; None if it is told elsewhere."""
    top: int
    """The head of the phrase that ranks."""


class RankedParty(msgspec.Struct, frozen=True):
    """Who is ranked, by the heads of his phrase, and whether he is."""

    heads: tuple[int, ...]
    status: ClauseStatus
    clause: int | None
    """The verb that ranks him or that "to do so" stands for."""


def ranks_of(sentence: ParsedSentence) -> Iterator[Ordinal]:
    tree = sentence.tree
    shared: int | None = None
    for at in range(len(tree)):
        number = _number(sentence, at)
        if number is None:
            continue
        noun = ranked_noun(tree, at)
        if noun is not None and sentence.is_a(noun, "unranked"):
            continue
        verb = ranked_verb(tree, at, noun)
        if verb is None and shared is not None and shared > at:
            verb = shared  # "41st country, and first in West Africa, to ban"
        shared = verb
        yield Ordinal(at, number, sentence.is_a(at, "unique"), noun, verb, _top(sentence, at, noun))


def _top(sentence: ParsedSentence, at: int, noun: int | None) -> int:
    if noun is not None and noun == sentence.tree.head(at):
        return noun
    is_worlds = at > 0 and sentence.is_a(at - 1, "world") and sentence.tree.head(at) == at - 1
    return at - 1 if is_worlds else at


def ranked_noun(tree: Tree, at: int) -> int | None:
    """The noun that an ordinal ranks: "first Arab *country*", "first of the *monarchies*"; None for "first to"."""
    head = tree.head(at)
    if head > at and tree.relation(at) in _MODIFIERS and tree.tag(head).startswith(("NN", "CD")):
        return head
    for each in tree.children(at, "prep"):
        if tree.low(each) in _OF:
            return next(iter(tree.children(each, "pobj")), None)
    return None


def ranked_verb(tree: Tree, at: int, noun: int | None) -> int | None:
    """What the ranked one is first to do: "first country to *ban* cars", "first woman *jailed*"."""
    top = at if noun is None else noun
    below = {*tree.below(top), *tree.below(at)}
    governor = tree.head(top)
    for each in range(max(top, at) + 1, len(tree)):
        if not tree.is_verb(each) or tree.relation(each) in {"aux", "auxpass", "amod", "compound"}:
            continue
        is_infinitive = tree.tag(each) in {"VB", "VBN"} and any(
            tree.low(one) == "to" for one in tree.children(each, "aux")
        )
        is_beside = is_infinitive and governor != ROOT and tree.head(each) == governor
        if is_beside or (each in below and (is_infinitive or tree.relation(each) in _CLAUSES)):
            return each
    return _next_infinitive(tree, max(top, at))


def _next_infinitive(tree: Tree, start: int) -> int | None:
    """The first "to" with a verb in the same piece of the sentence, wherever the parser hangs it."""
    for each in range(start + 1, min(len(tree) - 1, start + _VERB_REACH)):
        if tree.low(each) in {",", ";", ":"}:
            return None
        if tree.low(each) == "to" and tree.tag(each + 1) == "VB":
            is_helper = tree.relation(each + 1) in {"aux", "auxpass"}
            return tree.head(each + 1) if is_helper else each + 1
    return None


def repeats_act(tree: Tree, verb: int | None) -> bool:
    """Whether the act is told elsewhere: "to do so", "to take the step"."""
    if verb is None:
        return True
    if tree.low(verb) in _DOES:
        return True
    return tree.low(verb) in _TAKES and any(tree.low(each) in _STEPS for each in tree.children(verb, "dobj"))


def acted_by(sentence: ParsedSentence, rank: Ordinal, party: RankedParty) -> int | None:
    """The verb of what the ranked one is first to do, wherever it is told."""
    return party.clause if repeats_act(sentence.tree, rank.verb) else rank.verb


def ranked_party(sentence: ParsedSentence, rank: Ordinal) -> RankedParty | None:
    """Who is ranked, by how the sentence is built; None if it does not say."""
    return _PartySearch(sentence, rank).found()


class _PartySearch:
    def __init__(self, sentence: ParsedSentence, rank: Ordinal) -> None:
        self.sentence, self.rank = sentence, rank
        self.tree, self.lexicon = sentence.tree, sentence.lexicon

    def found(self) -> RankedParty | None:
        tree = self.tree
        top = self.rank.top
        while tree.relation(top) == "conj" and tree.head(top) != ROOT and not tree.is_verb(tree.head(top)):
            top = tree.head(top)
        inside = [each for each in tree.children(top, *_SUBJECTS) if each < self.rank.at]
        if inside:  # "makes Oman the first state", "Chile the first state to …"
            return self._with_head(inside[-1], top)
        head, relation = tree.head(top), tree.relation(top)
        if head == ROOT:
            return self._alone(top)
        if relation == "pobj":
            return self._in_phrase(top, head)
        if relation in {"appos", "dep", "parataxis"} or (not tree.is_verb(head) and relation not in _SUBJECTS):
            return self._beside(top, head)
        if relation in _SUBJECTS:
            apposed = tree.children(top, "appos")
            if apposed:
                return RankedParty((apposed[0],), ClauseStatus("historical", EPITHET), head)
            before = [each for each in tree.children(head, "npadvmod", "dep") if each < top and self._is_name(each)]
            if before:  # "Oman, the first to recognize Kosovo, has …"
                return RankedParty((before[-1],), ClauseStatus("historical", EPITHET), head)
            named = tree.children(head, "attr", "acomp")
            return RankedParty((named[0],), ClauseStatus("historical", WAS), head) if named else None
        if tree.is_verb(head):
            return self._predicate(top, head)
        return None

    def _predicate(self, top: int, verb: int) -> RankedParty | None:
        """ "Kenya becomes the first", "makes it the first"."""
        tree = self.tree
        if self.sentence.does(verb, "naming"):
            objects = [each for each in tree.children(verb, "dobj", "nsubj", "dative") if each != top]
            after = [each for each in objects if verb < each < self.rank.at]
            if after:
                return self._of_verb(after[0], verb)
        if tree.relation(top) in {"dobj", "pobj"} and not self.sentence.does(verb, "becoming"):
            return self._apposed(top, verb) if self._follows_comma(top) else None
        subject = subject_of(tree, verb, self.lexicon)
        return None if subject is None else self._of_verb(subject, verb)

    def _of_verb(self, subject: int, verb: int) -> RankedParty:
        status = self._status(verb)
        is_new = any(self.tree.low(each) == "now" for each in self.tree.children(verb, "advmod"))
        if self.rank.is_only and not is_new and self.tree.low(verb) in _STANDING and status.status == "asserted":
            return RankedParty(tuple(self.tree.row(subject)), ClauseStatus("historical", THE_ONLY), verb)
        if status.status == "asserted":
            seen = self.sentence.status(noun_clause(self.tree, self.rank.top, self.lexicon))
            status = seen if seen.status != "historical" else status
        return RankedParty(tuple(self.tree.row(subject)), status, verb)

    def _with_head(self, subject: int, top: int) -> RankedParty:
        head = self.tree.head(top)
        if self.tree.is_verb(top):
            head = top
        if head != ROOT and self.tree.is_verb(head):
            return self._of_verb(subject, head)
        return RankedParty(tuple(self.tree.row(subject)), self._bare_status(), None)

    def _alone(self, top: int) -> RankedParty | None:
        """Headlines without a verb: "Chile first in region to ban it", "World first as Chile bans it"."""
        tree = self.tree
        before = [each for each in range(self.rank.at) if self._is_name(each) and tree.head(each) == top]
        if before:
            return RankedParty((before[-1],), self._bare_status(), None)
        if tree.low(top - 1) == "a" and ":" in map(tree.low, range(top, min(len(tree), top + _NAME_REACH))):
            return self._next_name()  # "A first in Africa: Chile bans it"
        for verb in tree.children(top, "advcl", "ccomp", "relcl", "acl"):
            subject = own_subject(tree, verb)
            if subject is not None and verb != self.rank.verb:
                return self._of_verb(subject, verb)
        return None

    def _in_phrase(self, top: int, preposition: int) -> RankedParty | None:
        """ "As the first", "in a world first"."""
        tree = self.tree
        verb = tree.head(preposition)
        if verb == ROOT:
            return None
        if tree.low(preposition) == "as":
            if not tree.is_verb(verb):
                return self._beside(top, verb)
            objects = tree.children(verb, "dobj")
            is_chosen = bool(objects) and self.sentence.does(verb, "choosing")
            subject = objects[0] if is_chosen else subject_of(tree, verb, self.lexicon)
            return None if subject is None else self._of_verb(subject, verb)
        if tree.low(preposition) != "in":
            return None
        while verb != ROOT and not tree.is_verb(verb):
            if self._is_name(verb):
                return RankedParty((verb,), self._bare_status(), None)
            verb = tree.head(verb)
        subject = subject_of(tree, verb, self.lexicon) if verb != ROOT else None
        if subject is not None:
            return self._of_verb(subject, verb)
        return self._next_name()

    def _next_name(self) -> RankedParty | None:
        scope = {each for prep in self.tree.children(self.rank.at, "prep") for each in self.tree.below(prep)}
        after = range(self.rank.at + 1, min(len(self.tree), self.rank.at + _NAME_REACH))
        name = next((each for each in after if self._is_name(each) and each not in scope), None)
        return None if name is None else RankedParty((name,), self._bare_status(), None)

    def _beside(self, top: int, head: int) -> RankedParty | None:
        """After a comma: "Kenya bans cars, the first country to do so"; or after a name: "Kenya first to ban cars"."""
        tree = self.tree
        if tree.is_verb(head):
            subject = subject_of(tree, head, self.lexicon)
            return None if subject is None else self._of_verb(subject, head)
        verb = head
        while verb != ROOT and not tree.is_verb(verb):
            verb = tree.head(verb)
        if not self._follows_comma(top) and self._is_name(head):
            status = self._status(verb) if verb != ROOT else self._bare_status()
            return RankedParty((head,), status, None if verb == ROOT else verb)
        return self._apposed(top, verb)

    def _apposed(self, top: int, verb: int) -> RankedParty | None:
        tree = self.tree
        head = tree.head(top)
        participle = next((each for each in tree.children(head, "acl", "relcl") if each < top), None)
        if participle is not None and self._is_name(head):  # "Kosovo recognized by Kenya, first country to do so"
            clause = verb_clause(tree, participle, self.lexicon)
            if clause.agents:
                return RankedParty(clause.agents, self.sentence.status(clause), participle)
        if verb == ROOT:
            return RankedParty((head,), self._bare_status(), None) if self._is_name(head) else None
        clause = verb_clause(tree, verb, self.lexicon)
        if self._is_name(head) and not repeats_act(tree, self.rank.verb):
            is_subject = tree.relation(head) in _SUBJECTS
            if self.sentence.does(verb, "choosing") and not is_subject:
                return RankedParty((head,), self.sentence.status(clause), verb)
            if is_subject and head < top < verb:
                return RankedParty((head,), ClauseStatus("historical", EPITHET), verb)
        if self._stands_in_nation(head, clause):
            return RankedParty((head,), self.sentence.status(clause), verb)
        subject = subject_of(tree, verb, self.lexicon)
        heads = (clause.agents if clause.is_passive else ()) or (() if subject is None else tuple(tree.row(subject)))
        return RankedParty(heads, self.sentence.status(clause), verb) if heads else None

    def _stands_in_nation(self, head: int, clause: Clause) -> bool:
        """ "Bail is abolished in Oman, the first Gulf state without it": no nation is the subject."""
        is_place = self.tree.mention(head) is not None and self.tree.relation(head) == "pobj"
        return is_place and not repeats_act(self.tree, self.rank.verb) and not self.sentence.actors_of(clause.agents)

    def _follows_comma(self, top: int) -> bool:
        first = min(self.tree.below(top))
        start = min(first, self.rank.at)
        return any(
            self.tree.low(each) in {",", "-", "–", "—", ";", ":"} for each in range(max(0, start - 1), start + 1)
        )

    def _is_name(self, at: int) -> bool:
        return self.tree.mention(at) is not None or self.tree.tag(at).startswith("NNP")

    def _status(self, verb: int) -> ClauseStatus:
        return self.sentence.status(verb_clause(self.tree, verb, self.lexicon))

    def _bare_status(self) -> ClauseStatus:
        verb = self.rank.verb
        if verb is None or self.tree.tag(verb) == "VB":
            return PLAIN
        return self._status(verb)


def _number(sentence: ParsedSentence, at: int) -> int | None:
    """The number of an ordinal that may rank."""
    tree = sentence.tree
    low, before, after = tree.low(at), tree.low(at - 1), tree.low(at + 1)
    number = 1 if sentence.is_a(at, "unique") else ordinal_of(low)
    if number is None or tree.mention(at) is not None:
        return None
    if is_one_of(tree, at):
        return None
    if before in _OWN and not _is_own_member(sentence, at):
        return None  # "its first title"
    if sentence.is_a(at, "unique") and ranked_noun(tree, at) is None:
        return None  # "has not only recognized"
    if after in _TIMES or (number > 1 and before == "a"):
        return None
    if number > 1 and (after.endswith("est") or after in {"most", "best", "worst"}):
        return None  # "the second largest city"
    following = tree.word(at + 1) if at + 1 < len(tree) else None
    is_title = (
        at > 0
        and tree.word(at).text[:1].isupper()
        and following is not None
        and following.mention is None
        and following.text[:1].isupper()
        and not is_headline(tree.sentence)
    )
    return None if is_title else number


def is_one_of(tree: Tree, at: int) -> bool:
    """ "One of the first", "among the first"."""
    return tree.low(at - 1) == "the" and tree.low(at - 2) in _AMONG and ordinal_of(tree.low(at - 3)) is None


def _is_own_member(sentence: ParsedSentence, at: int) -> bool:
    """ "As its 31st member", "its first female leader": "its" is the body that counts its members."""
    noun = ranked_noun(sentence.tree, at)
    return noun is not None and any(
        sentence.is_a(noun, kind) for kind in ("nation_noun", "leader_noun", "person_noun", "organization_noun")
    )


def act_name(tree: Tree, verb: int, lexicon: Lexicon) -> str:
    """`ban-plastic-bags`: a verb in base form and its object, hyphenated, without determiners."""
    lemma = lexicon.lemmas.verb(tree.low(verb), is_infinitive=tree.tag(verb) == "VB")
    if tree.children(verb, "auxpass", "nsubjpass"):
        return f"be-{tree.low(verb)}"
    objects = [each for each in tree.children(verb, "dobj", "attr", "acomp", "oprd", "prt") if each > verb]
    words = [lemma]
    for each in objects[:1]:
        after = {
            one for below in tree.children(each, "prep", "relcl", "acl", "appos", "conj") for one in tree.below(below)
        }
        words += [
            tree.low(one)
            for one in sorted(tree.below(each))
            if one not in after and tree.relation(one) not in {"det", "poss", "case", "punct", "cc", "predet"}
        ]
    return "-".join(words[: _WORDS_OF_ACT + 1]).replace(" ", "-")


def become_name(tree: Tree, at: int, noun: int) -> str:
    """`become-carbon-neutral-country`: what the ranked one becomes; empty if only the place is said."""
    said = [each for each in range(at + 1, noun + 1) if tree.mention(each) is None]
    return "-".join(["become", *map(tree.low, said)]) if len(said) > 1 else ""


def state_name(tree: Tree, noun: int) -> str:
    """`be-free`: what the ranked one is, where no verb tells an act: "the first country free of malaria"."""
    said = [each for each in tree.children(noun, "amod", "acl", "relcl") if each > noun]
    return f"be-{tree.low(said[0])}" if said else noun_name(tree, noun)


def noun_name(tree: Tree, after: int) -> str:
    """`drone-corridor`: the words of the next phrase, where no verb tells the act: "first in Africa with …"."""
    phrases = [
        noun
        for each in range(after + 1, len(tree))
        if tree.relation(each) == "prep" and tree.low(each) in {"with", "without", "for"}
        for noun in tree.children(each, "pobj")
    ]
    if not phrases:
        return ""
    inside = sorted({phrases[0], *tree.children(phrases[0], "amod", "compound", "nummod")})
    return "-".join(tree.low(each) for each in inside[-_WORDS_OF_ACT:])
