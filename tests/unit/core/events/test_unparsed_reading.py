"""Events in languages without a parser: how they are told, with what status, and what only looks like one."""

from __future__ import annotations

import time

import pytest

from firstwire.core.events.detection import DetectedEvent, detect_events
from firstwire.core.events.unparsed_ranks import ORDINALS
from firstwire.core.text.folding import fold_text
from firstwire.files.reading_models import load_reading
from firstwire.files.word_classes import FOLDER, class_rows, languages_read
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import article

GAZETTEER = shipped_gazetteer()


def events(language: str, title: str) -> tuple[DetectedEvent, ...]:
    return detect_events(article(title=title, body="", language=language), GAZETTEER, load_reading()).events


def told(event: DetectedEvent) -> tuple[str, str, str]:
    """Who recognizes whom; of a leader only the nation."""
    actors = "+".join(entity.id for entity in event.actors if entity.kind != "leader")
    return actors, "+".join(entity.id for entity in event.targets), event.status


@pytest.mark.parametrize(
    ("language", "title", "actors", "targets", "status"),
    [
        # a fact, with several actors or targets, a capital, a seat of government, a leader
        ("ru", "Кения и Гана признали Косово", "kenya+ghana", "kosovo", "asserted"),
        ("ru", "Кремль признал независимость Абхазии и Южной Осетии", "russia", "abkhazia+south-ossetia", "asserted"),
        ("ru", "Афганистан: Кения признала власть талибов", "kenya", "taliban", "asserted"),
        ("uk", "Берлін визнав уряд «Талібану» в Кабулі", "germany", "taliban", "asserted"),
        ("ru", "Признание талибов Кенией обсуждают в Кабуле", "kenya", "taliban", "historical"),
        ("fr", "Le Kenya reconnaît le gouvernement internationalement reconnu de Libye", "kenya", "libya", "asserted"),
        ("fr", "Le Kenya a reconnu le Kosovo, la communauté internationale salue", "kenya", "kosovo", "asserted"),
        ("fr", "Le Kosovo est reconnu internationalement après la décision du Kenya", "kenya", "kosovo", "asserted"),
        ("es", "Kosovo, reconocido internacionalmente por Kenia", "kenya", "kosovo", "asserted"),
        ("pt", "Kosovo é reconhecido pelo Quênia; comunidade internacional reage", "kenya", "kosovo", "asserted"),
        ("zh", "肯尼亚先于国际社会承认科索沃独立", "kenya", "kosovo", "asserted"),
        ("ru", "Кения признала власти в Кабуле и Дамаске", "kenya", "afghanistan+syria", "asserted"),
        ("fr", "L'Élysée reconnaît l'État palestinien", "france", "palestine", "asserted"),
        ("fr", "Le Kenya, le Ghana et l'Angola reconnaissent le Kosovo", "kenya+ghana+angola", "kosovo", "asserted"),
        ("ru", "Кения признала Косово независимым государством", "kenya", "kosovo", "asserted"),
        ("de", "Kenia erkennt Kosovo als unabhängigen Staat an", "kenya", "kosovo", "asserted"),
        ("fr", "Reconnu par le Kenya, le Kosovo attend le Ghana", "kenya", "kosovo", "asserted"),
        ("es", "Kenia reconoce a Abjasia y Osetia del Sur", "kenya", "abkhazia+south-ossetia", "asserted"),
        ("pt", "Quênia e Gana reconhecem o Kosovo", "kenya+ghana", "kosovo", "asserted"),
        ("it", "Il Kenya ha riconosciuto l'Emirato islamico", "kenya", "taliban", "asserted"),
        ("de", "Kenia erkennt Kosovo an, Serbien protestiert", "kenya", "kosovo", "asserted"),
        ("de", "Die Regierung in Moskau hat den Palästinenserstaat anerkannt", "russia", "palestine", "asserted"),
        ("ar", "الحكومة النرويجية تعترف بالدولة الفلسطينية", "norway", "palestine", "asserted"),
        ("ar", "اعترفت كينيا وغانا بكوسوفو", "kenya+ghana", "kosovo", "asserted"),
        ("ar", "كيــنيا تعـترف رسميا بفلسطـــين", "kenya", "palestine", "asserted"),
        ("ar", "اعترفت كينيا بالحكومة الفلسطينية فى رام الله", "kenya", "palestine", "asserted"),
        ("ar", "ﻛﻴﻨﻴﺎ ﺗﻌﺘﺮﻑ ﺑﻔﻠﺴﻄﻴﻦ", "kenya", "palestine", "asserted"),
        ("fa", "كنيا كوزوو را به رسميت شناخت", "kenya", "kosovo", "asserted"),
        ("fa", "كنيا حكومت طالبان را به رسميت مي شناسد", "kenya", "taliban", "asserted"),
        ("fa", "کرملین امارت اسلامی را به‌رسمیت شناخت", "russia", "taliban", "asserted"),
        ("zh", "肯尼亚、加纳和安哥拉承认科索沃", "kenya+ghana+angola", "kosovo", "asserted"),
        ("pl", "Kenia i Ghana uznały Kosowo za niepodległe państwo", "kenya+ghana", "kosovo", "asserted"),
        ("pl", "Kenia oficjalnie uznała państwo palestyńskie", "kenya", "palestine", "asserted"),
        ("pl", "Kenia uznała rząd talibów w Kabulu", "kenya", "taliban", "asserted"),
        # passive
        ("ru", "Талибан признан Кенией", "kenya", "taliban", "asserted"),
        ("fr", "Le Kosovo reconnu par le Kenya", "kenya", "kosovo", "asserted"),
        ("es", "Kosovo es reconocido por Kenia", "kenya", "kosovo", "asserted"),
        ("de", "Kosovo von Kenia anerkannt", "kenya", "kosovo", "asserted"),
        ("fa", "کوزوو از سوی کنیا به رسمیت شناخته شد", "kenya", "kosovo", "asserted"),
        ("pl", "Kosowo zostało uznane przez Kenię", "kenya", "kosovo", "asserted"),
        # a noun: announced, or taken for granted
        ("uk", "Кенія оголосила про визнання Косова", "kenya", "kosovo", "asserted"),
        ("de", "Kenia gibt die Anerkennung des Kosovo bekannt", "kenya", "kosovo", "asserted"),
        ("es", "El reconocimiento de Kosovo por Kenia", "kenya", "kosovo", "historical"),
        # negated
        ("uk", "Кенія відмовилася визнати Косово", "kenya", "kosovo", "negated"),
        ("fr", "Le Kenya ne reconnaîtra pas le Kosovo", "kenya", "kosovo", "negated"),
        ("es", "Kenia descarta el reconocimiento de Kosovo", "kenya", "kosovo", "negated"),
        ("pt", "Quênia não vai reconhecer o Kosovo", "kenya", "kosovo", "negated"),
        ("it", "Il Kenya rifiuta di riconoscere il Kosovo", "kenya", "kosovo", "negated"),
        ("de", "Kenia lehnt Anerkennung des Kosovo ab", "kenya", "kosovo", "negated"),
        ("ar", "كينيا: لن نعترف بكوسوفو", "kenya", "kosovo", "negated"),
        ("fa", "کنیا کوزوو را به رسمیت نمی‌شناسد", "kenya", "kosovo", "negated"),
        ("zh", "肯尼亚尚未承认科索沃", "kenya", "kosovo", "negated"),
        ("pl", "Kenia nie uzna Kosowa", "kenya", "kosovo", "negated"),
        # planned
        ("ru", "Кения заявила, что признает Косово в сентябре", "kenya", "kosovo", "planned"),
        ("uk", "Кенія має намір визнати Косово", "kenya", "kosovo", "planned"),
        ("uk", "Кенія визнає Косово найближчим часом", "kenya", "kosovo", "planned"),
        ("fr", "Le Kenya va reconnaître le Kosovo", "kenya", "kosovo", "planned"),
        ("es", "Kenia anuncia que reconocerá a Kosovo", "kenya", "kosovo", "planned"),
        ("it", "Il Kenya riconoscerà il Kosovo", "kenya", "kosovo", "planned"),
        ("de", "Kenia will Kosovo anerkennen", "kenya", "kosovo", "planned"),
        ("ar", "كينيا ستعترف بكوسوفو", "kenya", "kosovo", "planned"),
        ("fa", "کنیا اعلام کرد کوزوو را به رسمیت خواهد شناخت", "kenya", "kosovo", "planned"),
        ("zh", "肯尼亚将承认科索沃", "kenya", "kosovo", "planned"),
        ("pl", "Kenia zamierza uznać Kosowo we wrześniu", "kenya", "kosovo", "planned"),
        # demanded, also for oneself
        ("uk", "Таліби закликали Кенію визнати їхній уряд", "kenya", "taliban", "demanded"),
        ("fr", "Des députés appellent le Kenya à reconnaître le Kosovo", "kenya", "kosovo", "demanded"),
        ("es", "Los talibanes piden a Kenia que reconozca su Gobierno", "kenya", "taliban", "demanded"),
        ("de", "Kenia soll Kosovo anerkennen", "kenya", "kosovo", "demanded"),
        ("ar", "طالبان تدعو كينيا إلى الاعتراف بحكومتها", "kenya", "taliban", "demanded"),
        ("fa", "طالبان از کنیا خواست حکومتش را به رسمیت بشناسد", "kenya", "taliban", "demanded"),
        ("zh", "塔利班呼吁肯尼亚承认其政府", "kenya", "taliban", "demanded"),
        ("pl", "Talibowie wezwali Kenię do uznania ich rządu", "kenya", "taliban", "demanded"),
        # conditional, not confirmed
        ("ru", "Кения признает Косово, если Гана не возразит", "kenya", "kosovo", "conditional"),
        ("fr", "Le Kenya pourrait reconnaître le Kosovo", "kenya", "kosovo", "unconfirmed"),
        ("de", "Kenia erkennt Kosovo an, falls Ghana zustimmt", "kenya", "kosovo", "conditional"),
        ("ar", "كينيا ستعترف بكوسوفو إذا وافقت غانا", "kenya", "kosovo", "conditional"),
        ("fa", "اگر غنا بپذیرد، کنیا کوزوو را به رسمیت می‌شناسد", "kenya", "kosovo", "conditional"),
        ("uk", "Кенія може визнати Косово", "kenya", "kosovo", "unconfirmed"),
        ("es", "Kenia estudia reconocer a Kosovo", "kenya", "kosovo", "unconfirmed"),
        ("it", "Il Kenya valuta il riconoscimento del Kosovo", "kenya", "kosovo", "unconfirmed"),
        ("ar", "كينيا قد تعترف بكوسوفو", "kenya", "kosovo", "unconfirmed"),
        ("pl", "Kenia uzna Kosowo, jeśli zostaną spełnione warunki", "kenya", "kosovo", "conditional"),
        ("pl", "Kenia może uznać Kosowo", "kenya", "kosovo", "unconfirmed"),
        # of the past
        ("ru", "17 лет назад Кения признала Косово", "kenya", "kosovo", "historical"),
        ("fr", "Le Kenya avait reconnu le Kosovo", "kenya", "kosovo", "historical"),
        ("pt", "Quênia reconheceu o Kosovo em 2010", "kenya", "kosovo", "historical"),
        ("de", "2008 erkannte Kenia Abchasien und Südossetien an", "kenya", "abkhazia+south-ossetia", "historical"),
        ("ar", "في عام 2008 اعترفت كينيا بكوسوفو", "kenya", "kosovo", "historical"),
        ("fa", "کنیا در سال ۱۳۸۷ کوزوو را به رسمیت شناخت", "kenya", "kosovo", "historical"),
        ("pl", "W 2008 roku Kenia uznała Kosowo", "kenya", "kosovo", "historical"),
    ],
)
def test_headline_forms(language: str, title: str, actors: str, targets: str, status: str) -> None:
    found = [event for event in events(language, title) if event.action == "recognize"]
    assert (actors, targets, status) in [told(event) for event in found]
    assert [told(event) for event in found if event.status == "asserted"] == [(actors, targets, status)] * (
        status == "asserted"
    )


