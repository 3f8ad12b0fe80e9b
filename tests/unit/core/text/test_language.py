"""The language of a text, told by script, letters and statistics."""

from __future__ import annotations

import pytest

from firstwire.core.text.language import is_plainly_english, language_read
from firstwire.files.language_model import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Parliament approves the new budget after a long debate", "en"),
        ("Norway Opens Embassy", "en"),
        ("Парламент принял новый закон о бюджете и ушёл на каникулы", "ru"),
        ("Парламент ухвалив новий закон про бюджет і пішов на канікули", "uk"),
        ("Le parlement a adopté la nouvelle loi après un long débat", "fr"),
        ("Das Parlament hat nach langer Debatte das neue Gesetz beschlossen", "de"),
        ("El parlamento aprobó la nueva ley después de un largo debate", "es"),
        ("البرلمان يوافق على القانون الجديد بعد نقاش طويل", "ar"),
        ("مجلس قانون جدید را پس از گفت‌وگوی طولانی تصویب کرد", "fa"),
        ("مجلس قانون جديد را پس از گفتگوي طولاني تصويب كرد", "fa"),
        ("وزير خارجه تركيه در كابل با مقامات ديدار كرد", "fa"),
        ("وزير الخارجية التركي يزور كابل", "ar"),
        ("ﺗﺮﻛﻴﺎ ﺗﻌﻠﻦ ﻓﺘﺢ ﺳﻔﺎﺭﺗﻬﺎ ﻓﻲ ﻛﺎﺑﻞ", "ar"),
        ("议会在长时间辩论后通过了新法律", "zh"),
        ("国会は長い議論の末に新しい法律を可決した", "ja"),
        ("", "und"),
        ("7", "und"),
    ],
)
def test_the_language_is_told_by_script_letters_and_statistics(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "is_english"),
    [
        ("The ministers of both states have met, and will sign it by Friday", True),
        ("Kenya recognizes Kosovo", True),
        ("KENYA RECOGNISES KOSOVO", True),
        ("Kenya expels Iranian envoys", False),
        ("La ministre a signé un accord avec l'Iran, dit-elle", False),
        ("Kenia of Oeganda: de regering besluit over het akkoord en wil het tekenen", False),
        ("Regjeringen har for første gang skrevet under en avtale over grensen", False),
        ("Has visto el acuerdo que firmaron los dos gobiernos", False),
        ("", False),
    ],
)
def test_only_plain_english_is_taken_for_it_against_a_label(text: str, is_english: bool) -> None:
    assert is_plainly_english(text) is is_english


@pytest.mark.parametrize(
    ("text", "declared", "read"),
    [
        ("Россия признала независимость Абхазии", "en-US", "ru"),
        ("Україна відкликала посла з Білорусі", "ru", "uk"),
        ("Россия признала независимость Абхазии", "bg", "bg"),
        ("اعترفت كينيا بكوسوفو", "en", "ar"),
        ("کنیا کوزوو را به رسمیت شناخت", "ar", "fa"),
        ("肯尼亚承认科索沃", "", "zh"),
        ("Le Kenya rappelle son ambassadeur et rompt ses relations avec les autorités de la junte", "en", "fr"),
        ("Kenia retira a su embajador en Quito y expulsa a los diplomáticos de la embajada", "und", "es"),
        ("Kenya recognizes Kosovo, the first country to do so", "fr", "en"),
        ("Prezydent powiedział, że jest to decyzja, która została podjęta przez rząd", "en", "pl"),
        ("Hrvatska je u petak priznala Kosovo, a od sutra i na trgu do kraja", "hr", "hr"),
        ("Vláda sa rozhodla, že na dohode z roku nie je čo meniť, a do marca ju podpíše", "und", "und"),
        ("Kenya reconnaît Kosovo", "fr", "fr"),
        ("Kenia herkent Kosovo als staat", "nl", "nl"),
        ("12 : 3", "", "und"),
    ],
)
def test_a_text_is_read_in_its_own_language(text: str, declared: str, read: str) -> None:
    assert language_read(text, declared) == read
