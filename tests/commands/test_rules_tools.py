"""`firstwire rules test`, `check` and `import` as a user runs them: messages, exit codes, width, streams."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.errors import EXIT_CONFIG, EXIT_FAILED, EXIT_OK, EXIT_USAGE
from tests.support.command_line import firstwire, lines_of
from tests.support.configuration import write_configuration

GOOD = """watches:
  - id: kabul
    query: kabul AND embass*
    examples:
      match: [Norway reopens its embassy in Kabul]
      no_match: [Kabul falls]
events:
  - id: recognitions
    action: recognize
    examples:
      match: [Russia recognizes the Taliban government]
      no_match: [Russia may recognize the Taliban government]
"""
BAD = """watches:
  - id: kabul
    query: kabul AND embass*
    examples:
      match: ["Norway reopens \\e[31mits consulate in Kabul, as a very long title says, and says it all over again"]
  - id: never
    query: moon lang:en lang:de
  - id: first
    query: moon OR sun OR moon
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "bad.yaml").write_text(BAD, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, columns: int = 80) -> tuple[int, str, str]:
    return firstwire("rules", *arguments, cwd=folder, environment={"COLUMNS": str(columns)})


def test_examples_that_hold_end_with_a_count(folder: Path) -> None:
    assert run(folder, "test", "--rules", "good.yaml") == (EXIT_OK, "2 rules, 4 examples, 0 failed\n", "")


@pytest.mark.parametrize("columns", [80, 120])
def test_an_example_that_fails_is_told_with_place_and_reason(folder: Path, columns: int) -> None:
    code, out, err = run(folder, "test", "--rules", "bad.yaml", columns=columns)
    assert (code, err) == (EXIT_FAILED, "")
    lines = out.splitlines()
    assert lines[0] == "bad.yaml:5:15: kabul: must match, but does not"
    assert "    embass* does not occur in title, summary, body" in lines
    assert lines[-2:] == ["without examples (2): never, first", "3 rules, 1 example, 1 failed"]
    assert all(len(line) <= columns and line == line.rstrip() for line in lines)
    assert "\x1b" not in out


def test_rules_of_the_configuration_are_tried_by_themselves(folder: Path) -> None:
    write_configuration(folder, rules=["good.yaml"])
    assert run(folder, "test")[:2] == (EXIT_OK, "2 rules, 4 examples, 0 failed\n")
    assert run(folder, "check")[:2] == (EXIT_OK, "2 rules: 0 errors, 0 warnings\n")


def test_check_names_rules_that_nobody_is_told_of(folder: Path) -> None:
    write_configuration(folder, rules=["good.yaml"], slack="http://127.0.0.1:9/", match={"kind": "event"})
    code, out, _ = run(folder, "check")
    assert (code, out.splitlines()) == (
        EXIT_OK,
        [
            f"{folder}/good.yaml:2:9: kabul: warning untold",
            "    no route takes its alerts, so that nobody is notified of them",
            "2 rules: 0 errors, 1 warning",
        ],
    )


def test_check_names_an_unknown_operator_at_its_place(folder: Path) -> None:
    (folder / "typed.yaml").write_text("watches: [{id: a, query: ship* NEER/10 port}]", encoding="utf-8")
    code, out, _ = run(folder, "check", "--rules", "typed.yaml")
    assert (code, out.splitlines()) == (
        EXIT_FAILED,
        [
            "typed.yaml:1:32: a: error unknown operator",
            "    no operator NEER/10; did you mean NEAR/10? Quotes make it words",
            "1 rule: 1 error, 0 warnings",
        ],
    )


def test_a_broken_rule_file_is_an_error_of_its_own(folder: Path) -> None:
    (folder / "broken.yaml").write_text("watches: [{id: a, query: '('}]", encoding="utf-8")
    for command in ("test", "check"):
        code, out, err = run(folder, command, "--rules", "broken.yaml")
        assert (code, out) == (EXIT_CONFIG, "")
        assert err.startswith("firstwire: broken.yaml:1:26: query of watch 'a'")


def test_check_tells_errors_and_warnings_with_their_places(folder: Path) -> None:
    code, out, err = run(folder, "check", "--rules", "bad.yaml")
    assert (code, err) == (EXIT_FAILED, "")
    assert out == (
        "bad.yaml:7:25: never: error never true\n"
        "    `lang:en` and `lang:de` never hold together; remove one\n"
        "bad.yaml:9:27: first: warning never adds\n"
        "    `moon` is repeated; remove one\n"
        "3 rules: 1 error, 1 warning\n"
    )


