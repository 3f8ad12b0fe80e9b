"""The acts between states that are named by a verb and its object, one entry each, with examples.

`recognize` and `withdraw_recognition` are found by `recognition`, acts of ordinal claims by `claims`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from firstwire.core.text.word_lists import word_set
from schemas.event import Status

_RELATIONS = word_set("relations ties links")
_EMBASSY = word_set("embassy embassies")
_ENVOYS = word_set("ambassador ambassadors envoy envoys diplomat diplomats attache attaches")
_TREATIES = word_set(
    "agreement agreements treaty treaties deal pact accord accords memorandum convention protocol charter amendment"
)
_NOT_DIPLOMATIC = word_set(
    "business economic trade family sexual public military commercial close closer race industrial air rail flight"
    " transport sea road cultural top-level high-level"
)
_WAKE_RELATIONS = ("relations", "ties ", "links ")
_WAKE_ENVOYS = ("ambassador", "envoy", "diploma", "attache")
_PLACED_BY = word_set("near outside at in with to")


@dataclass(frozen=True)
class Example:
    """A sentence and the expected result: ids, status."""

    text: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    status: Status = "asserted"


@dataclass(frozen=True)
class Action:
    """An act. `verbs` is matched at the beginning of a word, `nouns` follow it in the same clause."""

    name: str
    phrase: str
    """The phrase of an alert's headline, with {actor} and {target}."""
    wakes: tuple[str, ...]
    """Prefixes of words that a sentence must contain to be parsed; with a trailing space, whole words."""
    verbs: re.Pattern[str]
    nouns: frozenset[str]
    prepositions: frozenset[str] = frozenset({"with", "between"})
    """Between the noun and the target."""
    excluded: frozenset[str] = frozenset()
    """Words between verb and noun that give the phrase another meaning."""
    owner_is_target: bool = False
    """The target may be the possessor of the noun: "the Russian ambassador", "Russia's ambassador"."""
    target_inside: bool = False
    """The target is between verb and noun: "removes the Taliban from the list"."""
    is_reversed: bool = False
    """The subject is the target, and the object of the preposition is the actor: "presents credentials to"."""
    around: re.Pattern[str] | None = None
    """Must match near the noun."""
    is_mutual: bool = False
    """Parties may be each other's targets: "Iran and Saudi Arabia restore relations"."""
    needs_both: bool = False
    """No party can do it alone, so that it has no direction: each is actor and target, whichever is named first."""
    needs_target: bool = True
    direct: re.Pattern[str] | None = None
    """A verb without a noun, directly followed by its target: "sanctions three Iranian banks"."""
    examples: tuple[Example, ...] = ()


