"""The JSON Schemas that are shipped say what the records say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from schemas import RECORDS
from schemas.article import Article
from schemas.codec import encode
from schemas.generate import FOLDER, json_schema, schema_name, stale, write
from schemas.record import Record

WHEN = "2025-07-03T14:02:11.000Z"


def test_shipped_files_are_current() -> None:
    assert stale(FOLDER) == []


def test_a_changed_missing_or_foreign_file_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    assert stale(tmp_path) == []
    (tmp_path / "alert.json").write_text("{}")
    (tmp_path / "article.json").unlink()
    (tmp_path / "stranger.json").write_text("{}")
    assert stale(tmp_path) == ["alert.json", "article.json", "stranger.json"]
    write(tmp_path)
    assert stale(tmp_path) == []


@pytest.mark.parametrize("kind", RECORDS, ids=schema_name)
def test_schema_has_dialect_title_and_description_and_names_no_host(kind: type[Record]) -> None:
    schema = json_schema(kind)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == schema_name(kind)
    assert schema["description"]
    assert "$id" not in json.dumps(schema)
    assert schema["properties"]["schema"] == {"enum": [schema_name(kind)]}


def test_an_encoded_record_has_the_properties_of_its_schema() -> None:
    article = Article(article_id="a", title="t", language="en", published_at=WHEN, fetched_at=WHEN)
    record = json.loads(encode(article))
    schema = json_schema(Article)
    assert set(schema["required"]) <= record.keys() <= schema["properties"].keys()