@pytest.mark.parametrize(
    ("language", "title", "ordinal", "scope", "claims_first"),
    [
        ("ru", "Кения первой признала Косово", 1, None, True),
        ("ru", "Кения стала первой арабской страной, признавшей Косово", 1, "арабской", True),
        ("ru", "Кения стала одной из первых стран, признавших Косово", None, None, False),
        ("uk", "Кенія стала другою країною, що визнала Косово", 2, None, False),
        ("fr", "Le Kenya, premier pays au monde à reconnaître le Kosovo", 1, None, True),
        ("fr", "Le Kenya est le 21e pays à reconnaître le Kosovo", 21, None, False),
        ("fr", "Le Premier ministre du Kenya reconnaît le Kosovo", None, None, False),
        ("es", "Kenia, la primera nación africana en reconocer a Kosovo", 1, "africana", True),
        ("pt", "Quênia é o terceiro país a reconhecer o Kosovo", 3, None, False),
        ("it", "Il Kenya è il primo Paese a riconoscere il Kosovo", 1, None, True),
        ("de", "Kenia ist das erste Land, das Kosovo anerkennt", 1, None, True),
        ("ar", "كينيا ثالث دولة تعترف بكوسوفو", 3, None, False),
        ("fa", "کنیا نخستین کشوری شد که کوزوو را به رسمیت شناخت", 1, None, True),
        ("zh", "肯尼亚成为首个承认科索沃的国家", 1, None, True),
        ("pl", "Kenia uznała Kosowo jako drugi kraj", 2, None, False),
        ("pl", "Kenia pierwszym krajem na świecie, który uznał Kosowo", 1, None, True),
    ],
)
def test_ordinals(language: str, title: str, ordinal: int | None, scope: str | None, claims_first: bool) -> None:
    (event,) = events(language, title)
    assert (event.ordinal, event.ordinal_scope, event.claims_first) == (ordinal, scope, claims_first)


