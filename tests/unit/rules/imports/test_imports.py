"""Imports: what maps means the same, what does not is told with its line, and every file written can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.parser import parse
from firstwire.core.watches.watch import Watch
from firstwire.errors import ConfigError
from firstwire.rules.imports.csv_table import map_csv
from firstwire.rules.imports.freshrss import map_freshrss
from firstwire.rules.imports.mapped import Mapped, UnmappedError, id_of
from firstwire.rules.imports.miniflux import map_miniflux
from firstwire.rules.imports.regexes import read_regex, text_query, value_query
from firstwire.rules.imports.words import map_words
from firstwire.rules.imports.writing import yaml_of
from tests.support.rules import rules_of


def finds(query: str, title: str = "", **other: str) -> bool:
    return evaluate(parse(query, ()), Document(title=title, **other)).matched  # type: ignore[arg-type]


def only(mapped: Mapped) -> str:
    (watch,) = mapped.watches
    assert mapped.unmapped == []
    return watch.query


def refusals(mapped: Mapped) -> list[tuple[int, str]]:
    return [(line.number, reason) for line, reason in mapped.unmapped]


# words

WORDS = """# places
Kabul
"islamic emirate"   # a name
Den Haag
recogni*
AND
#hidden
r*
C++
...
it's "so" here
東京
"""


def test_a_word_list_is_one_watch_and_what_is_no_term_is_told() -> None:
    mapped = map_words(WORDS, "places")
    (watch,) = mapped.watches
    assert (watch.id, len(watch.sources)) == ("places", 6)
    assert watch.query == 'Kabul OR "islamic emirate" OR "Den Haag" OR recogni* OR "AND" OR 東京'
    assert [number for number, _ in refusals(mapped)] == [8, 9, 10, 11]
    assert "2 plain characters" in refusals(mapped)[0][1]
    assert "`+` is not part of a word" in refusals(mapped)[1][1]


def test_each_word_may_be_a_watch_of_its_own_with_an_id_of_its_own() -> None:
    mapped = map_words("Kabul\nkabul\nCôte d'Ivoire\n東京\n", "p", each=True)
    assert [(watch.id, watch.query) for watch in mapped.watches] == [
        ("p-kabul", "Kabul"),
        ("p-kabul-2", "kabul"),
        ("p-cote-d-ivoire", '"Côte d\'Ivoire"'),
        ("p-4", "東京"),
    ]


def test_a_list_too_long_for_a_query_becomes_several_watches() -> None:
    mapped = map_words("\n".join(f"word{number}" for number in range(20_000)), "p")
    assert [watch.id for watch in mapped.watches] == ["p-1", "p-2", "p-3"]
    assert sum(len(watch.sources) for watch in mapped.watches) == 20_000


# CSV


def test_a_table_gives_ids_terms_tags_severity_and_what_is_left_out() -> None:
    mapped = map_csv(
        "terms,id,severity,Tags,exclude\n"
        '"Taliban; islamic emirate|x1",tali,critical,afghanistan|taliban,"cricket;polo"\n'
        "\n"
        '"a line\nbreak",,,,\n',
        "t",
    )
    first, second = mapped.watches
    assert (first.id, first.severity, first.tags) == ("tali", "critical", ("afghanistan", "taliban"))
    assert first.query == '(Taliban OR "islamic emirate" OR x1) AND NOT (cricket OR polo)'
    assert (second.id, second.query, second.sources[0].number) == ("t-4", '"a line break"', 4)
    assert mapped.unmapped == mapped.notes == []


def test_a_table_may_say_what_its_watches_tell(tmp_path: Path) -> None:
    mapped = map_csv("terms,id,tell\nmoon,a,New\nsun,b,\nmars,c,news\n", "t")
    assert [(watch.id, watch.tell) for watch in mapped.watches] == [("a", "new"), ("b", "developments")]
    assert refusals(mapped) == [(4, "tell `news` is not one of new, developments, all")]
    written = rules_of(tmp_path, yaml_of(mapped, "a.csv", "csv"))
    assert [each.rule.tell for each in written if isinstance(each.rule, Watch)] == ["new", "developments"]


def test_rows_that_do_not_map_and_unknown_columns_are_told() -> None:
    mapped = map_csv("terms,id,severity,tag\n,x,,\na;b*,y,,\nmoon,B,,\nsun,s,loud,\nsun,s,,\nsun,s,,\nsun,s,,,,\n", "t")
    assert [watch.id for watch in mapped.watches] == ["s"]
    assert refusals(mapped) == [
        (2, "no terms"),
        (3, mapped.unmapped[1][1]),
        (4, "the id `B` may contain only lower-case letters, digits, `.`, `_` and `-`"),
        (5, "severity `loud` is not one of info, warning, critical"),
        (7, "the id `s` is used already in line 6"),
        (8, "the row has more cells than the header; put quotes around one with a comma"),
    ]
    assert "terms: `b*`" in mapped.unmapped[1][1]
    assert [(line.number, note) for line, note in mapped.notes] == [
        (1, "unknown column `tag`, ignored; did you mean `tags`?")
    ]


@pytest.mark.parametrize(("text", "message"), [("a,b\n1,2\n", "no column `terms`"), ('terms\n"a\n', "not CSV")])
def test_a_table_that_is_none_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        map_csv(text, "t")


# regular expressions

REGEXES = [
    # expression, query, an article that it finds, one that it does not
    ("(?i)taliban", "taliban*", "Talibans", "Tali ban"),
    (r"(?i)\btaliban\b", "taliban", "TALIBAN", "Talibans"),
    (r"\bUS\b", "=US", "The US", "With us"),
    (r"\bus\b", "us", "With us", "Russia"),
    (r"(?i)recogni[sz]ed?\b", "recognise OR recognised OR recognize OR recognized", "recognised", "recognition"),
    (r"(?i)colou?r\b", "color OR colour", "Colour", "colours"),
    (r"(?i)\b(?:new|old) york\b", '"new york" OR "old york"', "New York", "York"),
    (r"(?i)climate[\s-]change", '"climate change*"', "climate-changes", "climate of change"),
    (r"(?i)taliban.*recogni", "(taliban* BEFORE/9999 recogni*)", "Taliban at last recognized", "Recognize Taliban"),
    (r"(?i)inter\w*\b", "inter*", "international", "in"),
    ("a|b", "a OR b", "b", "c"),
]


@pytest.mark.parametrize(("expression", "query", "found", "not_found"), REGEXES)
def test_an_expression_of_words_is_a_query(expression: str, query: str, found: str, not_found: str) -> None:
    assert text_query(read_regex(expression)) == query
    assert finds(query, found)
    assert not finds(query, not_found)


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("^moon", "begins or ends"),
        ("moon$", "begins or ends"),
        ("mo.n", "`.`"),
        (r"\d+ dead", r"`\d`"),
        ("mo{2}n", "queries cannot count"),
        ("(?=moon)", "lookahead"),
        ("lo+l", "repeats more"),
        ("[a-f]oo", "single characters"),
        ("[^a]oo", "single characters"),
        ("moon.*sun.*mars", "more than one"),
        (".*", "matches everything"),
        ("", "matches everything"),
        ("(moon", "never closed"),
        ("moon)", "closes nothing"),
        ("[moon", "never closed"),
        ("*moon", "repeats nothing"),
        ("moon\\", "backslash"),
        (r"mo\bon", "inside a word"),
        ("(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)", "alternatives"),
        ("(?x)moon", "flag `x`"),
        (r"\$5", "`$` is not part of a word"),
    ],
)
def test_an_expression_that_no_query_can_say_is_refused_with_the_reason(expression: str, reason: str) -> None:
    with pytest.raises(UnmappedError) as caught:
        text_query(read_regex(expression))
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "query"),
    [
        (r"^https?://example\.org/", "url:http://example.org/* OR url:https://example.org/*"),
        ("/sport/", "url:*/sport/*"),
        (r"\.pdf$", "url:*.pdf"),
        ("a.*b", "url:*a*b*"),
        ("a b", 'url:"*a b*"'),
    ],
)
def test_an_expression_for_addresses_is_a_pattern_of_whole_values(expression: str, query: str) -> None:
    assert value_query(read_regex(expression), "url") == query


@pytest.mark.parametrize("expression", [r"\bmoon", "a*", 'a"b', ".*", "mo^on"])
def test_an_expression_that_no_pattern_can_say_is_refused(expression: str) -> None:
    with pytest.raises(UnmappedError):
        value_query(read_regex(expression), "url")


# FreshRSS

SEARCHES = [
    ("kabul", "kabul*"),
    ("kabul 'islamic emirate'", 'kabul* AND "islamic emirate*"'),
    ("intitle:kabul -intitle:cricket", "title:kabul* AND NOT title:cricket*"),
    ('intitle:"new york"', 'title:"new york*"'),
    ("kabul OR herat !cricket", "kabul* OR herat* AND NOT cricket*"),
    ("(kabul OR herat) author:'Ann Lee'", '(kabul* OR herat*) AND author:"*Ann Lee*"'),
    ("kabul AND inurl:example.org/", "kabul* AND url:*example.org/*"),
    ("#world+news", 'tag:"world news"'),
    ("moon !(intitle:a1 OR #x)", "moon* AND NOT (title:a1 OR tag:x)"),
    (r"intitle:/\bmoon (landing|walk)\b/i", 'title:("moon landing" OR "moon walk")'),
    ("/moon/i -author:/^ann$/i", "moon* AND NOT author:ann"),
    (r"moon inurl:/^https:\/\/a\.example/", "moon* AND url:https://a.example*"),
    ("intext:moon", "(summary:moon* OR body:moon*)"),
    ("intitle:NOT", 'title:"NOT*"'),
    ("東京", "東京"),
]


@pytest.mark.parametrize(("search", "query"), SEARCHES)
def test_a_search_of_freshrss_is_a_query(search: str, query: str) -> None:
    assert only(map_freshrss(search, "f")) == query.replace("title:a1 ", "title:a1* ")


@pytest.mark.parametrize(
    ("search", "reason"),
    [
        ("f:12 moon", "`f:`"),
        ("label:x moon", "`label:`"),
        ("L:12 moon", "`L:`"),
        ("date:P1D moon", "queries cannot match dates"),
        ("search:mine", "another search"),
        ("e:12", "single article"),
        ("covid:19", "not a known operator of FreshRSS"),
        ("author:ann", "none of its words and tags"),
        ("-intitle:moon", "none of its words and tags"),
        ("intitle:moon OR author:ann", "none of its words and tags"),
        ("moon OR", "a term is missing"),
        ("(moon", "never closed"),
        ("moon)", "closes nothing"),
        ("'moon", "never closed"),
        ("intitle: moon", "a value is missing"),
        ("()", "a term is missing"),
        ("intitle:/lo+l/", "repeats more"),
        ("/moon/x", "modifiers"),
        ("author:'a \"b\"' moon", "cannot contain a quote"),
        ("!", "no letter or digit"),
    ],
)
def test_a_search_that_no_watch_can_say_is_told(search: str, reason: str) -> None:
    mapped = map_freshrss(f"# filters\n{search}\n", "f")
    assert mapped.watches == []
    ((number, why),) = refusals(mapped)
    assert number == 2
    assert reason in why


# Miniflux


@pytest.mark.parametrize(
    ("rule", "query"),
    [
        (r"EntryTitle=(?i)\b(taliban|kabul)\b", "title:(taliban OR kabul)"),
        ("EntryContent=(?i)moon", "summary:moon* OR body:moon*"),
        ("EntryTag = (?i)^politics$", "tag:politics"),
        ("(?i)moon", "title:moon* OR tag:*moon*"),
    ],
)
def test_a_rule_of_miniflux_is_a_query(rule: str, query: str) -> None:
    assert only(map_miniflux(rule, "m")) == query


def test_rules_of_miniflux_that_no_watch_can_say_are_told() -> None:
    mapped = map_miniflux("EntryDate=future\nEntryURL=/a/\nEntryFoo=x\nEntryCommentsURL=x\nEntryTitle=(?=x)\n", "m")
    assert mapped.watches == []
    assert [number for number, _ in refusals(mapped)] == [1, 2, 3, 4, 5]


def test_a_bare_rule_says_what_it_does_not_look_in() -> None:
    mapped = map_miniflux(r"(?i)\bmoon\b", "m")
    assert [watch.query for watch in mapped.watches] == ["title:moon"]
    assert [note.partition(":")[0] for _, note in mapped.notes] == [
        "only searched in titles, not in tags",
        "not searched in addresses and authors",
    ]


def test_what_is_blocked_is_left_out_of_every_watch_or_nothing_is_mapped() -> None:
    query = only(map_miniflux("EntryTitle=moon", "m", "EntryURL=/sport/\n# more\nEntryTitle=cup\n"))
    assert query == "title:moon* AND NOT (url:*/sport/* OR title:cup*)"
    with pytest.raises(UnmappedError, match="block rule in line 1: `EntryDate`"):
        map_miniflux("EntryTitle=moon", "m", "EntryDate=future")


# what is written


@pytest.mark.parametrize(
    "make",
    [
        lambda: map_words(WORDS + "\u00ad\ufeffx\nyes\n12\n", "words"),
        lambda: map_words(WORDS, "words", each=True),
        lambda: map_csv('terms,tags\n"it\'s; b",no|\'x\'|""\n', "csv"),
        lambda: map_freshrss("\n".join(search for search, _ in SEARCHES), "fresh"),
        lambda: map_miniflux(r"(?i)it's \w+" + "\nEntryTitle=(?i)a b", "mini", r"EntryURL=\?a=1"),
    ],
)
def test_a_file_written_reads_as_it_was_meant(tmp_path: Path, make: Callable[[], Mapped]) -> None:
    mapped = make()
    written = rules_of(tmp_path, yaml_of(mapped, "na\nme.txt", "words"))
    assert [(each.line.id, each.line.query, each.line.tags) for each in written] == [  # type: ignore[union-attr]
        (watch.id, watch.query, watch.tags) for watch in mapped.watches
    ]


def test_a_comment_names_the_line_of_every_watch_and_cannot_break_out(tmp_path: Path) -> None:
    text = yaml_of(map_freshrss("moon\nintitle:sun\x85watches:", "f"), "f.txt", "freshrss")
    assert "  # line 1: moon\n" in text
    assert text.count("watches:\n") == 1


def test_ids_are_made_of_whatever_is_there() -> None:
    assert (id_of("Über uns!"), id_of("東京"), id_of("--a--")) == ("uber-uns", "", "a")
