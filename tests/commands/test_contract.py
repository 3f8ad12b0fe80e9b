"""The offline drive as an outside evaluation calls it: files, fields, ids, times, languages, bad lines, exit codes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import orjson
import pytest

from schemas import Alert, Event, Match, Outcome, Story
from schemas.times import EPOCH
from tests.support.command_line import FILES, firstwire, lines_of, live, replayed

TAIL = " The embassy in Kabul stays open, the ministry said, and talks on trade, energy and transport go on as planned."

RUSSIA = {
    "id": "ru-1",
    "title": "Russia becomes the first nation to recognize the Taliban government",
    "summary": "Moscow accepted the credentials of a new Afghan ambassador.",
    "body": "Russia has formally recognized the Taliban government on Thursday." + TAIL,
    "language": "en",
    "source": "Reuters",
    "url": "https://news.example/russia?utm_source=rss",
    "published_at": "2025-07-03T15:00:00Z",
    "fetched_at": "2025-07-03T15:01:00Z",
    "tags": ["Taliban", "Diplomacy"],
}
COPY = {**RUSSIA, "id": "ru-2", "source": "AFP", "url": "https://other.example/1", "fetched_at": "2025-07-03T16:00:00Z"}
UPDATE = {
    **RUSSIA,
    "title": "Russia recognizes Taliban government, first to do so",
    "fetched_at": "2025-07-03T17:00:00Z",
}
AGAIN = {**RUSSIA, "fetched_at": "2025-07-03T18:00:00Z"}
LATER = {
    "id": "cn-1",
    "title": "China recognizes the Taliban government",
    "source": "Xinhua",
    "published_at": "2025-08-01T08:00:00Z",
}
QUIET = {"url": "https://news.example/cricket", "title": "Afghanistan wins the cricket final", "source": "Reuters"}

ARTICLES = (RUSSIA, COPY, UPDATE, AGAIN, LATER, QUIET)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[dict[str, Any]]]:
    return replayed(tmp_path_factory.mktemp("replay"), lines_of(*ARTICLES))[0]


def test_every_file_holds_records_of_its_schema(found: dict[str, list[dict[str, Any]]]) -> None:
    kinds = {"stories": Story, "events": Event, "matches": Match, "alerts": Alert, "outcomes": Outcome}
    for name, kind in kinds.items():
        for line in found[name]:
            assert orjson.loads(orjson.dumps(msgspec.to_builtins(msgspec.convert(line, kind)))) == line


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("stories", "article_id story_id relation copy_of similarity origin_id"),
        (
            "events",
            "article_id event_id action actors targets polarity status ordinal ordinal_scope claims_first evidence",
        ),
        (
            "alerts",
            "alert_id revision rule_id rule_version kind subject state headline articles outlets origins tags novelty"
            " times evidence",
        ),
        ("outcomes", "article_id outcome reason trail"),
    ],
)
def test_the_promised_fields_are_there(found: dict[str, list[dict[str, Any]]], name: str, fields: str) -> None:
    assert found[name]
    for line in found[name]:
        assert set(fields.split()) <= set(line)


def test_the_promised_fields_of_matches_are_in_their_schema() -> None:
    assert {"article_id", "story_id", "rule_id", "tags", "evidence"} <= set(Match.__struct_fields__)


def test_the_parts_of_events_and_alerts_have_the_promised_fields(found: dict[str, list[dict[str, Any]]]) -> None:
    for event in found["events"]:
        for entity in event["actors"] + event["targets"]:
            assert set(entity) == {"id", "name", "kind"}
        assert all(set(span) == {"field", "start", "end", "text"} for span in event["evidence"])
    for alert in found["alerts"]:
        assert set(alert["subject"]) in ({"action", "actor", "target", "era"}, {"story"})
        assert {"claimed", "ledger", "position", "earlier"} <= set(alert["novelty"])


def test_stories_have_one_line_per_article_in_order_duplicates_too(found: dict[str, list[dict[str, Any]]]) -> None:
    told = [(line["article_id"], line["relation"], line["copy_of"]) for line in found["stories"]]
    assert told[:5] == [
        ("ru-1", "new", None),
        ("ru-2", "copy", "ru-1"),
        ("ru-1", "update", "ru-1"),
        ("ru-1", "duplicate", "ru-1"),
        ("cn-1", "new", None),
    ]
    assert len({line["story_id"] for line in found["stories"][:4]}) == 1
    assert {line["origin_id"] for line in found["stories"][:4]} == {"ru-1"}


def test_outcomes_have_one_line_per_article(found: dict[str, list[dict[str, Any]]]) -> None:
    told = [(line["article_id"], line["outcome"]) for line in found["outcomes"]]
    assert told[:5] == [
        ("ru-1", "alerting"),
        ("ru-2", "alerting"),
        ("ru-1", "alerting"),
        ("ru-1", "duplicate"),
        ("cn-1", "alerting"),
    ]
    assert told[5][1] == "no_match"
    assert all(line["reason"] and line["trail"] for line in found["outcomes"])


def test_alerts_have_one_line_each_in_its_final_state(found: dict[str, list[dict[str, Any]]]) -> None:
    (alert,) = live(found["alerts"])
    assert (alert["kind"], alert["rule_id"], alert["state"]) == ("first", "first-to-recognize", "updated")
    assert alert["revision"] == 3
    assert alert["articles"] == ["ru-2", "ru-1"] or alert["articles"] == ["ru-1", "ru-2"]
    assert alert["outlets"] == ["AFP", "Reuters"]
    assert alert["origins"] == ["ru-1"]
    assert {"russia", "taliban"} <= set(alert["tags"])
    assert alert["novelty"]["position"] == 1
    assert len({alert["alert_id"] for alert in found["alerts"]}) == len(found["alerts"])


def test_rules_in_shadow_are_recorded_beside_what_is_told(found: dict[str, list[dict[str, Any]]]) -> None:
    shadow = {(alert["rule_id"], alert["subject"]["actor"]) for alert in found["alerts"] if alert["shadow"]}
    assert {("every-recognition", "russia"), ("every-recognition", "china")} <= shadow


def test_every_output_of_an_article_names_its_id(found: dict[str, list[dict[str, Any]]]) -> None:
    for name in ("stories", "events", "outcomes"):
        assert {line["article_id"] for line in found[name]} <= {"ru-1", "ru-2", "cn-1"} | {
            found["stories"][5]["article_id"]
        }


def test_an_article_without_an_id_gets_one_from_its_url(found: dict[str, list[dict[str, Any]]]) -> None:
    assert len(found["stories"][5]["article_id"]) == 32
    assert found["stories"][5]["url"] == "https://news.example/cricket"


def test_events_of_an_article_come_strongest_first_and_one_per_act(found: dict[str, list[dict[str, Any]]]) -> None:
    for article in ("ru-1", "ru-2", "cn-1"):
        events = [line for line in found["events"] if line["article_id"] == article and line["context"]]
        by_time: dict[str, list[dict[str, Any]]] = {}
        for event in events:
            by_time.setdefault(event["context"]["fetched_at"], []).append(event)
        for told in by_time.values():
            assert [event["strength"] for event in told] == sorted((event["strength"] for event in told), reverse=True)
            keys = [
                (
                    event["action"],
                    event["status"],
                    tuple(sorted(actor["id"] for actor in event["actors"])),
                    tuple(sorted(target["id"] for target in event["targets"])),
                )
                for event in told
            ]
            assert len(set(keys)) == len(keys)


def test_targets_of_one_event_are_merged_again(tmp_path: Path) -> None:
    both = {"id": "x", "title": "Russia recognizes Abkhazia and South Ossetia", "published_at": "2008-08-26"}
    output, _ = replayed(tmp_path, lines_of(both), "--ledger", "none")
    (event,) = output["events"]
    assert {target["id"] for target in event["targets"]} == {"abkhazia", "south-ossetia"}
    assert {alert["subject"]["target"] for alert in output["alerts"]} == {"abkhazia", "south-ossetia"}


EVIL_TITLE = "🇷🇺👩‍👩‍👧 Re\u0301sume\u0301: Россия… Russia recognizes the Taliban government 😀 — “fi\u0301rst”"


def test_evidence_is_counted_in_code_points_of_the_field_as_published(tmp_path: Path) -> None:
    wild = {
        "id": "wild",
        "title": EVIL_TITLE,
        "summary": "\u202e😀😀 Moscow\u00a0said that Russia recognizes\u200b the Taliban government.",
        "body": "ﬁrst 𝕽ussia — \r\n\t Russia has recognised the Taliban government, e\u0301e\u0301 said.\u2028Next.",
        "published_at": "2025-07-03T15:00:00Z",
    }
    output, _ = replayed(tmp_path, lines_of(wild))
    (story,) = output["stories"]
    assert {name: story[name] for name in ("title", "summary", "body")} == {
        name: wild[name] for name in ("title", "summary", "body")
    }
    spans = [span for record in output["events"] + output["alerts"] for span in record["evidence"]]
    assert spans
    for span in spans:
        assert story[span["field"]][span["start"] : span["end"]] == span["text"]


TIMES: list[tuple[str | None, str | None, tuple[str | None, str]]] = [
    ("2025-07-03T15:00:00Z", None, ("2025-07-03T15:00:00.000Z",) * 2),
    (None, "2025-07-03T15:00:00+02:00", (None, "2025-07-03T13:00:00.000Z")),
    (None, None, (None, EPOCH)),
    ("", "", (None, EPOCH)),
    ("2025-07-03", "2025-07-04T01:02:03.456789", ("2025-07-03T00:00:00.000Z", "2025-07-04T01:02:03.456Z")),
    ("0001-01-01", "9999-12-31T23:59:59Z", ("0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.000Z")),
]


def test_a_missing_time_of_fetching_is_made_up_but_never_one_of_publication(tmp_path: Path) -> None:
    articles = [
        {"id": str(number), "title": f"Title {number}", "published_at": published, "fetched_at": fetched}
        for number, (published, fetched, _) in enumerate(TIMES)
    ]
    output, _ = replayed(tmp_path, lines_of(*articles))
    told = [(story["published_at"], story["fetched_at"]) for story in output["stories"]]
    assert told == [expected for _, _, expected in TIMES]


def test_an_unknown_date_is_null_in_every_record(tmp_path: Path) -> None:
    undated = {name: value for name, value in RUSSIA.items() if name != "published_at"}
    (tmp_path / "rules.yaml").write_text(
        "watches: [{id: watch, query: taliban}]\nevents: [{id: event, action: [recognize]}]\n", encoding="utf-8"
    )
    output, _ = replayed(
        tmp_path, lines_of({**undated, "fetched_at": "2025-07-03T16:00:00Z"}), "--rules", tmp_path / "rules.yaml"
    )
    assert {alert["kind"] for alert in output["alerts"]} == {"watch", "event"}
    times = {"published_at": None, "fetched_at": "2025-07-03T16:00:00.000Z"}
    for alert in output["alerts"]:
        assert alert["times"] == times
    for record in (*output["events"], *output["matches"]):
        assert {name: record["context"][name] for name in times} == times
    assert {event["act_date"] for event in output["events"]} == {None}


def test_a_missing_language_is_detected_and_a_given_one_kept(tmp_path: Path) -> None:
    output, _ = replayed(
        tmp_path,
        lines_of(
            {"id": "1", "title": "Россия официально признала правительство талибов в Афганистане, сообщил МИД"},
            {"id": "2", "title": "Russia has recognized the government of the Taliban in Afghanistan"},
            {"id": "3", "title": "俄罗斯正式承认塔利班政府", "language": None},
            {"id": "4", "title": "Some words", "language": "de-AT"},
        ),
    )
    assert [story["language"] for story in output["stories"]] == ["ru", "en", "zh", "de-at"]


def test_an_id_is_kept_as_text(tmp_path: Path) -> None:
    ids: dict[str, object] = {"42": 42, "0": 0, "-7": -7, "0042": "0042", "ü 😀": "ü 😀"}
    output, _ = replayed(tmp_path, lines_of(*({**RUSSIA, "id": article_id} for article_id in ids.values())))
    for name in ("stories", "events", "outcomes"):
        assert list(dict.fromkeys(line["article_id"] for line in output[name])) == list(ids)
    assert set(output["alerts"][0]["articles"]) == set(ids)


GOOD = orjson.dumps({"id": "good", "title": "A good line"})

BAD_LINES: list[tuple[bytes, str, str]] = [
    (b'{"id": "x", "title": ', "line-2", "not JSON"),
    (b"nonsense", "line-2", "not JSON"),
    (b'["id", "title"]', "line-2", "not an object"),
    (b"null", "line-2", "not an object"),
    (b"42", "line-2", "not an object"),
    (b'{"id": "x"}', "x", "no title"),
    (b'{"id": "x", "title": ""}', "x", "no title"),
    (b'{"id": "x", "title": " \\t "}', "x", "no title"),
    (b'{"id": "x", "title": null}', "x", "no title"),
    (b'{"title": "t"}', "line-2", "neither id nor url"),
    (b'{"title": "t", "id": "", "url": ""}', "line-2", "neither id nor url"),
    (b'{"title": 7, "id": "x"}', "x", "title is no text"),
    (b'{"title": ["t"], "id": "x"}', "x", "title is no text"),
    (b'{"title": "t", "id": {"a": 1}, "url": "https://u.example/"}', "https://u.example/", "id is no text"),
    (b'{"title": "t", "id": true}', "line-2", "id is no text"),
    (b'{"title": "t", "id": 1.5}', "line-2", "id is no text"),
    (b'{"title": "t", "id": "x", "body": 1}', "x", "body is no text"),
    (b'{"title": "t", "id": "x", "tags": [1]}', "x", "tags is neither"),
    (b'{"title": "t", "id": "x", "tags": {"a": 1}}', "x", "tags is neither"),
    (b'{"title": "t", "id": "x", "published_at": "yesterday"}', "x", "published_at is no time"),
    (b'{"title": "t", "id": "x", "published_at": 1751551331}', "x", "published_at is no text"),
    (b'{"title": "t", "id": "x", "fetched_at": "Thu, 03 Jul 2025 15:00:00 GMT"}', "x", "fetched_at is no time"),
    (b'{"title": "t", "id": "x", "fetched_at": "2025-13-45"}', "x", "fetched_at is no time"),
    (b'{"title": "t", "id": "x", "fetched_at": "0001-01-01T00:00:00+14:00"}', "x", "fetched_at is out of range"),
    (b'{"title": "\\ud83d", "id": "x"}', "line-2", "not JSON"),
    (b'{"title": "\xff\xfe", "id": "x"}', "line-2", "not JSON"),
    (b'{"title": "a\x00b", "id": "x"}', "line-2", "not JSON"),
    (b'{"title": NaN, "id": "x"}', "line-2", "not JSON"),
    (b"[" * 100_000, "line-2", "not JSON"),
    (b'\xef\xbb\xbf{"title": "t", "id": "x"}', "line-2", "not JSON"),
]


def test_lines_that_cannot_be_read_are_named_counted_and_passed_over(tmp_path: Path) -> None:
    content = b"\n".join([GOOD, *(line for line, _, _ in BAD_LINES), GOOD.replace(b"good", b"last")])
    output, err = replayed(tmp_path, content)
    assert [story["article_id"] for story in output["stories"]] == ["good", "last"]
    assert len(output["outcomes"]) == len(BAD_LINES) + 2
    rejected = [line for line in output["outcomes"] if line["outcome"] == "rejected"]
    told = err.splitlines()
    for number, ((_, named, reason), outcome) in enumerate(zip(BAD_LINES, rejected, strict=True), start=2):
        assert outcome["article_id"] == named.replace("line-2", f"line-{number}")
        assert outcome["reason"].startswith(f"line {number}: {reason}"), outcome
        assert any(line.startswith(f"line {number}: {reason}") for line in told)
    assert len(told) == len(BAD_LINES) + 1


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + GOOD + b"\n",
        GOOD + b"\r\n",
        b"\n\r\n  \n" + GOOD,
        GOOD,
        GOOD.replace(b"good", b"\\u0000go\\u2028od"),
        orjson.dumps({"id": "good", "title": "A good line", "body": "x " * 500_000}),
        orjson.dumps({"id": "good", "title": "A good line. " * 80_000}),
        orjson.dumps({"id": "good", "title": "A good line", "unknown": {"deep": [1]}, "tags": "a, b"}),
    ],
    ids=[
        "byte order mark",
        "CRLF",
        "empty lines",
        "no newline",
        "escaped NUL",
        "large body",
        "large title",
        "more keys",
    ],
)
def test_what_is_odd_but_right_is_read(tmp_path: Path, content: bytes) -> None:
    output, err = replayed(tmp_path, content)
    assert [line["outcome"] for line in output["outcomes"]] == ["no_match"]
    assert err.startswith("1 articles,")


def test_an_empty_file_gives_empty_files(tmp_path: Path) -> None:
    output, _ = replayed(tmp_path, b"")
    assert output == {name: [] for name in FILES}


def test_two_runs_write_the_same_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    runs = []
    for seed in ("0", "1", "4242"):
        folder = tmp_path / seed
        folder.mkdir()
        replayed(folder, lines_of(*ARTICLES), environment={"PYTHONHASHSEED": seed})
        runs.append({file.name: file.read_bytes() for file in sorted((folder / "output").iterdir())})
    assert runs[0] == runs[1] == runs[2]
    assert set(runs[0]) >= {f"{name}.jsonl" for name in FILES}


def test_a_second_run_into_the_same_folder_replaces_the_first(tmp_path: Path) -> None:
    replayed(tmp_path, lines_of(*ARTICLES))
    output, _ = replayed(tmp_path, lines_of(QUIET))
    assert [len(output[name]) for name in FILES] == [1, 0, 0, 0, 1, 0]


RULES = """
events:
  - id: every-recognition
    action: recognize
    novelty: any
    tags: [desk]