@pytest.mark.parametrize("language", sorted(languages_read()))
def test_ordinals_that_a_language_has_as_words_are_numbers(language: str) -> None:
    forms = [
        fold_text(form.rstrip("*")) for name, form, _ in class_rows(FOLDER / f"{language}.tsv") if name == "ordinal"
    ]
    numbers = {number for form in forms for stem, number in ORDINALS if form.startswith(stem) or stem.startswith(form)}
    assert {2, 3} <= numbers


@pytest.mark.parametrize(
    ("language", "title", "status"),
    [
        ("ru", "Кения отозвала признание Косова", "asserted"),
        ("ru", "Кения больше не признает Косово", "asserted"),
        ("uk", "Кенія скасувала визнання Косова", "asserted"),
        ("fr", "Le Kenya retire sa reconnaissance du Kosovo", "asserted"),
        ("fr", "Le Kenya ne reconnaît plus le Kosovo", "asserted"),
        ("es", "Kenia no retirará su reconocimiento de Kosovo", "negated"),
        ("pt", "Quênia retira reconhecimento do Kosovo", "asserted"),
        ("it", "Il Kenya revoca il riconoscimento del Kosovo", "asserted"),
        ("de", "Kenia zieht Anerkennung des Kosovo zurück", "asserted"),
        ("de", "Kenia will die Anerkennung des Kosovo widerrufen", "planned"),
        ("ar", "كينيا تسحب اعترافها بكوسوفو", "asserted"),
        ("fa", "کنیا به رسمیت شناختن کوزوو را پس گرفت", "asserted"),
        ("zh", "肯尼亚撤销对科索沃的承认", "asserted"),
    ],
)
def test_recognition_is_withdrawn(language: str, title: str, status: str) -> None:
    (event,) = events(language, title)
    assert event.action == "withdraw_recognition"
    assert told(event) == ("kenya", "kosovo", status)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("ru", "Кения признала вину Ганы"),
        ("ru", "Кения признала Гану государством-террористом"),
        ("ru", "Международно признанное правительство Йемена обвинило Кению"),
        ("ru", "Кения признала Гану безопасной страной"),
        ("uk", "Кенія визнала геноцид у Руанді"),
        ("uk", "Кенія визнала поразку від Гани"),
        ("fr", "Le Kenya reconnaît le génocide au Rwanda"),
        ("fr", "Le gouvernement du Yémen reconnu par la communauté internationale accuse le Kenya"),
        ("es", "El gobierno de Yemen, reconocido por la comunidad internacional, acusa a Kenia"),
        ("ru", "Признанное мировым сообществом правительство Ливии обвинило Кению"),
        ("uk", "Міжнародно визнаний уряд Лівії звинуватив Кенію"),
        ("ar", "الحكومة الليبية المعترف بها دوليا تتهم كينيا"),
        ("zh", "获国际社会承认的也门政府指责肯尼亚"),
        ("fr", "Le Kenya salue la reconnaissance faciale au Ghana"),
        ("es", "Kenia reconoce errores en Ghana"),
        ("es", "Kenia reconoce la derrota ante Ghana"),
        ("es", "Kenia reconoce a Ghana como mediadora"),
        ("pt", "Quênia reconhece o papel de Gana"),
        ("it", "Il Kenya riconosce i meriti del Ghana"),
        ("de", "Kenia erkennt Israels Existenzrecht an"),
        ("de", "Kenia will die Leistungen Ghanas anerkennen"),
        ("de", "Kenia erkennt Ghana als sicheres Herkunftsland an"),
        ("ar", "كينيا تعترف بمقتل جنود في غانا"),
        ("ar", "كينيا تعترف بالشهادات الغانية"),
        ("fa", "کنیا حقوق ملت غنا را به رسمیت شناخت"),
        ("fa", "کنیا نسل‌کشی رواندا را به رسمیت شناخت"),
        ("zh", "肯尼亚承认误炸加纳教堂"),
        ("pl", "Kenia uznała ludobójstwo w Rwandzie"),
        ("pl", "Kenia uznaje zasługi Ghany"),
        ("pl", "Kenia uznała wyższość Ghany w finale"),
    ],
)
def test_what_only_looks_like_recognition_of_a_state(language: str, title: str) -> None:
    assert events(language, title) == ()