ACTIONS: tuple[Action, ...] = (
    Action(
        name="restore_relations",
        phrase="{actor} restores relations with {target}",
        wakes=_WAKE_RELATIONS,
        verbs=re.compile(r"(?:restor|resum|re-?establish|renew|re-?open|normali[sz])"),
        nouns=_RELATIONS,
        excluded=_NOT_DIPLOMATIC,
        is_mutual=True,
        needs_both=True,
        examples=(
            Example("Kenya restores diplomatic relations with Iran", ("iran", "kenya"), ("iran", "kenya")),
            Example("Kenya and Iran agree to restore ties", ("iran", "kenya"), ("iran", "kenya"), "planned"),
        ),
    ),
    Action(
        name="establish_relations",
        phrase="{actor} establishes relations with {target}",
        wakes=_WAKE_RELATIONS,
        verbs=re.compile(r"(?:establish|form(?:s|ed|ing)?$|open(?:s|ed|ing)?$|forg(?:e|es|ed)$)"),
        nouns=_RELATIONS,
        excluded=_NOT_DIPLOMATIC,
        is_mutual=True,
        needs_both=True,
        examples=(Example("Kenya establishes relations with Kosovo", ("kenya", "kosovo"), ("kenya", "kosovo")),),
    ),
    Action(
        name="suspend_relations",
        phrase="{actor} suspends relations with {target}",
        wakes=_WAKE_RELATIONS,
        verbs=re.compile(r"(?:suspend|freez|froze)"),
        nouns=_RELATIONS,
        excluded=_NOT_DIPLOMATIC,
        is_mutual=True,
        examples=(
            Example("Kenya suspends diplomatic ties with Iran", ("kenya",), ("iran",)),
            Example("Relations with Iran were suspended by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="upgrade_relations",
        phrase="{actor} upgrades relations with {target}",
        wakes=_WAKE_RELATIONS,
        verbs=re.compile(r"(?:upgrad|elevat)"),
        nouns=_RELATIONS,
        excluded=_NOT_DIPLOMATIC,
        is_mutual=True,
        needs_both=True,
        examples=(
            Example("Kenya upgrades diplomatic relations with Vietnam", ("kenya", "vietnam"), ("kenya", "vietnam")),
        ),
    ),
    Action(
        name="downgrade_relations",
        phrase="{actor} downgrades relations with {target}",
        wakes=_WAKE_RELATIONS,
        verbs=re.compile(r"(?:downgrad)"),
        nouns=_RELATIONS,
        excluded=_NOT_DIPLOMATIC,
        is_mutual=True,
        examples=(Example("Kenya has downgraded its ties with Iran", ("kenya",), ("iran",)),),
    ),
    Action(
        name="sever_relations",
        phrase="{actor} severs relations with {target}",
        wakes=_WAKE_RELATIONS,
        verbs=re.compile(r"(?:sever|cut|break|broke|end(?:s|ed|ing)?$|terminat)"),
        nouns=_RELATIONS,
        excluded=_NOT_DIPLOMATIC,
        is_mutual=True,
        examples=(
            Example("Kenya severs diplomatic relations with Iran", ("kenya",), ("iran",)),
            Example("Diplomatic relations with Iran have been severed by Kenya", ("kenya",), ("iran",)),
            Example("Kenya threatens to cut ties with Iran", ("kenya",), ("iran",), "conditional"),
        ),
    ),
    Action(
        name="open_embassy",
        phrase="{actor} opens an embassy in {target}",
        wakes=("embass",),
        verbs=re.compile(r"(?:re-?open|open(?:s|ed|ing)?$|inaugurat|relocat|mov(?:e|es|ed|ing)$)"),
        nouns=_EMBASSY,
        prepositions=frozenset({"in", "to", "at"}),
        excluded=_PLACED_BY,
        owner_is_target=True,
        needs_target=False,
        examples=(
            Example("Kenya reopens its embassy in Tehran", ("kenya",), ("iran",)),
            Example("Kenya opens an embassy in the Iranian capital", ("kenya",), ("iran",)),
            Example("Kenya's embassy in Tehran was reopened on Monday by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="close_embassy",
        phrase="{actor} closes its embassy in {target}",
        wakes=("embass",),
        verbs=re.compile(r"(?:clos|shut|shutter)"),
        nouns=_EMBASSY,
        prepositions=frozenset({"in", "to", "at"}),
        excluded=_PLACED_BY,
        owner_is_target=True,
        needs_target=False,
        examples=(Example("Kenya to close embassy in Kyiv", ("kenya",), ("ukraine",), "planned"),),
    ),
    Action(
        name="delist_terror",
        phrase="{actor} takes {target} off its list of terrorist organizations",
        wakes=("terror",),
        verbs=re.compile(r"(?:remov|delist|exclud|drop|strik|struck|tak(?:e|es|en|ing)$|took$)"),
        nouns=word_set("list lists"),
        target_inside=True,
        around=re.compile(r"terror"),
        direct=re.compile(r"delist(?:s|ed|ing)?$"),
        examples=(
            Example("Kenya removes Taliban from list of terrorist groups", ("kenya",), ("taliban",)),
            Example("Kenya takes Taliban off its list of terrorist groups", ("kenya",), ("taliban",)),
            Example("Kenya delists Taliban as terrorist group", ("kenya",), ("taliban",)),
        ),
    ),
    Action(
        name="delist_terror",
        phrase="{actor} takes {target} off its list of terrorist organizations",
        wakes=("terror",),
        verbs=re.compile(r"(?:lift|remov|revok|drop|scrap|rescind|cancel|suspend|end(?:s|ed|ing)?$)"),
        nouns=word_set("designation designations label status listing ban"),
        prepositions=frozenset({"of", "on", "for", "from"}),
        around=re.compile(r"terror"),
        examples=(
            Example("Kenya lifts terrorist designation of the Taliban", ("kenya",), ("taliban",)),
            Example("Kenya will not revoke the terrorist label on the Taliban", ("kenya",), ("taliban",), "negated"),
        ),
    ),
    Action(
        name="accredit_ambassador",
        phrase="{actor} accredits the ambassador of {target}",
        wakes=("credentials", "ambassador"),
        verbs=re.compile(r"(?:accept|receiv|accredit)"),
        nouns=word_set("credentials ambassador ambassadors"),
        around=re.compile(r"credential|accept|accredit"),
        prepositions=frozenset({"of", "from"}),
        excluded=word_set("prize award call calls visit money"),
        owner_is_target=True,
        examples=(
            Example("Kenya accepts the credentials of the Taliban ambassador", ("kenya",), ("taliban",)),
            Example("Kenya accredits Taliban ambassador", ("kenya",), ("taliban",)),
            Example("The credentials of Iran's ambassador were accepted by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="accredit_ambassador",
        phrase="{actor} accredits the ambassador of {target}",
        wakes=("credentials",),
        verbs=re.compile(r"(?:present|submit|hand(?:s|ed|ing)?$)"),
        nouns=word_set("credentials"),
        prepositions=frozenset({"to"}),
        is_reversed=True,
        examples=(Example("Taliban ambassador presents credentials to Kenyan president", ("kenya",), ("taliban",)),),
    ),
    Action(
        name="summon_ambassador",
        phrase="{actor} summons the ambassador of {target}",
        wakes=_WAKE_ENVOYS,
        verbs=re.compile(r"(?:summon)"),
        nouns=_ENVOYS | word_set("charge"),
        prepositions=frozenset({"of", "from"}),
        owner_is_target=True,
        examples=(
            Example("Kenya summons the Iranian ambassador over remarks", ("kenya",), ("iran",)),
            Example("Iran's ambassador was summoned by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="expel_ambassador",
        phrase="{actor} expels diplomats of {target}",
        wakes=_WAKE_ENVOYS,
        verbs=re.compile(r"(?:expel|oust|kick|throw|declar)"),
        nouns=_ENVOYS,
        prepositions=frozenset({"of", "from"}),
        owner_is_target=True,
        examples=(
            Example("Kenya expels Iranian ambassador", ("kenya",), ("iran",)),
            Example("Kenya expels 12 Iranian diplomats over spying", ("kenya",), ("iran",)),
            Example("Ten states including Kenya and Ghana expel Iranian diplomats", ("kenya", "ghana"), ("iran",)),
            Example("Iran's ambassador was expelled by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="recall_ambassador",
        phrase="{actor} recalls its ambassador from {target}",
        wakes=_WAKE_ENVOYS,
        verbs=re.compile(r"(?:recall|withdr[ae]w|pull)"),
        nouns=_ENVOYS,
        excluded=word_set("from nomination"),
        prepositions=frozenset({"from", "to", "in"}),
        examples=(Example("Kenya recalls its ambassador to Israel", ("kenya",), ("israel",)),),
    ),
    Action(
        name="impose_sanctions",
        phrase="{actor} imposes sanctions on {target}",
        wakes=("sanction",),
        verbs=re.compile(r"(?:impos|slap|introduc|announc|order(?:s|ed)?$)"),
        nouns=word_set("sanctions"),
        prepositions=frozenset({"on", "against"}),
        excluded=word_set("to lifting easing end relief"),
        direct=re.compile(r"sanction(?:s|ed|ing)?$"),
        examples=(
            Example("Kenya imposes new sanctions on Iran", ("kenya",), ("iran",)),
            Example("Kenya imposes sanctions on Iranian banks", ("kenya",), ("iran",)),
            Example("Sanctions against Iran were imposed by Kenya", ("kenya",), ("iran",)),
            Example("Kenya imposes sanctions on three Iranian companies", ("kenya",), ("iran",)),
            Example("Kenya urged to impose sanctions on Iran", ("kenya",), ("iran",), "demanded"),
            Example("Kenya sanctions Iranian minister over crackdown", ("kenya",), ("iran",)),
            Example("Kenya has sanctioned three Iranian banks", ("kenya",), ("iran",)),
            Example("Two Iranian banks were sanctioned by Kenya", ("kenya",), ("iran",)),
            Example("Kenya will not sanction Iran", ("kenya",), ("iran",), "negated"),
        ),
    ),
    Action(
        name="lift_sanctions",
        phrase="{actor} lifts sanctions on {target}",
        wakes=("sanction",),
        verbs=re.compile(r"(?:lift|eas(?:e|es|ed|ing)$|remov|waiv|suspend|scrap)"),
        nouns=word_set("sanctions"),
        prepositions=frozenset({"on", "against", "from"}),
        examples=(
            Example("Kenya lifts sanctions on Syria", ("kenya",), ("syria",)),
            Example("Kenya will not lift sanctions on Syria", ("kenya",), ("syria",), "negated"),
        ),
    ),
    Action(
        name="sign",
        phrase="{actor} signs an agreement with {target}",
        wakes=("sign ", "signs ", "signed ", "signing ", "inks ", "inked "),
        verbs=re.compile(r"(?:sign(?:s|ed|ing)?$|ink(?:s|ed)$)"),
        nouns=_TREATIES,
        is_mutual=True,
        examples=(
            Example("Kenya signs peace treaty with Ethiopia", ("kenya",), ("ethiopia",)),
            Example("Kenya and Ethiopia sign a trade agreement", ("kenya", "ethiopia"), ("kenya", "ethiopia")),
        ),
    ),
    Action(
        name="ratify",
        phrase="{actor} ratifies what it agreed with {target}",
        wakes=("ratif",),
        verbs=re.compile(r"(?:ratif)"),
        nouns=_TREATIES | word_set("accession membership bid"),
        owner_is_target=True,
        is_mutual=True,
        examples=(
            Example("Kenya ratifies border treaty with Ethiopia", ("kenya",), ("ethiopia",)),
            Example("Kenya ratifies Sweden's accession to NATO", ("kenya",), ("sweden",)),
            Example("Kenya ratifies Sweden's NATO bid", ("kenya",), ("sweden",)),
        ),
    ),
)

WITHOUT_DIRECTION = frozenset(action.name for action in ACTIONS if action.needs_both)
"""Acts that no party can do alone."""

PLACED = frozenset({"open_embassy", "close_embassy", "sign"})
"""Acts whose own words may name the location."""
