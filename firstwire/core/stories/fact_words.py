"""English words by what they say of an event: acts, subjects, opposites, denials, expectations, and kinds of articles.

The classes are coarse on purpose: they compare two reports, they do not say what happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from operator import or_

from firstwire.core.text.word_lists import word_set


def _by_word(classes: Mapping[str, str]) -> dict[str, int]:
    """The bit of the class of each word, the first class that lists it."""
    bits: dict[str, int] = {}
    for at, listed in enumerate(classes.values()):
        for word in listed.split():
            bits.setdefault(word, 1 << at)
    return bits


def united(classes: Iterable[int]) -> int:
    """All classes that are in any of some sets of them."""
    return reduce(or_, classes, 0)


ACT_CLASSES = {
    "appoint": "appoint appoints appointed appointing names named naming picks picked installs installed nominates "
    "nominated taps tapped swears sworn inaugurated appointment inducts",
    "dismiss": "dismiss dismisses dismissed dismissing sacks sacked sack fires fired firing ousts ousted ouster "
    "removes removed axes axed dismissal sidelined sacking",
    "resign": "resign resigns resigned resignation quits quit resigning",
    "arrest": "arrest arrests arrested detains detained detain held nabs nabbed custody apprehended captured nicked",
    "free": "free frees freed release releases released releasing bail bailed",
    "charge": "charge charges charged charging indicts indicted indictment arraigned prosecuted",
    "trial": "trial tried trials hearing dock testifies testified testimony plead pleads pleaded",
    "convict": "convict convicts convicted conviction guilty verdict",
    "acquit": "acquit acquits acquitted acquittal cleared",
    "sentence": "sentence sentences sentenced jailed jails imprisoned",
    "appeal": "appeal appeals appealed",
    "die": "dies died obituary",
    "bury": "funeral funerals burial buried mourn mourns buries",
    "attack": "attack attacks attacked strikes struck raid raids raided ambush ambushed bomb bombs bombed bombing "
    "blast explosion explodes shelling shells gunmen shooting shot assault bombings bombardment",
    "claim": "claims responsibility",
    "quake": "quake earthquake tremor aftershock quakes jolts jolted shakes shook temblor",
    "crash": "crash crashes crashed collides collision derails derailed derailment plunges pile-up",
    "sink": "sink sinks sank capsizes capsized capsize sinking",
    "burn": "fire blaze inferno wildfire flames",
    "flood": "flood floods flooding flooded deluge landslide mudslide landslip",
    "storm": "cyclone typhoon hurricane storm landfall",
    "collapse": "collapse collapses collapsed",
    "recognize": "recognize recognizes recognized recognise recognises recognised recognition",
    "visit": "visit visits visited arrives arrived lands landed",
    "meet": "meet meets met talks summit",
    "sign": "sign signs signed signing deal pact treaty accord agreement agrees agreed",
    "ban": "ban bans banned outlaws prohibits prohibited",
    "lift": "lift lifts lifted lifting",
    "sanction": "sanction sanctions sanctioned",
    "raise": "raise raises raised hikes hiked hike increases increased",
    "cut": "cut cuts trims trimmed lowers lowered slashes slashed reduces reduced",
    "hold": "hold holds keeps kept unchanged",
    "rise": "rise rises rose climbs climbed gains gained jumps jumped surges surged rallies rallied higher soars up",
    "fall": "fall falls fell drops dropped slips slipped slides slid tumbles tumbled lower plunged down slump slumps",
    "open": "open opens opened reopening reopens reopened reopen",
    "close": "close closes closed shuts shut closure shutdown",
    "win": "win wins won beat beats beaten defeats defeated defeat victory edges thrash thrashes",
    "draw": "draw draws drew",
    "lose": "lose loses lost",
    "approve": "approve approves approved passes passed adopts adopted ratifies ratified backs endorses",
    "reject": "reject rejects rejected spurn spurns spurned rebuff rebuffs rebuffed vetoes vetoed blocks blocked",
    "launch": "launch launches launched unveils unveiled",
    "acquire": "buys bought acquires acquired takeover acquisition merger buyout",
    "report results": "profit profits earnings revenue results quarterly loss losses",
    "lay off": "layoffs jobs redundancies",
    "strike": "strike walkout stoppage",
    "protest": "protest protests protesters demonstrators rally",
    "expel": "expel expels expelled",
    "summon": "summon summons summoned",
    "recall": "recall recalls recalled",
    "withdraw": "withdraw withdraws withdrew withdrawal leaves exits",
    "join": "joins joined accedes",
    "elect": "elected election elects vote votes polls re-elected",
    "rescue": "rescue rescued rescues alive survivors survivor pulled",
    "evacuate": "evacuate evacuated evacuates evacuation evacuations",
    "curfew": "curfew",
    "emergency": "emergency",
    "ceasefire": "ceasefire truce",
    "credentials": "credentials",
    "cancel": "cancels canceled cancelled scraps scrapped postponed postpones suspended suspends halts halted shelved",
    "resume": "resume resumes resumed resumption restarts",
    "aid": "aid relief",
    "ground": "grounds grounded grounding",
}
"""Acts by the words of headlines for them. At most 63 classes: a set of them is an integer."""

SUBJECT_CLASSES = {
    "volcano": "volcano eruption erupts erupted ash lava",
    "tornado": "tornado twister",
    "drought": "drought",
    "heat": "heatwave heat",
    "outage": "outage blackout outages breakdown",
    "hack": "hack hacked hackers cyberattack breach ransomware",
    "spill": "spill leak leaks",
    "seizure": "seizes seized seize seizure captures hijacked hijack boarded",
    "kidnapping": "kidnap kidnapped abducted abduction hostages hostage",
    "exchange": "swap swapped exchange prisoners captives",
    "drone": "drone drones",
    "missile": "missile missiles",
    "denial": "denies denied denial denying",
    "warning": "warn warns warned warning",
    "decree": "decree decrees",
    "tariff": "tariff tariffs duty duties levy",
    "fine": "fine fines fined penalty",
    "lawsuit": "sues sued lawsuit suit",
    "investigation": "probe investigation investigates inquiry investigators",
    "search": "search searches hunt",
    "confidence": "confidence no-confidence censure",
    "impeachment": "impeach impeached impeachment",
    "referendum": "referendum",
    "budget": "budget",
    "law": "law bill legislation act",
    "package": "package",
    "record": "record",
    "contract": "contract order",
    "bid": "bid offer proposal merge merges",
    "listing": "ipo listing flotation",
    "rate": "rate rates",
    "inflation": "inflation cpi prices",
    "growth": "gdp growth",
    "trade": "exports imports trade",
    "injury": "injury",
    "semifinal": "semi-final semi-finals semifinal semifinals",
    "final": "final",
    "quarterfinal": "quarter-final quarter-finals quarterfinals",
    "medal": "gold silver bronze",
    "poll": "poll survey",
    "exercise": "exercise drills drill",
    "mine": "mine miners",
    "plane": "plane jet aircraft flight",
    "train": "train rail railway",
    "bus": "bus coach",
    "ship": "ferry boat ship vessel tanker",
    "bridge": "bridge",
    "refinery": "refinery",
    "port": "port berth docks harbour harbor",
    "airport": "airport",
    "school": "school students university college",
    "worship": "church mosque temple",
    "hospital": "hospital clinic",
    "village": "village",
    "border": "border crossing",
    "ambassador": "ambassador envoy",
    "mayor": "mayor",
    "minister": "minister",
    "governor": "governor",
    "women": "women womens",
    "men": "men mens",
}
"""What an act is about, where two of one kind are easily confused. At most 63 classes."""

ACTS = _by_word(ACT_CLASSES)
SUBJECTS = _by_word(SUBJECT_CLASSES)
ACT_BITS = {name: 1 << at for at, name in enumerate(ACT_CLASSES)}
ACT_NAMES = tuple(ACT_CLASSES)

OPPOSITES = tuple(
    (ACT_BITS[one], ACT_BITS[other])
    for one, other in (
        ("raise", "cut"),
        ("raise", "hold"),
        ("cut", "hold"),
        ("rise", "fall"),
        ("open", "close"),
        ("approve", "reject"),
        ("win", "lose"),
        ("arrest", "free"),
        ("convict", "acquit"),
        ("appoint", "dismiss"),
        ("appoint", "resign"),
        ("ban", "lift"),
        ("withdraw", "join"),
        ("launch", "cancel"),
        ("resume", "cancel"),
    )
)
"""Two acts that are not one happening, whatever else is the same."""

DIRECTIONS = frozenset({"rise", "fall", "raise", "cut", "hold", "open", "close"})
_CARRYING_ON = "arrest charge trial convict acquit sentence appeal bury resign dismiss"
FOLLOW_UPS = sum(bit for name, bit in ACT_BITS.items() if name in word_set(_CARRYING_ON))
"""Acts that carry on an earlier happening when they are new in its reports."""
DECISIVE = sum(ACT_BITS[name] for name in ("recognize", "ceasefire", "sign", "resign", "expel", "withdraw", "die"))
"""Acts that are news when no title or lead of a story has named them: "to announce decision", then "recognizes"."""

DENYING = word_set(
    """
    denies denied deny denial denying refutes refuted disputes debunks not never false hoax untrue baseless rumour rumor
    """
)
"""Words that may deny what another report says."""
WANTING = word_set(
    """
    urge urges ask asks beg begs implore implores want wants seeks demands plead pleads lobby lobbies must should
    """
)
"""Verbs before an act that is wanted, and not told."""
WANTED = word_set("urged asked begged demanded pressed implored")
"""The same, unless "to" is next: those are told what to do."""
CALLING = dict.fromkeys(
    ("call", "calls", "called", "appeal", "appeals", "appealed"), word_set("on for")
) | dict.fromkeys(("press", "presses", "push", "pushes", "pressures"), word_set("to for"))
"""The same, with the words of which one must be next, or the word after."""
CLAUSE_WORDS = word_set("after as over amid following when while before")
"""Behind these stands why, and not what, is wanted."""
EXPECTING = word_set(
    """
    may might could expected expects due set will would plans planned plan seen forecast forecasts likely poised braces
    looms ahead mulls weighs considers considering prepares eyes tipped nears awaits await proposes proposed upcoming
    """
)
EXPLAINING = word_set(
    """
    explainer analysis opinion comment what why how who profile timeline inside behind portrait factbox guide questions
    voices diary lessons
    """
)
REACTING = word_set(
    """
    welcomes welcomed hails hailed condemns condemned reacts reaction reactions slams praises mourns condolences offers
    sympathy criticises criticizes urges calls cheers shrug concern worries fear fears
    """
)
TRADING = word_set(
    """
    shares stocks stock bond bonds yields currency peso shilling lira dollar zloty tenge rupee crown futures index
    traders investors market markets analysts analyst premium price prices slips steady firm jumps
    """
)
PERSONAL = word_set(
    """
    i my we our he she mum mother father son daughter baby dog family families tears memories remembers remembered
    neighbours neighbors grief vigil miracle hero story tale tales night day survivor survivors life ordeal
    """
)
ADVISING = word_set(
    "what how why which when where who your you explained guide faq check avoid should questions need know"
)
CHANGING = word_set(
    """
    rises rise climbs now reaches jumps soars doubles triples passes tops leaps hits revised revises lowered corrects
    correction corrected confirmed confirms first another second third more fresh new again reopens ends ended over
    contained suspended restored resumed found alive rescued freed claims claimed responsibility identified named
    declared spreads spread widens extends extended raised downgraded upgraded arrives arrived lands landed begins began
    starts started signs signed wins won beats passed approves approved agrees agreed falls fell
    """
)
"""Words with which headlines report that a state has changed."""

QUALIFIERS = word_set(
    """
    men women under first second third fourth quarter half annual morning evening monday tuesday wednesday thursday
    friday saturday sunday north south east west northern southern eastern western
    """
)
"""Words that tell one of a kind from another."""
APART = word_set("women")
"""Qualifiers that the other of the kind leaves out."""

TOLL_NOUNS = {
    "dead": word_set(
        "dead killed deaths dies die died bodies body fatalities lives toll victims perished casualties corpses drowned"
    ),
    "hurt": word_set("injured hurt wounded injuries wounds hospitalized hospitalised"),
    "missing": word_set("missing unaccounted trapped"),
    "rescued": word_set("rescued saved pulled alive survivors"),
    "detained": word_set("arrested detained held arrests suspects"),
    "displaced": word_set("evacuated displaced homeless flee fled evacuees"),
}
TOLLS = {word: kind for kind, listed in TOLL_NOUNS.items() for word in listed}
TOLLS_BEFORE = {
    **dict.fromkeys(["killed", "killing", "kills", "kill", "toll"], "dead"),
    **dict.fromkeys(["injured", "injuring", "wounded", "wounding"], "hurt"),
    "rescued": "rescued",
    "missing": "missing",
}
"""Words before their number: "killed 12", "toll rises to 31"."""

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
NUMBERS: dict[str, float] = {word: float(number) for number, word in enumerate(_UNITS)}
NUMBERS.update({"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90})
NUMBERS.update({"dozen": 12, "dozens": 24, "scores": 40, "hundred": 100, "hundreds": 200})

ROUND_UP = (
    r"\b(?:live|briefing|briefs|in brief|round-?up|wrap|things to know|as it happened|digest|week ahead|day ahead|"
    r"bulletin|timetable|fixtures|scoreboard|losses as of|at a glance|agenda|calendar|front pages|rankings|"
    r"this week in|in (?:five|six|seven|ten) lines|morning call|newsletter|in pictures|what to watch|headlines at|"
    r"24-hour summary|gossip)\b"
)
"""Titles of articles on many things, each a happening of its own."""
DENIAL = (
    r"\b(?:den(?:y|ies|ied|ial|ying)|refut\w+|rebut\w*|debunk\w*|untrue|forged|hoax|"
    r"no (?:plans?|intention|decision|basis)|"
    r"(?:rejects?|dismiss(?:es)?|disputes?) (?:\S+ ){0,2}?(?:talk|reports?|claims?|accounts?|allegations?|rumou?rs?)|"
    r"will not|won't|not true|is false|no scientific)\b|: no \w"
)
"""Wordings of titles that deny what others report."""
ANALYSIS = (
    r"\b(?:analysis|explainer|opinion|comment|factbox|timeline|profile|editorial|what it means|what to know|"
    r"five things|in numbers|q&a|background|obituary|portrait)\b"
)
