"""An alert's headline: who did what to whom, in words."""

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
"""Last words of names that already say what kind of body it is."""


def is_misspelt(action: str) -> bool:
    """An action may be any verb phrase; one that is nearly a listed action was meant to be it."""
    return action not in PHRASES and bool(get_close_matches(action, PHRASES, n=1, cutoff=0.8))


def headline_of(subject: Subject, actor: Entity | None, target: Entity | None, title: str, status: str | None) -> str:
    """The act in words where it has a phrase and is said to have happened, else the title that tells it best."""
    phrase = PHRASES.get(subject.action or "")
    if phrase is None or actor is None or target is None or status != "asserted":
        return title
    return phrase.format(actor=actor.name, target=_named(target, subject.action))


def _named(target: Entity, action: str | None) -> str:
    if target.kind != "organization":
        return target.name
    is_plain = target.name.rpartition(" ")[2].lower() not in SELF_EXPLANATORY_BODIES
    return f"the {target.name} government" if action == "recognize" and is_plain else f"the {target.name}"