def test_an_archive_of_which_little_can_be_read_is_told_in_a_few_lines(folder: Path) -> None:
    (folder / "articles.jsonl").write_bytes(b"{broken\n" * 30)
    code, out, err = run(folder, "check", "--rules", "good.yaml", "--articles", "articles.jsonl")
    assert (code, out) == (EXIT_OK, "archive: 0 articles\n\n2 rules: 0 errors, 0 warnings\n")
    assert len(err.splitlines()) == 21
    assert err.endswith("and 10 more unreadable lines\n")


def test_warnings_alone_leave_the_exit_code_at_0(folder: Path) -> None:
    (folder / "warned.yaml").write_text("watches: [{id: a, query: moon OR moon}]", encoding="utf-8")
    code, out, _ = run(folder, "check", "--rules", "warned.yaml")
    assert (code, out.splitlines()[-1]) == (EXIT_OK, "1 rule: 0 errors, 1 warning")


@pytest.mark.parametrize("columns", [80, 120])
def test_an_archive_gives_rates_the_last_match_and_the_silent(folder: Path, columns: int) -> None:
    titles = [
        "Kabul embassy opens",
        "Russia recognizes the Taliban government",
        "Gold falls",
        "Kabul embassy \x1b[31mshut",
    ]
    articles = [
        {"id": str(number), "title": title, "language": "en", "fetched_at": f"2025-07-0{number + 1}T00:00:00Z"}
        for number, title in enumerate(titles)
    ]
    (folder / "articles.jsonl").write_bytes(lines_of(*articles, b"{broken"))
    (folder / "more.yaml").write_text(GOOD + "  - {id: quiet, action: sever_relations}\n", encoding="utf-8")
    code, out, err = run(folder, "check", "--rules", "more.yaml", "--articles", "articles.jsonl", columns=columns)
    assert code == EXIT_OK
    assert err.startswith("line 5: not JSON")
    rows = [line.split() for line in out.splitlines() if line.startswith((" kabul", " recognitions"))]
    assert [row[:4] for row in rows] == [["kabul", "0.67", "2", "50.0%"], ["recognitions", "0.33", "1", "25.0%"]]
    assert "archive: 4 articles, fetched 2025-07-01 00:00 to 2025-07-04 00:00, 3.0 days\n" in out
    assert "no matches (1): quiet\n" in out
    assert max(map(len, out.splitlines())) <= columns
    assert "\x1b" not in out
    limited = run(folder, "check", "--rules", "more.yaml", "--articles", "articles.jsonl", "--limit", "1")[1]
    assert "and 1 rule with fewer matches: see --limit\n" in limited


@pytest.mark.parametrize(
    ("minutes", "span", "why"),
    [
        (90, "1.5 hours", "it spans 1.5 hours, less than a day"),
        (0, "0.0 hours", "all were fetched at the same time"),
    ],
)
def test_an_archive_of_less_than_a_day_gives_no_rate_and_says_why(
    folder: Path, minutes: int, span: str, why: str
) -> None:
    times = ["2025-07-01T00:00:00Z", f"2025-07-01T{minutes // 60:02}:{minutes % 60:02}:00Z"]
    articles = [
        {"id": time + str(number), "title": "Kabul embassy opens", "language": "en", "fetched_at": time}
        for number, time in enumerate(times)
    ]
    (folder / "articles.jsonl").write_bytes(lines_of(*articles))
    code, out, _ = run(folder, "check", "--rules", "good.yaml", "--articles", "articles.jsonl")
    assert code == EXIT_OK
    (row,) = [line.split() for line in out.splitlines() if line.startswith(" kabul")]
    assert row[:4] == ["kabul", "—", "2", "100.0%"]
    assert f", {span}\nno rates per day: {why}\n" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "--articles", "a", "--from-topic"], "give either --articles FILE or --from-topic"),
        (["check", "--articles", "a", "--from", "2025-01-01"], "--from and --to require --from-topic"),
        (["import", "words.txt", "--format", "opml"], "'opml' is not one of"),
        (["import", "words.txt"], "Missing option '--format'"),
        (["import", "words.txt", "--format", "csv", "--each"], "--each requires --format words"),
        (["import", "words.txt", "--format", "csv", "--block", "x"], "--block requires --format miniflux"),
        (["import", "words.txt", "--format", "words", "--prefix", "A b"], "may contain only lower-case"),
        (["import", "good.yaml", "--format", "words", "--output", "bad.yaml"], "bad.yaml exists already; --force"),
    ],
)
def test_wrong_usage_exits_with_2(folder: Path, arguments: list[str], message: str) -> None:
    code, out, err = run(folder, *arguments)
    assert (code, out) == (EXIT_USAGE, "")
    assert message in err
    assert (folder / "bad.yaml").read_text(encoding="utf-8") == BAD


