"""Recognition in languages other than English: a table of headline forms, and who stands before and after the verb.

Only what such a form plainly says is found; everything else of an article in these languages is left to watches.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from firstwire.core.events.entities import Mention
from firstwire.core.events.findings import Finding
from firstwire.core.events.sentence import Sentence, read_sentence
from firstwire.core.text.sentences import split_sentences
from schemas.event import Status
from schemas.record import Entity, Field

SENTENCES_READ = 3
_GAP_LIMIT = 45
"""Most characters between the verb and its object: further away it is the object of something else."""


class Form(msgspec.Struct, frozen=True):
    """How one language says it. `between` is what may stand between the verb and the name of what is recognized."""

    verb: str
    first: str
    negated: str
    planned: str
    between: str
    object_first: bool = False
    """The object stands before the verb."""
    late_negation: bool = False
    """The negation may stand after the verb."""


_SPOILED = re.compile(r"террор|терор|экстремист|нежелательн|виновн|terror|génocide|genocid|إرهاب|تروریست|恐怖")
"""Recognized as something else than a state or government."""

_EAST_SLAVIC_BETWEEN = (
    r"официальн\w+|офіційн\w+|правительств\w+|уряд\w*|власт[ьиі]\w*|влад[ауи]|режим\w*|независимост\w+|незалежн\w+|"
    r"суверенитет\w*|суверен\w+|государств\w+|держав\w+|нов\w+|движени\w+|рух\w*|республик\w+|республік\w+|и|і|й|та"
)
_ROMANCE_BETWEEN = (
    r"officiellement|formellement|oficialmente|formalmente|ufficialmente|l|le|la|les|los|las|el|il|lo|gli|i|os|as|o|a|"
    r"de|des|du|del|della|dei|di|da|do|dos|al|als|e|et|y|nouveau|nuevo|nuovo|novo|gouvernement|gobierno|governo|"
    r"r[ée]gim[en]*|regime|indépendance|independencia|indipendenza|independência|état|estado|stato|"
    r"souveraineté|soberan[ií]a|sovranità|como|pouvoir|autorités"
)
FORMS: dict[str, Form] = {
    "ru": Form(
        r"\bпризна(?:л[аио]?|[её]т|ют|вш\w+)\b",
        r"\bперв(?:ой|ая|ое|ым|ый|ою)\b(?! раз)",
        r"\bне\s+$|\bотказал\w*",
        r"\bможет|\bнамерен\w*|\bпланиру\w+|\bесли\b",
        _EAST_SLAVIC_BETWEEN,
    ),
    "uk": Form(
        r"\bвизна(?:в|ла|ло|ли|є|ють|вш\w+)\b",
        r"\bперш(?:ою|а|е|им|ий)\b(?! раз)",
        r"\bне\s+$|\bвідмов\w+",
        r"\bможе|\bпланує|\bякщо\b",
        _EAST_SLAVIC_BETWEEN,
    ),
    "fr": Form(
        r"\breconna(?:î|i)t\b|\breconnaissent\b|\b(?:a|ont)\s+(?:\w+ment\s+)?reconnu\b|\bà\s+(?:\w+ment\s+)?reconna(?:î|i)tre\b",
        r"\bpremi(?:er|ère)\s+(?:pays|nation|État|état)\b",
        r"\bne\s+$|\bn['’]\s*$|\brefus\w+",
        r"\bva\s|\bpourrait|\bsi\s|\bs['’]apprête|\bprêt\w*\s",
        _ROMANCE_BETWEEN,
    ),
    "es": Form(
        r"\breconocen?\b|\breconoció\b|\breconocieron\b|\bha(?:n)?\s+reconocido\b|\ben\s+reconocer\b",
        r"\bprimer(?:a)?\s+(?:país|nación|Estado|estado)\b",
        r"\bno\s+$|\brechaz\w+|\bniega",
        r"\bpodría|\bplanea|\bsi\s",
        _ROMANCE_BETWEEN,
    ),
    "pt": Form(
        r"\breconhecem?\b|\breconheceu\b|\breconheceram\b|\ba\s+reconhecer\b",
        r"\bprimeir[oa]\s+(?:país|nação|Estado|estado)\b",
        r"\bnão\s+$|\brecus\w+",
        r"\bpode\b|\bpoderia|\bplaneja|\bse\s",
        _ROMANCE_BETWEEN,
    ),
    "it": Form(
        r"\briconosc(?:e|ono)\b|\bha(?:nno)?\s+riconosciuto\b|\ba\s+riconoscere\b",
        r"\bprim[oa]\s+(?:Paese|paese|nazione|Stato|stato)\b",
        r"\bnon\s+$|\brifiut\w+",
        r"\bpotrebbe|\bse\s",
        _ROMANCE_BETWEEN,
    ),
    "de": Form(
        r"\berkenn(?:t|en)\b(?=.{3,120}\ban\b)|\berkannte\b(?=.{3,120}\ban\b)|\b(?:hat|haben)\b(?=.{3,120}\banerkannt\b)",
        r"\berste[srn]?\s+(?:Land|Staat|Nation)\b",
        r"\bnicht\b|\bkein\w*\b|\bverweiger\w+",
        r"\bwill\b|\bkönnte|\bwenn\b",
        r"die|das|den|der|als|erstes|erster|Land|Staat|offiziell|formell|Regierung|Herrschaft|Unabhängigkeit|Regime|und|von",
        late_negation=True,
    ),
    "ar": Form(
        r"(?<!\w)(?:و|ف)?(?:تعترف|يعترف|اعترفت|اعترف|تعترفان)(?!\w)",
        r"(?:أول|اول)\s+(?:دولة|بلد)",
        r"(?<!\w)(?:لا|لم|لن|ما)\s+$|رفض\w*",
        r"(?<!\w)قد\s+$|إذا",
        r"رسميا|رسمياً|بشكل|رسمي|ب|بحكومة|بنظام|باستقلال|بدولة|بسلطة|حكومة|حركة|بحركة|نظام|دولة|استقلال|رسميّا",
    ),
    "fa": Form(
        r"به\s+رسمیت\s+(?:شناخت|می[\s‌]?شناسد|شناخته\s+است|شناختند)(?!ن)",
        r"(?:نخستین|اولین)\s+(?:کشور|دولت)",
        r"به\s+رسمیت\s+ن",
        r"خواهد|ممکن\s+است|اگر",
        r"را|دولت|حکومت|رژیم|استقلال|رسما|رسماً",
        object_first=True,
        late_negation=True,
    ),
    "zh": Form(
        r"(?<![不未])(?:正式)?承认",
        r"首个|第一个|首個",
        r"不$|未$|拒绝$|没有$|尚未$",
        r"将$|拟$|可能$|或将?$|考虑$",
        r"了|的|政权|政府|为|和|、|国|独立",
    ),
}


def find_foreign(
    field: Field, text: str, mentions: Sequence[Mention], published_on: str, language: str
) -> list[Finding]:
    """The recognitions that a text in a listed language reports in its first sentences."""
    form = FORMS.get(language.partition("-")[0].lower())
    if form is None or len(mentions) < 2 or re.search(form.verb, text) is None:
        return []
    found: list[Finding] = []
    for number, span in enumerate(split_sentences(text)[:SENTENCES_READ]):
        inside = [mention for mention in mentions if span[0] <= mention.start and mention.end <= span[1]]
        verb = re.compile(form.verb).search(text, *span)
        if verb is None or len(inside) < 2:
            continue
        sentence = read_sentence(field, text, number, span, mentions)
        finding = _finding(sentence, form, verb, inside, published_on)
        if finding is not None:
            found.append(finding)
    return found


def _finding(
    sentence: Sentence, form: Form, verb: re.Match[str], mentions: Sequence[Mention], published_on: str
) -> Finding | None:
    before = [mention for mention in mentions if mention.end <= verb.start()]
    after = [mention for mention in mentions if mention.start >= verb.end()]
    if form.object_first:
        actor, target = (before[0], before[-1]) if len(before) > 1 else (None, None)
    elif before:
        actor, target = before[0], after[0] if after else None
    else:  # verb first, as in Arabic
        actor, target = (after[0], after[1]) if len(after) > 1 else (None, None)
    if actor is None or target is None or actor.entity.id == target.entity.id:
        return None
    if not _is_object(sentence.source, form, verb, actor, target):
        return None
    status, cue = _status(sentence, form, verb)
    first = re.search(form.first, sentence.text) is not None
    actors = (actor.entity,) if actor.nation is None else (actor.entity, actor.nation)
    low, high = min(actor.start, target.start), max(target.end, actor.end, verb.end())
    places = [at for at, word in enumerate(sentence.words) if word.start < high and word.end > low]
    return Finding(
        action="recognize",
        actors=actors,
        targets=_targets(target),
        status=status,
        cue=cue,
        sentence=sentence,
        verb=places[0],
        first=places[0],
        last=places[-1],
        act_date=published_on,
        ordinal=1 if first else None,
        claims_first=first,
    )


def _is_object(source: str, form: Form, verb: re.Match[str], actor: Mention, target: Mention) -> bool:
    """Whether only words of statehood stand between the verb and the name."""
    start, end = (target.end, verb.start()) if form.object_first else (verb.end(), target.start)
    if actor.start >= verb.end():
        start = actor.end
    gap = source[start:end]
    if end < start or len(gap) > _GAP_LIMIT:
        return False
    rest = re.sub(rf"(?<!\w)(?:{form.between})(?!\w)", " ", gap, flags=re.IGNORECASE)
    if "承认" in form.verb:
        rest = re.sub(form.between, " ", gap)
    if re.search(r"\w{2,}", rest) is not None or _SPOILED.search(source, verb.start(), verb.end() + 120):
        return False
    return not (target.role == "demonym" and target.entity.kind == "nation" and form.object_first)


def _status(sentence: Sentence, form: Form, verb: re.Match[str]) -> tuple[Status, str]:
    left = sentence.source[sentence.start : verb.start()]
    if (match := re.search(form.negated, sentence.text if form.late_negation else left)) is not None:
        return "negated", match[0].strip()
    if (match := re.search(form.planned, left)) is not None:
        return "unconfirmed", match[0].strip()
    if sentence.text.rstrip().endswith(("?", "؟", "？")):
        return "unconfirmed", "?"
    return "asserted", "said as a fact"


def _targets(target: Mention) -> tuple[Entity, ...]:
    return (target.entity,)
