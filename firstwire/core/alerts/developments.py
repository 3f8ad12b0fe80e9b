"""Whether an article that a watch matched is told: as the alert of its story, as a development of it, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firstwire.core.text.digest import digest
from firstwire.core.text.wording import cut, one_line
from schemas.alert import VerdictKind
from schemas.event import Matches
from schemas.rules import Tell
from schemas.state import WatchedArticle

WHAT_LIMIT = 200
"""Code points of what a development adds."""

OPENERS_ONLY = "the watch tells only what opens a story (tell: new)"
UNSEEN = "first report of it that this watch matches"
"""What is new about an article whose news is no news to the story, but to the reader of this watch."""


@dataclass(frozen=True)
class Telling:
    """What becomes of one revision of an article, and why."""

    verdict: VerdictKind
    reason: str
    what: str = ""
    """What a development adds, in a few words."""
    partner: str | None = None
    """The article that it is silent for."""
    is_untold: bool = False
    """Whether it says something that nobody is told, since the watch does not ask for it."""
    is_known: bool = False
    """Whether this revision was judged before: nothing changes."""


RAISING = Telling(VerdictKind.RAISED, "first match of this story")


def telling_of(match: Matches, tell: Tell, news: str, so_far: Sequence[WatchedArticle]) -> Telling:
    """Judge a match of one watch against the articles of its alert, of which there are none before the first.

    `news` is the mark of its news.
    """
    if not so_far:
        return RAISING
    articles = {article.article_id: article for article in so_far}
    held = articles.get(match.article_id)
    if held is not None and match.context.fetched_at <= held.fetched_at:
        return Telling(VerdictKind.JOINED, "this revision was judged before", is_known=True)
    said = _said_by_itself(match, news, held) or _said_before(match, articles)
    if tell == "new":
        return Telling(VerdictKind.JOINED, OPENERS_ONLY, is_untold=said is None)
    if said is None or (tell == "all" and held is None):
        what = _what(match, is_revision=held is not None, is_repeated=said is not None)
        return Telling(VerdictKind.DEVELOPMENT, f"told as a development: {what}{_untold(match, articles)}", what)
    return said


def news_mark(match: Matches) -> str:
    """What identifies the news of an article; empty if it names none."""
    return digest("news", match.news)[:16] if match.news else ""


def _said_by_itself(match: Matches, news: str, held: WatchedArticle | None) -> Telling | None:
    """The verdict on a revision that adds nothing to what its article was told for; None if it may."""
    if held is None or held.untold:
        return None
    if news and news == held.news:
        reason = f"a new revision of article {match.article_id} with the same news"
    elif set(match.retells) == {match.article_id}:
        reason = f"a new revision of article {match.article_id} that adds nothing"
    else:
        return None
    return Telling(VerdictKind.JOINED, reason, partner=match.article_id)


def _said_before(match: Matches, articles: Mapping[str, WatchedArticle]) -> Telling | None:
    """The verdict on an article all of which the reader of this watch was told before; None if something is new."""
    told = [articles.get(article_id) for article_id in match.retells]
    if not told or any(each is None or each.untold for each in told):
        return None
    partner = match.retells[0]
    verb = "a copy of" if match.context.relation == "copy" else "retells"
    others = f" and {len(told) - 1} more" if len(told) > 1 else ""
    reason = f"{verb} article {partner}{others}, {_how_told(articles[partner])}"
    return Telling(VerdictKind.JOINED, reason, partner=partner)


def _how_told(article: WatchedArticle) -> str:
    if article.verdict is VerdictKind.RAISED:
        return "which raised the alert"
    if article.verdict is VerdictKind.DEVELOPMENT:
        return "told as a development"
    return "which added nothing itself"


def _untold(match: Matches, articles: Mapping[str, WatchedArticle]) -> str:
    """Which of the articles that it retells were not told to the reader of this watch."""
    untold = [each for each in match.retells if (held := articles.get(each)) is None or held.untold]
    if not untold or untold == [match.article_id]:
        return ""
    others = f" and {len(untold) - 1} more that it retells were" if len(untold) > 1 else ", which it retells, was"
    return f"; article {untold[0]}{others} not told"


def _what(match: Matches, *, is_revision: bool, is_repeated: bool) -> str:
    """The news of a development; in words of our own if the story names none."""
    if news := one_line(match.news):
        return cut(news, WHAT_LIMIT)
    if match.context.relation == "copy" and is_repeated:
        return "copy of a report told before"
    if is_repeated:
        return "retells what was told before"
    if match.retells and not is_revision:
        return UNSEEN
    if match.development_of is not None:
        return "follow-up report"
    return "new version of a report" if is_revision else "further report"
