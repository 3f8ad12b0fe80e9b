"""What is shipped in `seeds/`, loaded once for all tests of a process."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from firstwire import config
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.rules.rulebook import Rules
from firstwire.core.stories.story_knowledge import StoryKnowledge
from firstwire.core.text.lemmas import Lemmas
from firstwire.core.text.rarities import Rarities
from firstwire.files.knowledge import load_knowledge
from firstwire.files.story_models import load_story_knowledge
from firstwire.files.word_frequencies import RARITIES, load_word_frequencies


@cache
def shipped_knowledge() -> tuple[Knowledge, Seeds]:
    """Knowledge and ledger as a fresh installation has them."""
    return load_knowledge(**config.load(None, {}).knowledge_settings())


def shipped_gazetteer() -> Gazetteer:
    return shipped_knowledge()[0].gazetteer


def shipped_lemmas() -> Lemmas:
    return shipped_knowledge()[0].lemmas


def knowledge_of(rules: Rules) -> Knowledge:
    """What is shipped, with other rules."""
    return replace(shipped_knowledge()[0], rules=rules)


def shipped_ledger() -> Seeds:
    return shipped_knowledge()[1]


def story_knowledge(*languages: str) -> StoryKnowledge:
    """What stories are judged with, with the lists of these languages loaded; English, if none is named."""
    rarities_of(*languages)
    return load_story_knowledge()


def rarities_of(*languages: str) -> Rarities:
    """Rarities with the lists of these languages loaded; English, if none is named."""
    for language in languages or ("en",):
        load_word_frequencies(language)
    return RARITIES
