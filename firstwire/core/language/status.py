"""Whether a clause says that its act happened: from its own words outward, through all that governs it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from firstwire.core.language.clauses import Clause
from firstwire.core.language.lexicon import Cue, Lexicon, singular
from firstwire.core.language.parses import ROOT, Tree
from firstwire.core.language.verb_subjects import RELATIVE, is_after_name, is_passive, is_rank, own_subject, subject_of
from firstwire.core.text.closed_words import MONTHS
from firstwire.core.text.word_lists import word_set
from schemas.event import Status


class ClauseStatus(msgspec.Struct, frozen=True):
    status: Status
    cue: str


PLAIN = ClauseStatus("asserted", "said as a fact")
_NOT = ("n't", "n’t")
NOT_ONLY = "not only"
"""The cue of what is asserted by "did not only recognize"."""

_COMPLEMENTS = word_set(
    "xcomp ccomp pcomp pobj acl dobj prep nsubj nsubjpass advcl oprd attr acomp agent compound poss amod"
)
"""Relations by which a governor decides what becomes of what it governs."""
_CARRIES_OUTER = word_set("xcomp advcl dobj acl pcomp prep pobj conj oprd attr acomp nsubj nsubjpass")
"""Relations by which "if", "will" or "not" of the governing verb holds for the governed clause too."""
_CARRIES_PAST = word_set("xcomp dobj conj pcomp prep pobj attr")
_STATED = frozenset({"ccomp", "xcomp"})
_PRESENT = frozenset({"VBZ", "VBP"})
_FINITE = frozenset({"VBZ", "VBD", "VBP"})
_BE = word_set("is are was were be been 's")
_SINGLE = frozenset({"single", "one"})
_FINITE_HELPERS = word_set("is are was were has have had")
_UNREAL = frozenset({"would", "could", "might"})
_DATED = frozenset({"VBD", "VBN", "VB"})
"""Forms of verbs that a year beside them dates: "recognizes in 2031" is no past."""
_YEAR_DIGITS = 4
_PAIRS_BEFORE = 4
"""Words before a verb in which a cue of two words may stand."""
_PARENTHESES = re.compile(r"[(\[]([^)\]]*)")
_BEFORE_SOURCES = frozenset(":-–—")
_QUOTES = "\"'”’ "


def status_of(clause: Clause, tree: Tree, lexicon: Lexicon) -> ClauseStatus:
    """The status of what a clause says."""
    found = PLAIN if clause.kind == "noun" else own_status(tree, clause.at, lexicon)
    at = clause.at
    for head in clause.governors:
        found = _Step(tree, at, head, lexicon, clause.at).seen_from_head(found)
        at = head
    return _of_sentence(tree, found, lexicon, (clause.at, *clause.governors))


def own_status(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus:
    """What the words beside a verb say, and a condition on which it is planned or is to happen."""
    found = _beside(tree, at, lexicon)
    is_planned = found.status == "planned"
    if not is_planned and not (found == PLAIN and tree.tag(at) in _PRESENT):
        return found
    condition = _condition(tree, at, lexicon, is_planned=is_planned)
    return found if condition is None else ClauseStatus("conditional", condition)


def _condition(tree: Tree, at: int, lexicon: Lexicon, *, is_planned: bool) -> str | None:
    """ "Will recognize unless talks fail", "to recognize in exchange for aid"; but the last of planned acts alone."""
    marks = [mark for clause in tree.children(at, "advcl") for mark in tree.children(clause, "mark", "advmod")]
    for mark in (*marks, *tree.children(at, "prep")):
        if lexicon.is_a(tree.low(mark), "proviso") and not lexicon.is_a(tree.low(mark - 1), "even"):
            return tree.low(mark)
    if not is_planned:
        return None
    pairs = (f"{tree.low(each)}-{tree.low(each + 1)}" for each in tree.below(at) if each > at and each + 1 < len(tree))
    return next((each.replace("-", " ") for each in pairs if lexicon.is_a(each, "proviso")), None)


def _beside(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus:
    beside = tree.children(at, "aux", "auxpass", "neg", "advmod", "det", "mark", "preconj", "npadvmod")
    lows = [tree.low(each) for each in beside if not _is_date(tree, each)]
    cues = [(lexicon.cues[low], low) for low in lows if low in lexicon.cues]
    return (
        _negated(tree, at, cues, lexicon)
        or _first(cues, "condition")
        or _first(cues, "background")
        or _inverted(tree, at, lexicon)
        or _unreal(lows)
        or _first(cues, "modal")
        or _past(tree, at, lows, lexicon)
        or _infinitive(tree, at, lows, lexicon)
        or _imperative(tree, at)
        or _first(cues, "hedge")
        or _by_pair(tree, at, lexicon)
        or _auxiliary_governor(tree, at, lexicon)
        or _standing(tree, at, lexicon)
        or (_first(cues, "past") if tree.relation(at) == "advcl" and not is_after_name(tree, at) else None)
        or _caused(tree, at, lexicon)
        or (ClauseStatus("asserted", NOT_ONLY) if _is_not_only(tree, at, lexicon) else PLAIN)
    )


def _caused(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus | None:
    """ "Would *have* America recognize", "will *see* Kenya recognize": what holds of one verb holds of the other."""
    head = tree.head(at)
    if tree.relation(at) != "ccomp" or tree.tag(at) != "VB" or not 0 <= head < at or tree.tag(head) != "VB":
        return None
    found = _beside(tree, head, lexicon)
    return None if found == PLAIN else found


def _is_date(tree: Tree, at: int) -> bool:
    """ "May 14" is no "may"."""
    return tree.low(at) in MONTHS and tree.low(at + 1)[:1].isdigit()


def _first(cues: list[tuple[Cue, str]], kind: str) -> ClauseStatus | None:
    return next((ClauseStatus(cue.status, low) for cue, low in cues if cue.kind == kind), None)


def _negated(tree: Tree, at: int, cues: list[tuple[Cue, str]], lexicon: Lexicon) -> ClauseStatus | None:
    found = _first(cues, "negation")
    if tree.low(at).endswith(_NOT):
        found = ClauseStatus("negated", tree.low(at))  # "wasn't the first"
    if found is not None and not _is_not_only(tree, at, lexicon):
        return found
    subject = own_subject(tree, at)
    subjects = () if subject is None else (subject, *tree.children(subject, "det", "amod", "neg"))
    of_objects = (one for each in tree.children(at, "dobj") for one in tree.children(each, "det", "neg"))
    words = [tree.low(each) for each in (*subjects, *of_objects)]  # "no state recognizes", "sign no treaty"
    if tree.low(0) == "not" and subject is not None and tree.mention(subject) is None:
        words += [low for low in map(tree.low, range(subject)) if low in _SINGLE]  # "not a single country"
    nobody = next((low for low in words if lexicon.is_a(low, "nobody") or low in _SINGLE), None)
    return None if nobody is None else ClauseStatus("negated", nobody)


def _is_not_only(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """ "Not only did Kenya recognize Kosovo", "did not just recognize"."""
    lows = [tree.low(each) for each in range(max(0, at - 6), at)]
    pairs = pairwise(lows)
    return any(lexicon.is_a(other, "only") and lexicon.begins_as(one, "no_more_than") for one, other in pairs)


def _inverted(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus | None:
    """ "Were Kenya to recognize Kosovo, …", "Should Kenya recognize Kosovo, …"."""
    opener = tree.low(0)
    if not lexicon.is_a(opener, "inverted") or tree.tag(at) != "VB" or "," in map(tree.low, range(at)):
        return None
    return ClauseStatus("conditional", opener) if tree.low(len(tree) - 1) != "?" else None


def _unreal(lows: list[str]) -> ClauseStatus | None:
    """ "Would have been": it was not."""
    modal = next((low for low in lows if low in _UNREAL), None)
    return ClauseStatus("negated", f"{modal} have") if modal is not None and "have" in lows else None


def _imperative(tree: Tree, at: int) -> ClauseStatus | None:
    """ "Iran tells Kenya: recognize Kosovo"."""
    is_bare = tree.tag(at) == "VB" and own_subject(tree, at) is None and not tree.children(at, "aux", "mark")
    is_first = at == 0 or tree.low(at - 1) == ":"
    return ClauseStatus("demanded", "imperative") if is_bare and is_first else None


def _by_pair(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus | None:
    """Cues of two words: "all but recognizes", "in all but name", "has yet to recognize"."""
    reach = range(max(1, at - _PAIRS_BEFORE), min(len(tree), max(tree.below(at)) + 1))
    for each in reach:
        pair = f"{tree.low(each - 1)}-{tree.low(each)}"
        if pair in lexicon.cues and not _is_in_clause_below(tree, each, at):
            return ClauseStatus(lexicon.cues[pair].status, pair.replace("-", " "))
    return None


def _is_in_clause_below(tree: Tree, at: int, verb: int) -> bool:
    """Whether a word belongs to a relative clause, or to the next verb of a row: "Oman, which did so years ago,
    recognizes Kosovo", "downgraded ties but stopped short of a break"."""
    while at not in {verb, ROOT} and not (tree.is_verb(at) and tree.relation(at) in {"relcl", "conj"}):
        at = tree.head(at)
    return at not in {verb, ROOT}


