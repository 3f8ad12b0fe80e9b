"""The entry point of replay: reads a source, from articles or from stories, and judges it by the rules given."""

from __future__ import annotations

from datetime import timedelta

from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.replay.judging import Judge
from firstwire.replay.reading import StartStage, told_by
from firstwire.replay.run import Replayed
from firstwire.replay.sources import ReplaySource
from firstwire.replay.span import ReplaySpan


async def replay_source(
    source: ReplaySource,
    span: ReplaySpan,
    stage: StartStage,
    knowledge: Knowledge,
    seeds: Seeds,
    window: timedelta,
    *,
    corrections: bool,
) -> Replayed:
    """Run the core over a span of a source, by the rules of `knowledge`.

    `corrections`: apply the ledger's corrections by hand, each from the time when it was made. What the records of the
    warm-up raise is not in the results, unless it changes within the span. Raises what the source raises.
    """
    sent = await source.corrections(span) if corrections else []
    judge, found = Judge(knowledge.rules, knowledge, seeds, sent), Replayed()
    async for told in told_by(source, span, stage, knowledge, window):
        (Replayed() if told.is_warm_up else found).take(told.record, judge)
    found.end(judge)
    return found
