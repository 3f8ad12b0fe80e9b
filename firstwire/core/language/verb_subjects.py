"""The subject of a verb: its own, or that of the clause that it depends on."""

from __future__ import annotations

from firstwire.core.language.lexicon import Lexicon
from firstwire.core.language.parses import ROOT, Tree
from firstwire.core.text.closed_words import ordinal_of

SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
"""Relations of a subject to its verb."""
RELATIVE = frozenset({"which", "who", "whom", "that"})
_OWN = frozenset({"its", "his", "her", "their", "our", "my"})
_DEPENDENT = frozenset({"pcomp", "advcl", "xcomp", "dep", "ccomp", "prep", "pobj", "dobj", "oprd", "attr", "nsubjpass"})
_OF_OBJECT = frozenset({"for", "from", "against", "into"})
"""Prepositions behind which the object of a verb acts."""
_DEPTH = 8


def is_passive(tree: Tree, at: int) -> bool:
    if tree.children(at, "nsubjpass", "auxpass", "agent"):
        return True
    if tree.tag(at) != "VBN" or tree.children(at, "aux"):
        return False
    return tree.relation(at) in {"acl", "relcl"} and not tree.children(at, "dobj")


def own_subject(tree: Tree, at: int) -> int | None:
    found = tree.children(at, *SUBJECTS)
    if found and is_after_name(tree, at):
        return None
    return found[-1] if found else None


def is_after_name(tree: Tree, at: int) -> bool:
    """ "The second country after Oman to recognize": a parser takes "after Oman to recognize" for a clause."""
    marks = {tree.low(each) for each in tree.children(at, "mark", "aux")}
    return {"after", "to"} <= marks


def subject_of(tree: Tree, at: int, lexicon: Lexicon, depth: int = _DEPTH) -> int | None:
    """The head of the subject of a verb, or of whoever does what a noun names; None if nobody is named."""
    own = own_subject(tree, at)
    if own is not None:
        is_relative = tree.low(own) in RELATIVE and tree.relation(at) == "relcl"
        return tree.head(at) if is_relative else own
    if depth == 0:
        return None
    head, relation = tree.head(at), tree.relation(at)
    if head == ROOT:
        return None
    if tree.is_verb(head):
        return _from_verb(tree, at, head, lexicon, depth)
    if relation in {"acl", "relcl"}:
        return _from_noun(tree, at, head, lexicon, depth)
    blamed = _object_before(tree, head) if relation == "pcomp" else None
    if blamed is not None:
        return blamed
    if tree.tag(head) == "MD" or relation in _DEPENDENT or relation == "conj":
        return _owner_or_subject(tree, head, lexicon, depth)
    return None


def _from_verb(tree: Tree, at: int, head: int, lexicon: Lexicon, depth: int) -> int | None:
    if lexicon.is_a(lexicon.verb(tree.low(head)), "controller") and not is_passive(tree, head):
        if "to" in map(tree.low, tree.children(at, "aux")) and (asked := _asked(tree, head, at)) is not None:
            return asked
        if tree.relation(at) in {"xcomp", "ccomp"} and (objects := tree.children(head, "dobj", "dative", "nsubj")):
            return objects[-1]
    named = _named_as_ranked(tree, head, at, lexicon) if tree.tag(at) == "VB" else None
    return named if named is not None else subject_of(tree, head, lexicon, depth - 1)


def _asked(tree: Tree, verb: int, before: int) -> int | None:
    """ "Calls on Kenya to recognize"."""
    heads = (each for each in tree.children(verb, "prep") if tree.low(each) in {"on", "upon"} and each < before)
    return next((one for each in heads for one in tree.children(each, "pobj")), None)


def _named_as_ranked(tree: Tree, verb: int, at: int, lexicon: Lexicon) -> int | None:
    """ "Kosovo hails Kenya as the tenth country to recognize it": the object is what is ranked."""
    objects = tree.children(verb, "dobj")
    as_what = [each for each in tree.children(verb, "prep") if tree.low(each) == "as" and each < at]
    nouns = [one for each in as_what for one in tree.children(each, "pobj")]
    is_ranked = any(is_rank(tree, each, lexicon) for noun in nouns for each in tree.children(noun, "amod"))
    return objects[0] if is_ranked and objects and objects[0] < as_what[0] else None


def is_rank(tree: Tree, at: int, lexicon: Lexicon) -> bool:
    """Whether a word is an ordinal or ranks like one: "first", "101st", "latest"."""
    low = tree.low(at)
    return lexicon.is_a(low, "rank") or low[:1].isdigit() or ordinal_of(low) is not None


def _from_noun(tree: Tree, at: int, head: int, lexicon: Lexicon, depth: int) -> int | None:
    """Of a clause that depends on a noun: the noun itself, or whoever made "the decision to recognize"."""
    if lexicon.is_a(tree.low(head), "time"):
        return None  # "it is time to recognize"
    is_deed = lexicon.is_a(tree.low(head), "instrument")
    maker = _maker(tree, head) if is_deed and tree.tag(at) == "VB" else None
    if maker is not None:
        return maker
    if tree.tag(at) == "VB" and tree.mention(head) is not None and tree.relation(head) != "pobj":
        return head  # "Kenya first to recognize"
    ranked = _ranked_name(tree, head, lexicon) if tree.tag(at) == "VB" else None
    if ranked is not None:
        return ranked
    if tree.tag(at) == "VB" or (is_deed and tree.tag(at) == "VBG" and tree.relation(at) == "acl"):
        return _owner_or_subject(tree, head, lexicon, depth)
    return head


def _maker(tree: Tree, deed: int) -> int | None:
    """ "The decision by Kenya to recognize", "the decision of the United States to recognize"."""
    heads = (each for each in tree.children(deed, "prep", "agent") if tree.low(each) in {"by", "of"})
    makers = (one for each in heads for one in tree.children(each, "pobj"))
    return next((each for each in makers if tree.mention(each) is not None), None)


def _ranked_name(tree: Tree, head: int, lexicon: Lexicon) -> int | None:
    """ "Oman first Gulf state to recognize": the name before the rank, which a parser takes for a part of the noun."""
    ranks = [each for each in tree.children(head) if is_rank(tree, each, lexicon)]
    names = [each for each in tree.children(head) if ranks and each < ranks[0] and tree.mention(each) is not None]
    return names[0] if names else None


def _object_before(tree: Tree, preposition: int) -> int | None:
    """ "Iran thanks Kenya for recognizing Kosovo", "warns it against recognizing": who is thanked or warned."""
    verb = tree.head(preposition)
    if tree.low(preposition) not in _OF_OBJECT or verb == ROOT or not tree.is_verb(verb) or is_passive(tree, verb):
        return None
    objects = tree.children(verb, "dobj")
    return objects[0] if objects and tree.mention(objects[0]) is not None else None


def _owner_or_subject(tree: Tree, head: int, lexicon: Lexicon, depth: int) -> int | None:
    """The owner of a noun, adjective or preposition, else the subject of the verb that it belongs to."""
    while head != ROOT and depth:
        owners = tree.children(head, "poss")
        if owners and tree.low(owners[-1]) not in _OWN:
            return owners[-1]
        own = own_subject(tree, head)
        if own is not None:
            return own
        if tree.is_verb(head):
            return subject_of(tree, head, lexicon, depth - 1)
        if tree.mention(head) is not None and tree.head(head) == ROOT:
            return head  # "Kenya first in Africa to recognize"
        head, depth = tree.head(head), depth - 1
    return None