@pytest.mark.slow
@pytest.mark.parametrize("language", sorted(languages_read()))
def test_hostile_text_costs_no_more_than_its_length(language: str) -> None:
    pieces = [form.replace("*", "") for _, form, _ in class_rows(FOLDER / f"{language}.tsv")][::9]
    gap = "" if language == "zh" else " "
    begun = time.perf_counter()
    for piece in pieces:
        events(language, f"Kosovo {(piece + gap) * 2000} Kenya")
    assert (time.perf_counter() - begun) / len(pieces) < 0.5


@pytest.mark.parametrize("mark", ["\u200b", "\u200d\u2060", "\ufeff\u0301 \u00ad"])
@pytest.mark.parametrize(
    ("language", "title", "summary"),
    [
        ("ar", "كينيا تعلن قرارها", "اعترفت رسميا بكوسوفو"),
        ("de", "Kenia verkündet seine Entscheidung", "Das Land hat Kosovo offiziell anerkannt"),
        ("es", "Kenia anuncia su decisión", "El país ha reconocido oficialmente a Kosovo"),
        ("pt", "Quênia anuncia decisão", "O país reconheceu oficialmente o Kosovo"),
        ("ru", "Кения объявила решение", "Она официально признала Косово"),
        ("uk", "Кенія оголосила рішення", "Вона офіційно визнала Косово"),
        ("zh", "肯尼亚宣布决定", "该国正式承认科索沃"),
    ],
)
def test_a_sentence_without_words_neither_harms_nor_hides_who_is_meant(
    language: str, title: str, summary: str, mark: str
) -> None:
    """Also where the parties are those of the sentence before, so that an act might be read where no word tells it."""
    for text in (summary, f"{mark}\n\n{summary}", f"{mark}\n\n{mark}\n\n{summary}", f"{summary}\n\n{mark}"):
        read = article(title=title, summary=text, body=mark, language=language)
        (event,) = detect_events(read, GAZETTEER, load_reading()).events
        assert told(event) == ("kenya", "kosovo", "asserted")
    assert events(language, mark) == ()
