"""The ledger's answer in words, as records have it and as people read it."""

from __future__ import annotations

import msgspec
import pytest

from firstwire.core.firsts.phrases import NAMES_FOR_READERS, era_name, ordinal, reader_sentence, with_words
from schemas.alert import Act, LedgerAnswer, Novelty, Removal, ScopedNovelty, Unknown

NAMES = ("Nigeria", "Guinea-Bissau", "Kenya", "Niger", "Guinea", "Ghana")


def acts(*names: str, era: str = "all") -> tuple[Act, ...]:
    """Acts on the first, second … day of 2020, in this order."""
    return tuple(
        Act(actor=name.lower(), name=name, date=f"2020-01-{day:02}", era=era) for day, name in enumerate(names, start=1)
    )


def novelty(answer: LedgerAnswer = LedgerAnswer.EARLIER, *names: str, **more: object) -> Novelty:
    earlier = acts(*names)
    plain = Novelty(claimed=False, answer=answer, position=len(earlier) + 1, earlier=earlier, done_on="2025-07-03")
    return msgspec.structs.replace(plain, **more)


def read(found: Novelty, era: str | None = "all") -> str:
    return reader_sentence(found, "Nauru", era).removeprefix("The text does not say so. Ledger: ")


def test_every_earlier_actor_is_named_though_one_name_is_inside_another() -> None:
    words = read(novelty(LedgerAnswer.EARLIER, *NAMES, vouched_until="2026-01-01"))
    assert words == (
        "7th, after Nigeria on 1 Jan 2020, Guinea-Bissau on 2 Jan 2020, Kenya on 3 Jan 2020, Niger on 4 Jan 2020, "
        "Guinea on 5 Jan 2020 and Ghana on 6 Jan 2020."
    )


def test_of_many_earlier_actors_the_first_are_named_and_the_others_counted() -> None:
    words = read(novelty(LedgerAnswer.CONTRADICTED, *(f"N{number:02}" for number in range(1, 16))))
    assert words.startswith("contradicted by N01 on 1 Jan 2020, ")
    assert words.endswith(f"N{NAMES_FOR_READERS} on 12 Jan 2020 and 3 more.")


def test_a_record_names_few_and_writes_days_as_iso_8601() -> None:
    assert with_words(novelty(LedgerAnswer.EARLIER, *NAMES, vouched_until="2026-01-01"), "Nauru").ledger == (
        "7th, after Nigeria on 2020-01-01, Guinea-Bissau on 2020-01-02, Kenya on 2020-01-03 and 3 more"
    )


def test_nobody_is_ranked_on_a_list_that_may_lack_some() -> None:
    words = read(novelty(LedgerAnswer.EARLIER, *NAMES[:2]))
    assert words == "at least 3 are on record, after Nigeria on 1 Jan 2020 and Guinea-Bissau on 2 Jan 2020."


@pytest.mark.parametrize(
    ("until", "words"),
    [
        ("2025-07-03", "no earlier actor in this era."),
        ("2025-07-02", "none up to 2 Jul 2025 on a whole list, none read since."),
    ],
)
def test_up_to_when_a_list_is_whole_is_said_if_the_act_came_later(until: str, words: str) -> None:
    assert read(novelty(LedgerAnswer.NO_EARLIER, vouched_until=until)) == words


def test_what_was_long_on_record_says_since_when() -> None:
    assert read(novelty(LedgerAnswer.NO_EARLIER, known_since="2024-05-01")) == "known since 1 May 2024."


@pytest.mark.parametrize(
    ("era", "words"),
    [
        ("all", "no earlier actor in this era."),
        (None, "no earlier actor in this era."),
        ("since 2021-08-15", "no earlier actor in this era (since 15 Aug 2021)."),
        ("1996-2001", "no earlier actor in this era (1996–2001)."),
        ("first republic, 1918", "no earlier actor in this era (first republic, 1918)."),
    ],
)
def test_the_era_is_named_also_one_whose_id_holds_a_comma(era: str | None, words: str) -> None:
    assert read(novelty(LedgerAnswer.NO_EARLIER), era) == words


@pytest.mark.parametrize(
    ("removal", "words"),
    [
        (Removal(by="hand", name="Nauru", source="the archive"), "not so, corrected by hand: the archive"),
        (Removal(by="actor", name="Nauru", source="Reuters"), "denied by Nauru itself, as Reuters says"),
        (Removal(by="outlet", name="Nauru", source="Reuters"), "withdrawn by Reuters"),
    ],
)
def test_who_says_that_it_did_not_happen(removal: Removal, words: str) -> None:
    assert read(novelty(LedgerAnswer.REMOVED, removal=removal)) == f"{words}."
    again = novelty(LedgerAnswer.NOTHING_NEW, removal=removal, redone_after="2023-05-01")
    assert read(again) == f"nothing new: the undoing of 1 May 2023 is {words}."
    assert with_words(again, "Nauru").ledger == f"nothing new: the undoing of 2023-05-01 is {words}"


def test_what_is_done_again_says_so() -> None:
    assert read(novelty(LedgerAnswer.NO_EARLIER, redone_after="2023-05-01")) == (
        "no earlier actor in this era; Nauru had done so before, undone on 1 May 2023."
    )


def test_scopes_and_other_eras_follow() -> None:
    found = novelty(
        LedgerAnswer.NOT_ENOUGH_KNOWN,
        scopes=(
            ScopedNovelty(scope="Arab", member="Arab country", answer=LedgerAnswer.NO_EARLIER),
            ScopedNovelty(
                scope="EU since 1994",
                member="EU member",
                since="since 1994",
                answer=LedgerAnswer.CONTRADICTED,
                vouched=True,
                position=2,
                earlier=acts("Malta"),
            ),
            ScopedNovelty(
                scope="Gulf", member="Gulf state", answer=LedgerAnswer.EARLIER, position=2, earlier=acts("Qatar")
            ),
            ScopedNovelty(scope="Baltic", unknown=Unknown.GROUP),
            ScopedNovelty(scope="African", member="African country", unknown=Unknown.MEMBERSHIP),
            ScopedNovelty(scope="since the war", unknown=Unknown.SINCE),
            ScopedNovelty(scope="Asian", member="Asian country", unknown=Unknown.TARGET),
        ),
        other_eras=acts("Pakistan", "Qatar", era="1996-2001"),
    )
    assert read(found) == "; ".join(
        (
            "not enough known: nobody vouches that the list of earlier actors is whole",
            "first Arab country: no earlier one known",
            "contradicted: second EU member since 1994, after Malta on 1 Jan 2020",
            "Gulf state: at least 2 are on record, after Qatar on 1 Jan 2020",
            "Baltic: not enough known, no group of that name",
            "African country: not enough known, Nauru is not listed as one on 3 Jul 2025",
            "since the war: not enough known, no day is known for that",
            "Asian country: not enough known, nobody vouches that the list is whole",
            "in the era 1996–2001 Pakistan, Qatar (2020).",
        )
    )


def test_names_cannot_break_the_line() -> None:
    words = read(novelty(LedgerAnswer.EARLIER, "A\nB\u202e", "C\x1b[31m"))
    assert words.isprintable()


def test_ordinals_and_eras_in_words() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 21, 22, 112, 123)] == (
        ["first", "second", "third", "4th", "11th", "21st", "22nd", "112th", "123rd"]
    )
    assert era_name("since 2021-08-15") == "since 15 Aug 2021"