"""


def test_given_rules_replace_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(RULES, encoding="utf-8")
    output, _ = replayed(tmp_path, lines_of(RUSSIA, LATER), "--rules", tmp_path / "rules.yaml")
    told = {(alert["rule_id"], alert["kind"], alert["subject"]["actor"]) for alert in output["alerts"]}
    assert told == {("every-recognition", "event", "russia"), ("every-recognition", "event", "china")}
    assert all("desk" in alert["tags"] for alert in output["alerts"])
    by_actor = {alert["subject"]["actor"]: alert["novelty"] for alert in output["alerts"]}
    assert (by_actor["china"]["position"], by_actor["china"]["ledger"]) == (2, "second, after Russia on 2025-07-03")


def test_rules_may_be_a_folder_or_json(tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "a.yaml").write_text(RULES, encoding="utf-8")
    (rules / "b.yml").write_text('{"events": [{"id": "json", "action": ["recognize"]}]}', encoding="utf-8")
    output, _ = replayed(tmp_path, lines_of(RUSSIA), "--rules", rules)
    assert [alert["rule_id"] for alert in output["alerts"]] == ["every-recognition", "json"]


WATCHES = """
watches:
  - id: recognition
    query: '@taliban AND recogni* NEAR/8 (government OR "islamic emirate") AND NOT title:cricket'
    tags: [desk, taliban]
    severity: warning
  - id: embassies
    query: '"embassy in Kabul"'
