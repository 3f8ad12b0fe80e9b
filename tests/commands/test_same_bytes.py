"""One range replayed again and again, by processes of their own, from whatever it is kept in: the same bytes."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path

import pytest

from firstwire.errors import EXIT_OK
from tests.support.command_line import FILES, firstwire, lines_of

DECIDED = ("events", "matches", "alerts", "verdicts")
"""What is the same from stories, which know no duplicates."""

ARTICLES = lines_of(
    *(
        {
            "id": f"a{number}",
            "title": title,
            "url": f"https://{'abc'[number % 3]}.example/{number}",
            "source": f"{'abc'[number % 3]}.example",
            "published_at": f"2025-07-{1 + number // 8:02}T0{number % 8}:00:00Z",
        }
        for number, title in enumerate(
            [
                "Russia formally recognizes the Taliban government",
                "Russia becomes the first country to recognize Taliban rule",
                "Russia formally recognizes the Taliban government",
                "Kremlin denies that it will recognize the Taliban",
                "Norway opens an embassy in Mali",
                "Ships wait in the port of Aden",
                "Malta recognizes Palestine, says its minister",
                "Chad and Sudan restore diplomatic relations",
            ]
            * 3
        )
    ),
    b"{not json}\n",
)


def hashes(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / f"{name}.jsonl").read_bytes()).hexdigest() for name in FILES}


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_replays_of_a_range_are_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "plain.jsonl").write_bytes(ARTICLES)
    (tmp_path / "packed.jsonl").write_bytes(gzip.compress(ARTICLES))
    code, _, err = firstwire("archive", "export", "--articles", "plain.jsonl", "--output", "kept", cwd=tmp_path)
    assert code == EXIT_OK, err
    sources = [("--articles", "plain.jsonl")] * 3 + [("--articles", "packed.jsonl")] * 2
    sources += [("--archive", "kept")] * 2 + [("--archive", "kept", "--from-stage", "stories")] * 3
    found: list[dict[str, str]] = []
    for number, source in enumerate(sources):
        environment = {"PYTHONHASHSEED": str(number), "TZ": ("UTC", "Asia/Kathmandu")[number % 2]}
        output = f"out{number}"
        code, _, err = firstwire("replay", *source, "--output", output, cwd=tmp_path, environment=environment)
        assert code == EXIT_OK, err
        found.append(hashes(tmp_path / output))
    assert found[0] == found[1] == found[2] == found[3] == found[4]
    assert found[5] == found[6]
    assert found[7] == found[8] == found[9]
    for other in (found[5], found[7]):
        assert {name: other[name] for name in DECIDED} == {name: found[0][name] for name in DECIDED}
    assert len((tmp_path / "out0" / "alerts.jsonl").read_bytes().splitlines()) >= 2
