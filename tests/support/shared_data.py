"""Real texts that lie beside the repository, where they are there: what needs them says "data missing" where not."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from schemas.article import Article
from schemas.times import EPOCH, format_timestamp

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
DATA = SHARED / "data"
CASES = SHARED / "cases"
SEED_ARTICLE = SHARED / "seed" / "russia-recognises-taliban.txt"
WIRE = DATA / "near-duplicates" / "wire_1987"
_DATE = re.compile(r"\d{1,2}-[A-Z]{3}-\d{4} \d\d:\d\d:\d\d\.\d+")


def wire_articles() -> list[Article] | None:
    """Real wire stories, if the data folder is there."""
    if not WIRE.is_dir():
        return None
    found: list[Article] = []
    time_of_it = EPOCH
    for file in sorted(WIRE.glob("*.json")):
        for story in json.loads(file.read_text(encoding="utf-8")):
            title, body = story.get("title") or "", story.get("body") or ""
            if title or body:
                stamp = _DATE.search(story["date"])
                if stamp is not None:  # a few have none: they keep the time of the one before
                    moment = datetime.strptime(stamp[0], "%d-%b-%Y %H:%M:%S.%f").replace(tzinfo=UTC)
                    time_of_it = format_timestamp(moment)
                found.append(
                    Article(
                        article_id=f"w{len(found)}",
                        title=title or body[:80],
                        body=body,
                        language="en",
                        source="wire",
                        published_at=time_of_it,
                        fetched_at=time_of_it,
                    )
                )
    return found
