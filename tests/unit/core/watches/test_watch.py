"""A watch is a query with a name; what it carries has defaults, and a bad query is refused when it is made."""

from __future__ import annotations

import pytest

from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.watch import watch_of

ENTITIES = {"taliban"}


def test_a_watch_keeps_its_query_as_written_and_as_understood() -> None:
    watch = watch_of("w", "@taliban  Kabul", ENTITIES, tags=("afghanistan",), severity="warning")
    assert (watch.id, watch.version, watch.tags, watch.severity) == ("w", 1, ("afghanistan",), "warning")
    assert watch.query.text == "@taliban  Kabul"
    assert evaluate(watch.query, Document(title="Taliban in Kabul", names={"title": {"taliban": [(0, 7)]}})).matched


def test_a_watch_with_a_bad_query_is_refused_with_its_place() -> None:
    with pytest.raises(QueryError) as caught:
        watch_of("w", "kabul @nobody", ENTITIES)
    assert caught.value.position == 6
    assert str(caught.value) == "no entity 'nobody' (character 7)"
