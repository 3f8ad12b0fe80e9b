"""Whether a sentence of another language has nothing but actor, verb and target, in this order.

One rule for all languages: what stands between the parts, before and after them, is only what the language's words
allow beside a name, and no cue of another status occurs anywhere.
"""

from __future__ import annotations

from firstwire.core.entities.gazetteer import Mention
from firstwire.core.events.findings import FoundAct
from firstwire.core.events.foreign_clauses import Read, RecognitionWord
from firstwire.core.events.foreign_grammar import Grammar
from firstwire.core.events.foreign_status import PLAIN
from firstwire.core.events.foreign_text import Masked

_ACTING_KINDS = frozenset({"nation", "organization", "leader"})
_TARGET_KINDS = frozenset({"nation", "organization"})


def obstacle_in(grammar: Grammar, masked_sentence: Masked, act: RecognitionWord, read: Read, found: FoundAct) -> str:
    """What makes the sentence more than actor, verb and target; empty if nothing does."""
    text = masked_sentence.text
    if act.kind != "asserted" or read.explicit:
        return "not a finite verb that is only said of what happened"
    if found.status != "asserted" or found.cue != PLAIN:
        return f"governed by '{found.cue}'"
    if found.ordinal is not None:
        return "the rank is stated in another form"
    if not grammar.gap.fullmatch(text, 0, read.subject.start):
        return "it does not begin with the actor"
    if not grammar.gap.fullmatch(text, read.subject.end, act.start):
        return "the verb is not directly after the actor"
    if not grammar.gap.fullmatch(text, act.end, read.target.start):
        return "the target is not directly after the verb"
    if not grammar.rest.fullmatch(text, read.target.end):
        return "the sentence goes on after the target"
    if not all(_acts(name) for name in read.subject.names) or not all(_is_body(name) for name in read.target.names):
        return "actor or target is no state or government"
    if _has_cue(grammar, text) or _is_quoted(found):
        return "a word of doubt beside it"
    return ""


def _acts(name: Mention) -> bool:
    if name.entity.kind == "leader" and name.nation is None:
        return False
    return name.entity.kind in _ACTING_KINDS and name.role != "demonym"


def _is_body(name: Mention) -> bool:
    return name.entity.kind in _TARGET_KINDS


def _has_cue(grammar: Grammar, text: str) -> bool:
    cues = [cue for status, cue in grammar.cues.items() if status != "asserted"]
    return any(cue.search(text) for cue in (*cues, grammar.rumour, grammar.soon, grammar.historical, grammar.withdrawn))


def _is_quoted(found: FoundAct) -> bool:
    """Whether the sentence has quotation marks, which the masked text leaves out."""
    return any(mark in found.sentence.text for mark in '"“”„«»「」《》')
