"""An article that is taken down is found no more, whenever that is read; what is told of others stays."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import msgspec
import pytest

from firstwire.index.reading import IndexReader
from firstwire.index.results import AlertFilter
from firstwire.index.search import search
from schemas.record import Record
from schemas.takedown import Takedown
from tests.support.alerts import covering_article, watch_alert
from tests.support.indexing import Topics, filled, place_in, story, writer_in
from tests.support.records import at
from tests.support.small_gazetteer import GAZETTEER

TAKEN = Takedown(article_id="one", author="ana", reason="a court", made_at=at(9))
REVISIONS = (story("one", "Ships burn"), story("one", "Ships burn in the port", hours=1))
OTHER = story("other", "Ships sink", hours=2)
ALERT = watch_alert(
    articles=("one", "other"),
    coverage=tuple(
        msgspec.structs.replace(covering_article(number), article_id=article_id, title=title)
        for number, (article_id, title) in enumerate((("one", "Ships burn"), ("other", "Ships sink")))
    ),
    lead=msgspec.structs.replace(watch_alert().lead, article_id="one", title="Ships burn"),
    headline="Ships burn",
)
ALONE = msgspec.structs.replace(ALERT, alert_id="alone", articles=("one",), coverage=ALERT.coverage[:1])


def check(reader: IndexReader) -> None:
    found = [hit.story.article_id for query in ("ships", "burn") for hit in search(reader, GAZETTEER, query).hits]
    assert found == ["other"]
    assert reader.article("one") is None
    (shown,) = reader.alerts(AlertFilter(shadow=None), limit=10).alerts
    assert (shown.alert.headline, shown.alert.articles, shown.alert.evidence) == ("Ships sink", ("other",), ())
    assert "burn" not in msgspec.json.encode(shown.alert).decode()


@pytest.mark.parametrize("order", list(permutations(((*REVISIONS, OTHER), (ALERT, ALONE), (TAKEN,)))))
def test_it_is_gone_in_whatever_order_topics_are_read(tmp_path: Path, order: tuple[tuple[Record, ...], ...]) -> None:
    check(filled(tmp_path, [record for records in order for record in records]))


def test_it_is_gone_from_an_index_that_was_filled_before_and_stays_so(tmp_path: Path) -> None:
    topics = Topics()
    writer = writer_in(tmp_path)
    writer.apply(topics.received(*REVISIONS, OTHER, ALERT, ALONE))
    writer.apply(topics.received(TAKEN))
    writer.close()
    writer = writer_in(tmp_path)
    writer.apply(topics.received(story("one", "Ships burn once more", hours=3), ALERT))
    writer.close()
    check(IndexReader(place_in(tmp_path)))
