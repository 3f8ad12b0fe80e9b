"""The sample articles of `seeds/demo/articles.yaml`: invented outlets, one real event, many that look like it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from firstwire.config import SHIPPED
from firstwire.errors import ConfigError

SAMPLE_FILE = SHIPPED / "seeds" / "demo" / "articles.yaml"


class SampleFeed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One feed of the sample: its name is the last part of its address."""

    name: str
    format: Literal["rss", "atom", "rdf"]
    title: str
    link: str
    language: str | None = None


class Revision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of an article's later revision, under the same guid."""

    title: str
    summary: str | None = None
    body: str | None = None
    published: datetime
    updated: datetime


class SampleArticle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One article as first published. Summary and body may be HTML."""

    feed: str
    guid: str
    link: str
    title: str
    published: datetime
    updated: datetime | None = None
    summary: str | None = None
    body: str | None = None
    author: str | None = None
    source: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    update: Revision | None = None

    def revised(self) -> SampleArticle:
        """The article in its later revision; itself if it has none."""
        if self.update is None:
            return self
        return msgspec.structs.replace(self, **msgspec.structs.asdict(self.update), update=None)


class Sample(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All feeds and articles, in the order of the file."""

    feeds: tuple[SampleFeed, ...]
    articles: tuple[SampleArticle, ...]


def read_sample(file: Path = SAMPLE_FILE) -> Sample:
    """The sample of a file. Raises ConfigError with the file and what is wrong with it."""
    try:
        sample = msgspec.convert(YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8")), Sample)
    except OSError as err:
        raise ConfigError(f"cannot read the sample articles: {err.strerror}", place=str(file)) from err
    except (YAMLError, msgspec.ValidationError) as err:
        raise ConfigError(f"not the sample articles: {err}", place=str(file)) from err
    names = {feed.name for feed in sample.feeds}
    for article in sample.articles:
        if article.feed not in names:
            raise ConfigError(f"article {article.guid} is of an unknown feed {article.feed!r}", place=str(file))
    return sample
