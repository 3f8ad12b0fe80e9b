"""Ranked nouns other than nations and leaders, and the kind of entity that they denote."""

from __future__ import annotations

from firstwire.core.entities.sentence import Sentence
from firstwire.core.events.choosing import CHOOSING
from firstwire.core.text.closed_words import (
    AUXILIARIES,
    CLAUSE_OPENERS,
    LEADER_HEADS,
    PREPOSITIONS,
    is_adverb,
)
from firstwire.core.text.word_lists import word_set
from schemas.record import EntityKind

PEOPLE = word_set(
    """
    person woman man women men people female male civilian citizen patient defendant suspect boy girl child teenager
    mayor governor speaker judge justice senator congressman congresswoman congresswoman lawmaker mp mep councillor
    candidate politician ambassador bishop archbishop cardinal rabbi imam priest player driver rider athlete boxer
    cyclist swimmer golfer footballer pitcher batsman cricketer climber mountaineer sailor pilot astronaut cosmonaut
    actor actress singer musician author writer poet artist director filmmaker journalist scientist physicist
    researcher doctor surgeon nurse soldier officer general admiral commander chair chairman chairwoman chairperson
    chancellor secretary-general commissioner prosecutor lawyer billionaire candidate nominee laureate winner
    recipient survivor boss chief convict terrorist rebel
    detainee prisoner immigrant refugee muslim american latino hispanic christian jew hindu sikh
    african-american transgender premier vice-president
    """
)
ORGANIZATION_NOUNS = word_set(
    """
    organization organisation bloc group party movement company bank agency institution body union league firm
    corporation manufacturer maker carmaker automaker drugmaker chipmaker airline carrier retailer supermarket chain
    insurer lender brand utility operator publisher broadcaster newspaper magazine network university college school
    hospital church charity museum club team side franchise cinema studio label startup start-up regulator court
    tribunal council force police employer brewer brewery airport stadium line society denomination bookmaker
    exchange fund hotel restaurant website platform station
    """
)
PLACES = word_set(
    """
    city territory province region county town jurisdiction capital island village municipality district borough
    canton prefecture suburb part community constituency parish metropolis port
    """
)
THINGS = word_set(
    """
    spacecraft ship vessel submarine probe rover satellite rocket aircraft plane airplane airliner helicopter drone
    robot computer car vehicle train film movie song single album book novel series game drug vaccine treatment
    currency building bridge tower product animal dog horse language software programme program model phone species
    website telescope balloon boat yacht locomotive documentary musical video
    """
)
_NOT_RANKED = word_set(
    """
    time round quarter half lady ladies aid name step stage phase attempt sign case death visit trip meeting election
    trial day week month year decade century game match win victory loss defeat goal point place prize anniversary
    birthday child choice reading draft edition season leg test set hearing summit session talks deal agreement
    law attack wave batch shipment flight hurricane storm cyclone typhoon earthquake eruption tornado casualty
    fatality reaction results responder responders thing move use order impression love term title medal championship
    tournament contest festival conference exhibition mission launch type kind contact call show
       cup series budget conviction arrest report ruling
    """
)
"""Nouns that are counted and not ranked: parts, occasions and natural events."""


_RANKED_OFFICES = PEOPLE | LEADER_HEADS | {"member", "host", "chief"}
_CHAMBERS = word_set(
    """
    house parliament congress senate cabinet party family court board assembly council bundestag knesset opposition
    clergy royal
    """
)
_TRAITLESS = word_set("ever new sitting next post prime vice deputy foreign interior defence defense finance")
_PARTICIPLES = word_set("sworn sent held found put hit born shot made given chosen known")
_NOUN_PHRASE_ENDS = (PREPOSITIONS | CLAUSE_OPENERS | AUXILIARIES | {"as"}) - {"-"}
_HEAD_REACH = 8


def plain_head(sentence: Sentence, at: int) -> int | None:
    """The ranked noun of any kind: the last word before "to …", "of …", "in …"."""
    head = at
    for place in range(at + 1, min(len(sentence.words), at + _HEAD_REACH)):
        word = sentence.words[place]
        low = word.low
        if (word.is_punctuation and low != "-") or low in _NOUN_PHRASE_ENDS:
            break
        if head > at and (is_participle(sentence, place) or (low.endswith("ing") and _is_noun(sentence, head))):
            break  # "the first scientist convicted of", "the first senator representing"
        head = place if not is_adverb(low) else head
    low = sentence.low(head)
    return head if head > at and low not in _NOT_RANKED and low.removesuffix("s") not in _NOT_RANKED else None


def _is_noun(sentence: Sentence, at: int) -> bool:
    return sentence.low(at) in PEOPLE | ORGANIZATION_NOUNS | PLACES | THINGS | LEADER_HEADS


def is_participle(sentence: Sentence, at: int) -> bool:
    """ "Convicted under", "sent to": an act done to the ranked person."""
    low = sentence.low(at)
    if low == "worth":
        return True
    return (low.endswith("ed") or low in _PARTICIPLES) and sentence.low(at + 1) in PREPOSITIONS | {"to", "in", "as"}


def kind_of_noun(sentence: Sentence, head: int) -> EntityKind | None:
    """The kind of the ranked entity, by the noun; None if the noun does not decide it."""
    low = sentence.low(head)
    if low in {"member", "members"} and _is_of_chamber(sentence, head):
        return "person"
    low = low[:-1] if low.endswith("s") and low[:-1] in PEOPLE | ORGANIZATION_NOUNS | PLACES | THINGS else low
    mention = sentence.mention(head)
    if mention is not None:
        return "person" if mention.role == "demonym" else None
    kinds: tuple[tuple[frozenset[str], EntityKind], ...] = (
        (PEOPLE, "person"),
        (ORGANIZATION_NOUNS, "organization"),
        (PLACES, "subnational"),
        (THINGS, "other"),
    )
    return next((kind for nouns, kind in kinds if low in nouns), None)


def _is_of_chamber(sentence: Sentence, head: int) -> bool:
    """ "The first Muslim member of Congress", "an opposition member": a person, not a state."""
    return any(sentence.low(place) in _CHAMBERS for place in range(head - 3, head + 7))


def is_person_by_trait(sentence: Sentence, at: int, head: int) -> bool:
    """ "The first female mayor", "the first civilian president": an office holder, ranked by a trait."""
    said = [low for place in range(at + 1, head) if (low := sentence.low(place)) not in _TRAITLESS]
    return sentence.low(head) in _RANKED_OFFICES and bool(said)


def is_in_office(sentence: Sentence, head: int) -> bool:
    return sentence.low(head) in _RANKED_OFFICES


def is_own_rank(sentence: Sentence, at: int) -> bool:
    """ "Becomes its first female leader", "as its 28th member": "its" refers to the body, not to the actor."""
    head = next((place for place in range(at + 1, at + 5) if sentence.low(place) in _RANKED_OFFICES), None)
    if head is None or sentence.low(at - 2) in {"as", "become", "becomes", "became", "becoming"}:
        return head is not None
    named = at > 1 and sentence.words[at - 2].text[:1].isupper()  # "elects Jane Doe its first female leader"
    return named and any(sentence.low(place) in CHOOSING for place in range(max(0, at - 6), at - 2))
