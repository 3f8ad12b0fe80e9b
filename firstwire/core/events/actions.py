"""The acts between states other than recognition: their names, the phrases of their headlines, and examples.

By which words they are read says the lexicon; acts of ordinal claims are found by `claims`.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.event import Status


@dataclass(frozen=True)
class Example:
    """A sentence and the expected result: ids, status."""

    text: str
    actors: tuple[str, ...]
    targets: tuple[str, ...]
    status: Status = "asserted"


@dataclass(frozen=True)
class Action:
    name: str
    phrase: str
    """The phrase of an alert's headline, with {actor} and {target}."""
    needs_both: bool = False
    """No party can do it alone, so that it has no direction: each is actor and target, whichever is named first."""
    examples: tuple[Example, ...] = ()


ACTIONS: tuple[Action, ...] = (
    Action(
        name="restore_relations",
        phrase="{actor} restores relations with {target}",
        needs_both=True,
        examples=(
            Example("Kenya restores diplomatic relations with Iran", ("iran", "kenya"), ("iran", "kenya")),
            Example("Kenya and Iran agree to restore ties", ("iran", "kenya"), ("iran", "kenya"), "planned"),
        ),
    ),
    Action(
        name="establish_relations",
        phrase="{actor} establishes relations with {target}",
        needs_both=True,
        examples=(Example("Kenya establishes relations with Kosovo", ("kenya", "kosovo"), ("kenya", "kosovo")),),
    ),
    Action(
        name="suspend_relations",
        phrase="{actor} suspends relations with {target}",
        examples=(
            Example("Kenya suspends diplomatic ties with Iran", ("kenya",), ("iran",)),
            Example("Relations with Iran were suspended by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="upgrade_relations",
        phrase="{actor} upgrades relations with {target}",
        needs_both=True,
        examples=(
            Example("Kenya upgrades diplomatic relations with Vietnam", ("kenya", "vietnam"), ("kenya", "vietnam")),
        ),
    ),
    Action(
        name="downgrade_relations",
        phrase="{actor} downgrades relations with {target}",
        examples=(Example("Kenya has downgraded its ties with Iran", ("kenya",), ("iran",)),),
    ),
    Action(
        name="sever_relations",
        phrase="{actor} severs relations with {target}",
        examples=(
            Example("Kenya severs diplomatic relations with Iran", ("kenya",), ("iran",)),
            Example("Diplomatic relations with Iran have been severed by Kenya", ("kenya",), ("iran",)),
            Example("Kenya threatens to cut ties with Iran", ("kenya",), ("iran",), "conditional"),
        ),
    ),
    Action(
        name="open_embassy",
        phrase="{actor} opens an embassy in {target}",
        examples=(
            Example("Kenya reopens its embassy in Tehran", ("kenya",), ("iran",)),
            Example("Kenya opens an embassy in the Iranian capital", ("kenya",), ("iran",)),
            Example("Kenya's embassy in Tehran was reopened on Monday by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="close_embassy",
        phrase="{actor} closes its embassy in {target}",
        examples=(Example("Kenya to close embassy in Kyiv", ("kenya",), ("ukraine",), "planned"),),
    ),
    Action(
        name="delist_terror",
        phrase="{actor} takes {target} off its list of terrorist organizations",
        examples=(
            Example("Kenya removes Taliban from list of terrorist groups", ("kenya",), ("taliban",)),
            Example("Kenya takes Taliban off its list of terrorist groups", ("kenya",), ("taliban",)),
            Example("Kenya delists Taliban as terrorist group", ("kenya",), ("taliban",)),
            Example("Kenya lifts terrorist designation of the Taliban", ("kenya",), ("taliban",)),
            Example("Kenya will not revoke the terrorist label on the Taliban", ("kenya",), ("taliban",), "negated"),
        ),
    ),
    Action(
        name="accredit_ambassador",
        phrase="{actor} accredits the ambassador of {target}",
        examples=(
            Example("Kenya accepts the credentials of the Taliban ambassador", ("kenya",), ("taliban",)),
            Example("Kenya accredits Taliban ambassador", ("kenya",), ("taliban",)),
            Example("The credentials of Iran's ambassador were accepted by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="summon_ambassador",
        phrase="{actor} summons the ambassador of {target}",
        examples=(
            Example("Kenya summons the Iranian ambassador over remarks", ("kenya",), ("iran",)),
            Example("Iran's ambassador was summoned by Kenya", ("kenya",), ("iran",)),
        ),
    ),
    Action(
        name="expel_ambassador",
        phrase="{actor} expels diplomats of {target}",
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
        examples=(Example("Kenya recalls its ambassador to Israel", ("kenya",), ("israel",)),),
    ),
    Action(
        name="impose_sanctions",
        phrase="{actor} imposes sanctions on {target}",
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
        examples=(
            Example("Kenya lifts sanctions on Syria", ("kenya",), ("syria",)),
            Example("Kenya will not lift sanctions on Syria", ("kenya",), ("syria",), "negated"),
        ),
    ),
    Action(
        name="sign",
        phrase="{actor} signs an agreement with {target}",
        examples=(
            Example("Kenya signs peace treaty with Ethiopia", ("kenya",), ("ethiopia",)),
            Example("Kenya and Ethiopia sign a trade agreement", ("kenya", "ethiopia"), ("kenya", "ethiopia")),
        ),
    ),
    Action(
        name="ratify",
        phrase="{actor} ratifies what it agreed with {target}",
        examples=(
            Example("Kenya ratifies border treaty with Ethiopia", ("kenya",), ("ethiopia",)),
            Example("Kenya ratifies Sweden's accession to NATO", ("kenya",), ("sweden",)),
            Example("Kenya ratifies Sweden's NATO bid", ("kenya",), ("sweden",)),
        ),
    ),
)

REVERSES = {
    "delist_terror": "list_terror",
    "lift_sanctions": "impose_sanctions",
    "close_embassy": "open_embassy",
    "withdraw_recognition": "recognize",
}
"""What undoes an act, and the act."""


def is_reverse(one: str, other: str) -> bool:
    """Whether one act undoes the other."""
    return REVERSES.get(one) == other or REVERSES.get(other) == one


WITHOUT_DIRECTION = frozenset(action.name for action in ACTIONS if action.needs_both)
"""Acts that no party can do alone."""

PLACED = frozenset({"open_embassy", "close_embassy", "sign"})
"""Acts whose own words may name the location."""
