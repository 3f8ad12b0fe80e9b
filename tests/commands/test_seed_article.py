"""The article that this project began with: Russia, the Taliban, and one alert of a first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command_line import lines_of, replayed
from tests.support.shared_data import SEED_ARTICLE

TITLE = "Russia Becomes The First Nation to Officially Recognize Taliban Governance in Afghanistan"


@pytest.mark.parametrize("layout", ["body", "title and body", "summary, title and body", "all in the title"])
def test_the_seed_article_raises_one_first(tmp_path: Path, layout: str) -> None:
    if not SEED_ARTICLE.exists():
        pytest.skip(f"data missing: {SEED_ARTICLE}")
    text = SEED_ARTICLE.read_text(encoding="utf-8")
    summary, _, body = text.partition("\n")
    fields = {
        "body": {"title": "News", "body": text},
        "title and body": {"title": TITLE, "body": text},
        "summary, title and body": {"title": TITLE, "summary": summary, "body": body},
        "all in the title": {"title": text},
    }[layout]
    article = {"id": "seed", "language": "en", "published_at": "2025-07-04T08:00:00Z", **fields}
    output, _ = replayed(tmp_path, lines_of(article))
    (alert,) = [alert for alert in output["alerts"] if alert["kind"] == "first"]
    assert alert["subject"] == {
        "action": "recognize",
        "actor": "russia",
        "target": "taliban",
        "era": "since 2021-08-15",
    }
    assert alert["novelty"]["claimed"]
    assert alert["novelty"]["position"] == 1
    assert {"afghanistan", "russia", "taliban", "vladimir-putin"} <= set(alert["tags"])
    (story,) = output["stories"]
    for span in alert["evidence"]:
        assert story[span["field"]][span["start"] : span["end"]] == span["text"]
