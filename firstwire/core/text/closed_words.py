"""Closed word lists of English news language in general; nothing specific to one story."""

from __future__ import annotations

import re

from firstwire.core.text.word_lists import word_set

DETERMINERS = word_set(
    """
    the a an its their his her our my this that these those some any all both every each
    """
)
PRONOUNS = word_set("it he she they we i")
PREPOSITIONS = word_set(
    """
    of in on at by from to with against for over between into under near toward towards than within among amid
    during without about through across behind beyond despite like off onto per upon via until till inside
    outside following including around above below alongside besides
    """
)
AUXILIARIES = word_set(
    """
    is are was were be been being am has have had having do does did will would shall should can could may
    might must cannot won't wouldn't doesn't don't didn't can't couldn't hasn't haven't isn't aren't wasn't
    weren't 'll ought cant dont wont
    """
)
ADVERBS = word_set(
    """
    also now just already yet still never not no longer ever even only again soon then thus finally once here
    there today yesterday tomorrow thursday friday saturday sunday monday tuesday wednesday later recently
    meanwhile effectively de facto jure jointly together unilaterally both all too back long thereby
    hereby so
    """
)
TIME_WORDS = word_set(
    """
    today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday
    """
)
MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = frozenset(MONTH_NAMES)
CONJUNCTIONS = word_set("and or & plus as-well-as")

# Nouns whose holder acts for the nation named next to them.
OFFICES = word_set(
    """
    president presidents presidency prime premier premiers minister ministers ministry ministries government
    governments parliament parliaments lawmakers legislators legislature senate senators congress cabinet
    council chancellor leader leaders leadership king queen emperor emir sultan prince princess crown monarch
    pope pontiff administration authorities officials official diplomat diplomats diplomacy ambassador
    ambassadors envoy envoys embassy embassies consulate mission delegation foreign interior defense defence
    finance secretary secretaries spokesman spokeswoman spokesperson state department house assembly knesset
    duma majlis mps mp cabinet-level regime junta court courts army military state's republic kingdom nation
    country people vice deputy interim acting former ruler rulers head chief premier-designate taoiseach
    politburo federation central bank space agency navy scientists regulators regulator health
    """
)
ACTING_HEADS = OFFICES - word_set("former people")

PERSONS_IN_OFFICE = word_set(
    """
    president premier minister chancellor leader king queen emperor emir sultan prince pope pontiff monarch
    taoiseach ruler secretary ambassador envoy spokesman spokeswoman spokesperson
    """
)

# Words that bound a clause to the left of a verb: its subject is to the right of them.
CLAUSE_OPENERS = word_set(
    """
    that which who whom whose after because while although though as when if unless whether since before until
    once whereas where why how so but ; : — – - | than lest
    """
)

# Attributes of an entity that may be recognized without changing the target.


# Ordinals.
_COUNTED = """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
ORDINALS: dict[str, int] = {word: number for number, word in enumerate(_COUNTED.split(), start=1)}
ORDINALS["first-ever"] = 1
NUMERIC_ORDINAL = re.compile(r"(\d{1,3})(?:st|nd|rd|th)$")

NATION_HEADS = word_set(
    """
    country countries nation nations state states government governments republic democracy power powers
    economy kingdom monarchy member members member-state signatory ally neighbour neighbor sovereign
    superpower capital jurisdiction territory parliament administration
    """
)
LEADER_HEADS = word_set(
    """
    president presidents vice-president premier minister ministers chancellor leader leaders pope pontiff monarch
    king queen emperor sovereign head heads secretary emir ruler prince official statesman royal taoiseach
    """
)
OTHER_HEADS = word_set(
    """
    organization organisation bloc group party movement company city territory province region jurisdiction
    person woman man women men people bank agency institution body union league island county town
    """
)


_NO_ADVERBS = word_set("italy july family likely unlikely reply supply apply assembly rely anomaly monopoly")


def ordinal_of(word: str) -> int | None:
    """The number of an ordinal word; None for another word."""
    if word in ORDINALS:
        return ORDINALS[word]
    numeric = NUMERIC_ORDINAL.match(word)
    if numeric is not None:
        return int(numeric[1])
    tens, _, unit = word.partition("-")
    base = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80}.get(tens)
    return base + ORDINALS[unit] if base is not None and unit in ORDINALS else None


def is_adverb(word: str) -> bool:
    """Whether a word may occur between a subject, its auxiliaries and its verb."""
    return word in ADVERBS or (word.endswith("ly") and len(word) > 4 and word not in _NO_ADVERBS)
