"""An alert's headline: the act in words."""

from __future__ import annotations

from difflib import get_close_matches

from firstwire.core.events.actions import ACTIONS
from firstwire.core.text.word_lists import word_set
from schemas.alert import Subject
from schemas.record import Entity

PHRASES = {
    "recognize": "{actor} recognizes {target}",
    "withdraw_recognition": "{actor} withdraws its recognition of {target}",
    **{action.name: action.phrase for action in ACTIONS},
}

SELF_EXPLANATORY_BODIES = word_set("authority coalition congress council front government movement organization")
"""Last words of names that already state the kind of body."""


def is_misspelled(action: str) -> bool:
    """Whether an action is nearly a listed one: any verb phrase is allowed, but such a one is probably a typo."""
    return action not in PHRASES and bool(get_close_matches(action, PHRASES, n=1, cutoff=0.8))


def headline_of(subject: Subject, actor: Entity | None, target: Entity | None, title: str, status: str | None) -> str:
    """The act in words if it has a phrase and is asserted, else the title of the best report."""
    phrase = PHRASES.get(subject.action or "")
    if phrase is None or actor is None or target is None or status != "asserted":
        return title
    return phrase.format(actor=actor.name, target=_named(target, subject.action))


def _named(target: Entity, action: str | None) -> str:
    if target.kind != "organization":
        return target.name
    is_plain = target.name.rpartition(" ")[2].lower() not in SELF_EXPLANATORY_BODIES
    return f"the {target.name} government" if action == "recognize" and is_plain else f"the {target.name}"
