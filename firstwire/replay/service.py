"""The entry point of replay: reads a source, from articles or from stories, and judges it by the rules given."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.files.articles import UnreadableLine
from firstwire.replay.judging import Judge
from firstwire.replay.plan import READ_HERE, ReadingPlan, told_under
from firstwire.replay.progress import ReadSoFar
from firstwire.replay.reading import Duplicate, LoneEvent, StartStage
from firstwire.replay.readings import MatchedStory, ReadingTask
from firstwire.replay.run import KeptResults, Replayed, Results
from firstwire.replay.sources import ReplaySource
from firstwire.replay.span import ReplaySpan
from schemas.times import EPOCH


async def replay_source(
    source: ReplaySource,
    span: ReplaySpan,
    stage: StartStage,
    knowledge: Knowledge,
    seeds: Seeds,
    window: timedelta,
    *,
    corrections: bool,
    plan: ReadingPlan = READ_HERE,
    results: Results | None = None,
    progress: Callable[[ReadSoFar], None] = lambda read: None,
) -> Replayed:
    """Run the core over a span of a source, by the rules of `knowledge`.

    `corrections`: apply the ledger's corrections by hand, each from the time when it was made. What the records of the
    warm-up raise is not in the results, unless it changes within the span. `results`: where they go; without it
    they are returned. `progress` is told of every article. Raises what the source and the results raise.
    """
    sent = await source.corrections(span) if corrections else []
    task = ReadingTask(knowledge, (knowledge.rules,))
    judge, found = Judge(knowledge.rules, knowledge, seeds, sent), Replayed()
    results, articles = results or KeptResults(), 0
    at = EPOCH
    async with told_under(plan, source, span, stage, task, window) as reading:
        async for told in reading.told:
            if told.is_warm_up:
                Replayed().take(told.record, judge)
                continue
            record = told.record
            found.take(record, judge)
            if not isinstance(record, UnreadableLine):
                at = record.context.fetched_at if isinstance(record, LoneEvent) else record.story.fetched_at
            await results.take(found, at)
            if isinstance(record, MatchedStory | Duplicate):
                articles += 1
                progress(ReadSoFar(articles, at, reading.source.meter.share, (len(found.alerts),)))
        found.end(judge)
        await results.finish(found, at)
    return found