def _auxiliary_governor(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus | None:
    """A governor that the parser takes for an auxiliary: "weighed throwing out"."""
    for each in tree.children(at, "aux"):
        status = lexicon.governors.get(lexicon.verb(tree.low(each)))
        if status is not None:
            return ClauseStatus(status, tree.low(each))
    return None


def _standing(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus | None:
    """ "Has been recognized only by Russia", "only Russia recognizes": how things are, not what happened."""
    by = [each for each in tree.children(at, "agent", "prep") if tree.low(each) == "by"]
    if any(lexicon.is_a(tree.low(each - 1), "only") for each in by):
        return ClauseStatus("historical", "only by")
    subject = own_subject(tree, at)
    is_only = subject is not None and lexicon.is_a(tree.low(subject - 1), "only")
    return ClauseStatus("historical", "only") if is_only and tree.tag(at) in _PRESENT else None


def _past(tree: Tree, at: int, lows: list[str], lexicon: Lexicon) -> ClauseStatus | None:
    """ "Had recognized", unless it is what somebody said or claimed; and what happened in another year."""
    said = tree.relation(at) == "ccomp" and lexicon.verb(tree.low(tree.head(at))) in lexicon.governors
    if "had" in lows and not said:
        return ClauseStatus("historical", "had")
    is_ranked = _is_ranked(tree, at, lexicon)
    if tree.tag(at) not in _DATED or ("to" in lows and not is_ranked):
        return None
    year = next((year for year in _years_told(tree, at, is_ranked=is_ranked)), None)
    return None if year is None else ClauseStatus("historical", year)


def _years_told(tree: Tree, at: int, *, is_ranked: bool) -> Iterator[str]:
    """Years after "in" or "since" that no other verb has taken: "cut relations with Chile in 2024", "in the 1990s".

    "The first to recognize it since Oman in 2009" tells when Oman did.
    """
    left = [each for each in tree.children(at) if not tree.is_verb(each)]
    while left:
        place = left.pop()
        low = tree.low(place)
        year = low.removesuffix("s")
        if len(year) == _YEAR_DIGITS and year.isdigit():
            above = tree.head(tree.head(place)) if tree.low(tree.head(place)) in MONTHS else tree.head(place)
            is_since = is_ranked and "since" in map(tree.low, range(at, place))
            if above != ROOT and tree.low(above) in {"in", "since"} and not is_since:
                yield year
        left += [each for each in tree.children(place) if not tree.is_verb(each)]


def _infinitive(tree: Tree, at: int, lows: list[str], lexicon: Lexicon) -> ClauseStatus | None:
    if "to" not in lows:
        return None
    pair = _pair_of_to(tree, at, lexicon)
    if pair is not None:
        return pair
    relation, head = tree.relation(at), tree.head(at)
    if relation in {"ROOT", "ccomp", "conj", "dep", "parataxis"} and not _is_ranked(tree, at, lexicon):
        return ClauseStatus("planned", "to")
    if relation == "xcomp" and tree.low(head) in _BE and not _is_ranked(tree, at, lexicon):
        return ClauseStatus("planned", "is to")
    if relation in {"acl", "relcl", "advcl"} and tree.mention(head) is not None and not _is_ranked(tree, at, lexicon):
        return ClauseStatus("planned", "to")  # "Kenya to recognize", the name taken for the root
    return None


def _pair_of_to(tree: Tree, at: int, lexicon: Lexicon) -> ClauseStatus | None:
    """ "Kenya yet to recognize", "it is time to recognize": the words before "to"."""
    to = next(each for each in tree.children(at, "aux", "auxpass", "neg", "advmod", "mark") if tree.low(each) == "to")
    pairs = (f"{tree.low(each - 1)}-{tree.low(each)}" for each in (to, to - 1) if each > 0)
    pair = next((each for each in pairs if each in lexicon.cues), None)
    return None if pair is None else ClauseStatus(lexicon.cues[pair].status, pair.replace("-", " "))


def _is_ranked(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """ "First to recognize", "is the third country in Africa to recognize"."""
    head = tree.head(at)
    around = range(max(0, head if head < at else 0), at)
    return any(is_rank(tree, each, lexicon) for each in around)


_TAKEN = frozenset({"dobj", "nsubj", "nsubjpass", "attr", "conj"})
"""Relations of a decision to the verb that says what becomes of it."""
_PREDICATES = frozenset({"acomp", "attr", "oprd"})
_OPEN: frozenset[Status] = frozenset({"planned", "conditional", "unconfirmed"})


class _Step:
    """One step outward: a clause, or what it depends on, seen from its head."""

    def __init__(self, tree: Tree, at: int, head: int, lexicon: Lexicon, origin: int) -> None:
        self.tree, self.at, self.head, self.lexicon, self.origin = tree, at, head, lexicon, origin
        self.relation = tree.relation(at)
        self.outer = own_status(tree, head, lexicon) if tree.is_verb(head) else PLAIN

    def seen_from_head(self, found: ClauseStatus) -> ClauseStatus:
        if self.relation in _PREDICATES and self.outer.status == "negated" and found.status in _OPEN:
            return ClauseStatus("negated", f"{self.outer.cue} {found.cue}")  # "is not ready to recognize"
        governing = self._governing()
        if governing is not None and (self.relation in _COMPLEMENTS or self._is_particle()):
            decided = self._governed(found, governing)
            if decided is not None:
                return decided
        if found.status == "asserted" and self._is_spoken_of():
            return ClauseStatus("historical", f"{self.tree.low(self.head)} to")
        if found.status == "asserted" and self.relation in _CARRIES_OUTER and not self._stands_apart():
            if self.outer.status == "historical" and self.relation not in _CARRIES_PAST:
                return found
            return self.outer if self.outer.status != "asserted" else self._of_relative(found)
        return self._of_relative(found) if found.status == "asserted" else found

    def _governing(self) -> ClauseStatus | None:
        """What the head makes of what it governs."""
        tree, lexicon = self.tree, self.lexicon
        low, lemma, after = tree.low(self.head), lexicon.verb(tree.low(self.head)), tree.low(self.head + 1)
        words = (f"{lemma}-{after}", lemma, low, singular(low)) if tree.is_verb(self.head) else (low, singular(low))
        word = next((each for each in words if each in lexicon.governors), None)
        if word is None and low in _BE and self.relation in _STATED:  # "it is unlikely that"
            predicates = map(tree.low, tree.children(self.head, "acomp", "attr"))
            word = next((each for each in predicates if each in lexicon.governors), None)
            low = word or low
        if low == "after" and any(
            lexicon.is_a(tree.low(each), "time") for each in tree.children(self.head, "npadvmod")
        ):
            return ClauseStatus("historical", "after")  # "a month after its expulsion of"
        if word is None or (lexicon.is_a(lemma, "reporting") and self._is_told_by_press()):
            return None
        return ClauseStatus(lexicon.governors[word], low)

    def _governed(self, found: ClauseStatus, governing: ClauseStatus) -> ClauseStatus | None:
        """The status by a governor; None if it leaves it to others."""
        status = self._in_relation(governing.status)
        if status == "asserted" and self.relation == "xcomp" and self._is_hearsay():
            return ClauseStatus("unconfirmed", f"{governing.cue} to have")
        is_outside = self.relation in {"prep", "advcl"} and self.tree.is_verb(self.head) and self._is_finite()
        if status != "asserted" and not is_outside:
            return self._combined(found, status, governing.cue)
        if status == "asserted" and self.relation in _STATED and self.outer.status == "negated":
            return ClauseStatus("negated", f"{self.outer.cue} {governing.cue}")
        if self.relation == "ccomp" and self._is_told_by_doubtful():
            return ClauseStatus("unconfirmed", f"told by doubtful sources ({governing.cue})")
        return None

    def _is_particle(self) -> bool:
        """ "Holds back on recognizing": what is governed may hang from the particle."""
        word = f"{self.lexicon.verb(self.tree.low(self.head))}-{self.tree.low(self.at)}"
        return self.at == self.head + 1 and word in self.lexicon.governors

    def _is_hearsay(self) -> bool:
        """ "Is said to have recognized"."""
        tree = self.tree
        return is_passive(tree, self.head) and "have" in map(tree.low, tree.children(self.at, "aux"))

    def _is_spoken_of(self) -> bool:
        """ "Tributes for its decision to recognize": a decision that nobody takes or announces in the sentence."""
        tree, at, head = self.tree, self.at, self.head
        if tree.tag(at) != "VB" or not self.lexicon.is_a(tree.low(head), "instrument") or tree.is_verb(head):
            return False
        if self.relation != "acl" or tree.relation(head) in _TAKEN:
            return False
        above = tree.head(head)  # "shuts its embassy in a decision to cut costs" is told as news
        is_told = tree.relation(head) == "pobj" and tree.head(above) != ROOT and tree.is_verb(tree.head(above))
        return not is_told or tree.low(above) in self.lexicon.cues

    def _is_finite(self) -> bool:
        return self.tree.tag(self.at) not in {"VBG", "IN", "VB"}

    def _in_relation(self, status: Status) -> Status:
        """A request holds for what is requested, not for what is told; a subject suffers only denial or comment."""
        tag = self.tree.tag(self.at)
        if status == "demanded" and self._is_told():
            return "asserted"
        if self.relation == "advcl" and tag == "VBG" and "," in map(self.tree.low, range(self.head, self.at)):
            return "asserted"
        if self.relation in {"nsubj", "poss"} and status not in {"historical", "negated"}:
            return "asserted"
        return status

    def _is_told(self) -> bool:
        """ "Told reporters that it recognizes", not "told Kenya to recognize"."""
        tree, at = self.tree, self.at
        if self.relation in {"dobj", "dative"} and tree.tag(self.head) in {"VBD", "VBZ"} and self.origin != at:
            at = self.origin  # "told a briefing that it recognizes"
            helpers = {tree.low(each) for each in tree.children(at, "aux", "auxpass")}
            return tree.tag(at) in _FINITE or bool(helpers & _FINITE_HELPERS)
        helpers = {tree.low(each) for each in tree.children(at, "aux")}
        is_finite = tree.tag(at) in _FINITE or bool(helpers - {"to"})
        return self.relation in {"ccomp", "acl", "advcl", "parataxis"} and is_finite and "to" not in helpers

    def _combined(self, found: ClauseStatus, status: Status, cue: str) -> ClauseStatus:
        if self.outer.status == "negated":
            return ClauseStatus("unconfirmed" if status == "negated" else "negated", f"{self.outer.cue} {cue}")
        if found.status in {"asserted", "planned"} or status in {"negated", "demanded"}:
            return ClauseStatus(status, cue)
        return found

    def _stands_apart(self) -> bool:
        """Whether the outer status stops before this clause: the next of a row with words of its own."""
        tree, at, outer = self.tree, self.at, self.outer
        if self.relation == "conj" and tree.is_verb(at):
            has_own = bool(tree.children(at, "aux", "nsubj", "nsubjpass", "csubj", "expl"))
            is_same_past = outer.status == "historical" and tree.tag(at) == tree.tag(self.head)
            return has_own or (tree.tag(at) in {"VBZ", "VBD"} and outer.status != "conditional" and not is_same_past)
        if self.relation == "advcl" and tree.tag(at) in _FINITE:
            return True  # "no state had done so when Oman recognized Kosovo"
        return self.relation in {"nsubj", "nsubjpass", "advcl"} and outer.status == "conditional"

    def _of_relative(self, found: ClauseStatus) -> ClauseStatus:
        """ "The country, which recognizes Kosovo": known before, unless it is what is told of the first to do so."""
        if self.relation != "relcl" or found.status != "asserted":
            return found
        words = {self.tree.low(each): self.tree.relation(each) for each in self.tree.children(self.at)}
        if not any(words.get(each, "mark") != "mark" for each in RELATIVE) or "to" in words:
            return found
        ranked = [self.head, *self.tree.children(self.head, "amod")]
        if any(is_rank(self.tree, each, self.lexicon) for each in ranked):
            return found
        is_means = any(
            self.tree.low(one) == "which"
            for each in self.tree.children(self.at, "prep")
            for one in self.tree.children(each)
        )
        return found if is_means else ClauseStatus("historical", "which")  # "a decree under which Kenya recognizes"

    def _is_told_by_press(self) -> bool:
        """ "The news agency AMI reported": who reports is named."""
        subject = own_subject(self.tree, self.head)
        if subject is None:
            return False
        is_named = self.tree.tag(subject).startswith("NNP") or self.tree.mention(subject) is not None
        return is_named or self.lexicon.is_a(self.tree.low(subject), "press")

    def _is_told_by_doubtful(self) -> bool:
        subject = subject_of(self.tree, self.head, self.lexicon)
        if subject is None:
            return False
        around = [subject, *self.tree.children(subject, "compound", "amod", "poss")]
        return any(self.lexicon.is_a(self.tree.low(each), "doubtful") for each in around)


def _of_sentence(tree: Tree, found: ClauseStatus, lexicon: Lexicon, chain: Sequence[int]) -> ClauseStatus:
    """What the whole sentence says of itself: fiction, a fake, a question, a report."""
    lows = [word.low for word in tree.sentence.words if word.mention is None]
    veils = [tree.low(at) for at in range(len(tree)) if tree.mention(at) is None and not _is_acted_on(tree, at, chain)]
    aside = [low for inside in _PARENTHESES.findall(tree.sentence.text.casefold()) for low in inside.split()]
    pairs = [f"{one}-{other}" for one, other in pairwise(lows)]
    veil = next((low for low in (*veils, *aside, *pairs) if lexicon.is_a(low, "veil")), None)
    if veil is not None and found.status in {"asserted", "historical", "planned"}:
        return ClauseStatus("negated", veil)
    if tree.sentence.text.rstrip(_QUOTES).endswith("?") and found.status in {"asserted", "planned"}:
        return ClauseStatus("unconfirmed", "?")
    bygone = next((pair for pair in pairs if lexicon.is_a(pair, "bygone")), None)
    if bygone is not None and found.status == "asserted":
        return ClauseStatus("historical", bygone.replace("-", " "))  # "today in history"
    if found.status != "asserted":
        return found
    plain = [at for at in range(len(tree)) if tree.mention(at) is None]
    by_place = {at: f"{tree.low(at)}-{tree.low(other)}" for at, other in pairwise(plain)}
    pending = next((at for at, pair in by_place.items() if lexicon.is_a(pair, "pending")), None)
    if pending is not None and not _is_of_next_act(tree, pending, chain):
        return ClauseStatus("planned", by_place[pending].replace("-", " "))  # "the president must still sign"
    if len(lows) > 1 and lows[-2] in _BEFORE_SOURCES and lexicon.is_a(lows[-1], "doubtful"):
        return ClauseStatus("unconfirmed", lows[-1])  # "Kenya recognizes Kosovo: report"
    return found


def _is_of_next_act(tree: Tree, at: int, chain: Sequence[int]) -> bool:
    """Whether a word belongs to what who did an act does next: "has recognized Kosovo but has yet to send an envoy"."""
    while at != ROOT and not (tree.is_verb(at) and tree.relation(at) == "conj"):
        at = tree.head(at)
    return at != ROOT and tree.head(at) in chain and not tree.children(at, "nsubj", "nsubjpass")


def _is_acted_on(tree: Tree, at: int, chain: Sequence[int]) -> bool:
    """Whether a word stands in an object outside the chain: "bans games", not "a game in which it bans cars"."""
    while at != ROOT and at not in chain:
        if tree.relation(at) == "dobj":
            return True
        at = tree.head(at)
    return False