def test_an_archive_or_list_that_cannot_be_read_is_an_error(folder: Path) -> None:
    (folder / "latin.txt").write_bytes("café".encode("latin-1"))
    for arguments in (
        ("check", "--rules", "good.yaml", "--articles", "absent"),
        ("import", "absent", "--format", "words"),
        ("import", "latin.txt", "--format", "words"),
        ("import", "good.yaml", "--format", "csv"),
        ("import", "good.yaml", "--format", "words", "--output", "absent/rules.yaml"),
    ):
        code, out, err = run(folder, *arguments)
        assert (code, out) == (EXIT_CONFIG, ""), arguments
        assert err.startswith("firstwire: ") or "\nfirstwire: " in err


def test_an_import_is_a_rule_file_that_can_be_tested(folder: Path) -> None:
    (folder / "My Words.txt").write_text("# places\nKabul\nr*\nDen Haag\n", encoding="utf-8")
    code, out, err = run(folder, "import", "My Words.txt", "--format", "words", "--output", "mine.yaml")
    assert (code, out) == (EXIT_OK, "")
    assert err.splitlines()[0].startswith("My Words.txt:3: not mapped: ")
    assert err.splitlines()[-1] == "1 rule, 1 line not mapped → mine.yaml"
    assert "id: 'my-words'" in (folder / "mine.yaml").read_text(encoding="utf-8")
    code, out, _ = run(folder, "test", "--rules", "mine.yaml")
    assert (code, out) == (EXIT_OK, "without examples (1): my-words\n1 rule, 0 examples, 0 failed\n")
    code, out, _ = run(
        folder, "import", "My Words.txt", "--format", "words", "--output", "mine.yaml", "--each", "--force"
    )
    assert code == EXIT_OK
    assert "my-words-den-haag" in (folder / "mine.yaml").read_text(encoding="utf-8")


def test_an_import_without_output_prints_rules_and_tells_the_rest_on_stderr(folder: Path) -> None:
    (folder / "filters.txt").write_text("intitle:moon\nf:12\n", encoding="utf-8")
    code, out, err = run(folder, "import", "filters.txt", "--format", "freshrss", "--prefix", "fresh")
    assert code == EXIT_OK
    assert out.splitlines()[1:] == [
        "watches:",
        "  # line 1: intitle:moon",
        "  - id: 'fresh-1'",
        "    query: 'title:moon*'",
    ]
    assert err.splitlines()[-1] == "1 rule, 1 line not mapped"


def test_an_import_of_nothing_exits_with_1_and_writes_nothing(folder: Path) -> None:
    (folder / "filters.txt").write_text("EntryDate=future\n", encoding="utf-8")
    code, out, err = run(folder, "import", "filters.txt", "--format", "miniflux", "--output", "none.yaml")
    assert (code, out) == (EXIT_FAILED, "")
    assert err == ("filters.txt:1: not mapped: `EntryDate`: queries cannot match dates\n0 rules, 1 line not mapped\n")
    assert not (folder / "none.yaml").exists()


def test_rules_to_leave_out_must_all_map(folder: Path) -> None:
    (folder / "keep.txt").write_text("EntryTitle=(?i)moon\n", encoding="utf-8")
    (folder / "block.txt").write_text("EntryDate=future\n", encoding="utf-8")
    code, out, err = run(folder, "import", "keep.txt", "--format", "miniflux", "--block", "block.txt")
    assert (code, out) == (EXIT_CONFIG, "")
    assert err == "firstwire: block.txt: block rule in line 1: `EntryDate`: queries cannot match dates\n"