"""


def test_matches_have_one_line_per_article_and_rule_copies_and_updates_too(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text(WATCHES + RULES.lstrip(), encoding="utf-8")
    output, _ = replayed(tmp_path, lines_of(*ARTICLES), "--rules", tmp_path / "rules.yaml")
    told = [(line["article_id"], line["rule_id"]) for line in output["matches"]]
    passed = ("ru-1", "ru-2", "ru-1")
    expected = [(article, rule) for article in passed for rule in ("recognition", "embassies")]
    assert sorted(told) == sorted([*expected, ("cn-1", "recognition")])
    stories = {story["article_id"]: story for story in output["stories"]}
    for line in output["matches"]:
        assert {"article_id", "story_id", "rule_id", "tags", "evidence"} <= set(line)
        assert line["story_id"] == stories[line["article_id"]]["story_id"]
        assert line["evidence"]
    alerts = {(alert["rule_id"], alert["kind"], len(alert["articles"])) for alert in output["alerts"]}
    assert alerts == {
        ("recognition", "watch", 2),
        ("recognition", "watch", 1),
        ("embassies", "watch", 2),
        ("every-recognition", "event", 2),
        ("every-recognition", "event", 1),
    }
    for alert in output["alerts"]:
        if alert["kind"] == "watch":
            assert set(alert["subject"]) == {"story"}
            assert alert["novelty"] is None
    rules = {line["article_id"]: set(line["rules"]) for line in output["outcomes"] if line["outcome"] == "alerting"}
    assert rules["cn-1"] == {"recognition", "every-recognition"}


@pytest.mark.parametrize(
    ("tell", "verdict", "developments"),
    [("new", "joined", []), ("developments", "joined", []), ("all", "development", ["ru-2"])],
)
def test_a_watch_has_one_verdict_per_match_and_tells_what_it_asks_for(
    tmp_path: Path, tell: str, verdict: str, developments: list[str]
) -> None:
    rule = f"watches: [{{id: recognition, query: '@taliban AND recogni*', tell: {tell}}}]\n"
    (tmp_path / "rules.yaml").write_text(rule, encoding="utf-8")
    output, _ = replayed(tmp_path, lines_of(RUSSIA, COPY), "--rules", tmp_path / "rules.yaml")
    first, second = output["verdicts"]
    assert (first["article_id"], first["verdict"], first["partner"]) == ("ru-1", "raised", None)
    assert (second["article_id"], second["verdict"]) == ("ru-2", verdict)
    assert second["partner"] == ("ru-1" if tell == "developments" else None)
    assert {line["alert_id"] for line in (first, second)} == {output["alerts"][0]["alert_id"]}
    assert [each["article_id"] for each in output["alerts"][0]["developments"]] == developments
    assert len(output["matches"]) == len(output["verdicts"])


LATE_ABKHAZIA = {
    "id": "x",
    "title": "Iran becomes the first country to recognize Abkhazia",
    "published_at": "2025-07-03T15:00:00Z",
}


def test_the_shipped_ledger_holds_back_and_none_starts_empty(tmp_path: Path) -> None:
    shipped, _ = replayed(tmp_path, lines_of(LATE_ABKHAZIA))
    empty, _ = replayed(tmp_path, lines_of(LATE_ABKHAZIA), "--ledger", "none")
    assert (len(live(shipped["alerts"])), len(live(empty["alerts"]))) == (0, 1)
    (alert,) = live(empty["alerts"])
    assert (alert["subject"]["actor"], alert["novelty"]["position"]) == ("iran", 1)


def test_a_given_ledger_replaces_the_shipped_one(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.yaml"
    ledger.write_text(
        "acts: [{action: recognize, target: taliban, source: test, actors: {nauru: 2025-01-01}}]", encoding="utf-8"
    )
    output, _ = replayed(tmp_path, lines_of(RUSSIA, LATE_ABKHAZIA), "--ledger", ledger)
    assert [alert["subject"]["target"] for alert in live(output["alerts"])] == ["abkhazia"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--articles", "absent.jsonl", "--output", "out"], 78, "absent.jsonl: cannot read the articles: No such file"),
        (["--articles", ".", "--output", "out"], 78, "cannot read the articles: Is a directory"),
        (["--articles", "good.jsonl", "--output", "good.jsonl"], 78, "good.jsonl: cannot write there: File exists"),
        (["--articles", "good.jsonl", "--output", "good.jsonl/deep"], 78, "cannot write there: Not a directory"),
        (["--articles", "good.jsonl", "--output", "out", "--rules", "absent.yaml"], 78, "absent.yaml: cannot read it"),
        (
            ["--articles", "good.jsonl", "--output", "out", "--rules", "empty"],
            78,
            "empty: no YAML file in this directory",
        ),
        (["--articles", "good.jsonl", "--output", "out", "--ledger", "absent.yaml"], 78, "absent.yaml: cannot read it"),
        (
            ["--articles", "good.jsonl", "--output", "out", "--config", "absent.toml"],
            78,
            "absent.toml: cannot read the",
        ),
        (["--output", "out"], 2, "give either --articles FILE or --from-topic"),
        (["--articles", "good.jsonl", "--from-topic", "--output", "out"], 2, "give either --articles"),
        (["--articles", "good.jsonl"], 2, "give either --output FOLDER or --to-topics RUN"),
    ],
)
def test_what_cannot_be_done_ends_with_a_clear_line(
    tmp_path: Path, arguments: list[str], code: int, message: str
) -> None:
    (tmp_path / "good.jsonl").write_bytes(GOOD)
    (tmp_path / "empty").mkdir()
    ended, out, err = firstwire("replay", *arguments, cwd=tmp_path)
    assert (ended, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    assert not (tmp_path / "out" / "alerts.jsonl").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_ends_with_a_clear_line(tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_bytes(GOOD)
    (tmp_path / "shut").mkdir(mode=0o555)
    code, _, err = firstwire("replay", "--articles", "good.jsonl", "--output", "shut/in", cwd=tmp_path)
    assert code == 78
    assert "cannot write there: Permission denied" in err


def test_a_broken_rule_ends_the_replay_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "good.jsonl").write_bytes(GOOD)
    (tmp_path / "rules.yaml").write_text("events:\n  - id: a\n    aktion: recognize\n", encoding="utf-8")
    code, _, err = firstwire(
        "replay", "--articles", "good.jsonl", "--output", "out", "--rules", "rules.yaml", cwd=tmp_path
    )
    assert code == 78
    assert err.strip() == "firstwire: rules.yaml:3:5: unknown key 'aktion'; did you mean 'action'?"
