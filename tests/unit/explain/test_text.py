"""`firstwire explain --text`: entities, events with their cues, and what rules and ledger make of them."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from firstwire.commands.cli import cli
from firstwire.explain.text import text_lines, wrapped
from tests.support.knowledge import shipped_knowledge

KNOWLEDGE, SEEDS = shipped_knowledge()


def told(text: str, language: str = "en") -> list[str]:
    return text_lines(text, KNOWLEDGE, SEEDS, language=language, at="2025-07-03T14:00:00.000Z")


def test_a_denial_is_told_with_the_words_that_decided_and_why_nobody_is_told() -> None:
    lines = told("Berlin says it is not ready to recognize the Taliban")
    assert "entity  Germany · germany, nation · “Berlin” (capital)" in lines
    assert "    event  Germany → recognize → Taliban · negated: not ready · sure · dated 2025-07-03" in lines
    assert "      evidence  Berlin … recognize … Taliban" in lines
    assert any(line.startswith("verdict  first-to-recognize v1: held_back — status is negated") for line in lines)


def test_every_reading_is_told_with_its_certainty_and_why() -> None:
    unsure = told("Oman, a paper writes, was heard to have all at once looked upon Kosovo as an independent state")
    assert any("→ Kosovo" in line and "; unsure: " in line for line in unsure if line.startswith("reading"))
    sure = told("Oman recognizes Kosovo")
    agreed = "clauses and learned agree"
    assert f"reading  recognize asserted: Oman → Kosovo: asserted: said as a fact; sure: {agreed}" in sure
    assert not any(line.startswith("reading") for line in told("Rain is coming"))


def test_what_each_reading_made_of_a_sentence_is_told() -> None:
    lines = told("Oman snaps ties with Kosovo")
    assert "      clause snap: main, active; by Oman; to ties" in lines
    assert "      by clauses oman → sever_relations → kosovo · asserted: said as a fact" in lines
    assert any(line.startswith("      learned oman → sever_relations → kosovo · ") for line in lines)


def test_a_first_is_told_with_the_alert_that_it_would_raise() -> None:
    lines = told("It rained in Oslo. Russia has become the first country to recognize the Taliban government.")
    assert lines.index("    no word that triggers detection of an event") < lines.index(
        "    mentions an act between states and a rank"
    )
    assert "      claims to be the first" in lines
    assert "verdict  first-to-recognize v1: raised — no earlier actor in this era" in lines
    assert "FIRST  Russia recognizes the Taliban government" in lines


def test_a_text_of_nobody_known_and_a_leader_are_told() -> None:
    assert told("Rain is coming")[1:3] == ["entities  none known", "sentence 1  “Rain is coming”"]
    assert any("acts for Russia" in line for line in told("Putin has arrived"))


def test_of_a_joint_act_every_verdict_says_whose_act_it_is_on() -> None:
    verdicts = [line for line in told("Norway and Spain recognize Palestine") if line.startswith("verdict")]
    assert [line.split(":")[0] for line in verdicts] == [
        f"verdict  {rule} v1, {actor}"
        for rule in ("first-to-recognize", "every-recognition")
        for actor in ("Norway", "Spain")
    ]


def test_of_a_sentence_in_another_language_its_classes_and_what_is_learned_are_shown() -> None:
    lines = told("La Russie reconnaît le gouvernement des talibans", "fr")
    assert any(line.startswith("    event  Russia → recognize → Taliban") for line in lines)
    assert any(line.strip().startswith("classes recognize “reconnaît”") for line in lines)
    assert any(line.strip().startswith("learned russia → recognize → taliban") for line in lines)
    assert not any(line.strip().startswith(("clause", "mentions")) for line in lines)
    assert "    no word that triggers detection of an event" not in lines


@pytest.mark.parametrize(
    ("text", "sentence", "outcome"),
    [
        (
            "Kenia y Kosovo juegan un partido de reconocimiento",
            "not told recognize is read (1.00), but that it has happened is 0.48 likely, and 0.6 are needed",
            "recognize is read (1.00), but that it has happened is 0.48 likely, and 0.6 are needed",
        ),
        (
            "Kenia gana la copa del mundo contra Ghana",
            "not told nothing is found that is at least 0.15 likely",
            "no act between states and no first is found by who is named",
        ),
        (
            "Mañana va a llover en la costa",
            "not read: it names nobody, its words tell of no act or first, or it stands too far behind",
            "no sentence names anybody and may tell an act between states or a first",
        ),
    ],
)
def test_of_a_text_in_another_language_that_is_not_told_it_is_said_why(text: str, sentence: str, outcome: str) -> None:
    lines = told(text, "es")
    assert sentence in [line.strip() for line in lines]
    assert f"outcome  no_match: no watch matched, and no act was found: {outcome}" in lines


def test_of_a_text_that_no_watch_matches_it_is_said_what_the_nearest_ones_lack() -> None:
    lines = told("Rain falls on the consulate in Kabul")
    silent = [line for line in lines if line.startswith("watch  ")]
    assert silent[0].startswith('watch  embassy-desk-kabul (shadow): has "kabul", "consulate"; lacks reopen*, rouvr*')
    assert silent[-1].endswith("in force do not match")


def test_a_text_under_a_wrong_language_is_explained_as_it_is_read() -> None:
    lines = told("Россия признала правительство талибов", "en")
    assert lines[0].startswith("language  en, read as ru, ")
    assert not any("triggers" in line for line in lines)


def test_long_lines_are_wrapped_between_words_and_indented() -> None:
    assert wrapped("    event  Russia → recognize → Taliban", 24) == [
        "    event  Russia →",
        "        recognize →",
        "        Taliban",
    ]
    assert wrapped("", 24) == [""]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give either an alert, article or URL, or --text TEXT"),
        (["abcd", "--text", "x"], "give either"),
        (["abcd", "--language", "en"], "--language and --at require --text"),
        (["--text", "  "], "the text is empty"),
    ],
)
def test_wrong_usage_is_named(arguments: list[str], message: str) -> None:
    shown = CliRunner().invoke(cli, ["explain", *arguments])
    assert shown.exit_code == 2
    assert message in shown.output


@pytest.mark.slow
def test_the_command_tells_and_nothing_in_the_text_steers_the_terminal() -> None:
    shown = CliRunner().invoke(cli, ["explain", "--text", "Malta recognizes Kosovo today \x1b[31m", "--language", "en"])
    assert shown.exit_code == 0
    assert "Malta → recognize → Kosovo · asserted" in shown.output
    assert "\x1b" not in shown.output
