"""Where a replay's results go: a folder, or topics of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from firstwire import config
from firstwire.commands.options import now
from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError
from schemas.times import shifted

if TYPE_CHECKING:
    from firstwire.replay.files import ResultFiles
    from firstwire.replay.topic_results import TopicResults


@dataclass(frozen=True)
class ReplayOutput:
    """A folder for the results; or the name of a run, and a folder for what it has read until it is done."""

    folder: Path
    run: str | None
    token: str
    """Of the run: that of an interrupted one that goes on, or a new one."""
    keep_for: timedelta
    replicas: int
    restart: bool

    def __str__(self) -> str:
        return str(self.folder) if self.run is None else f"replay.{self.run}.*"

    def results(self, source: str, address: str | None) -> ResultFiles | TopicResults:
        """What takes the results of a source."""
        from firstwire.replay.files import ResultFiles
        from firstwire.replay.run_topics import RunTopics
        from firstwire.replay.topic_results import TopicResults
        from schemas.replay_run import ReplayRun

        if self.run is None or address is None:
            return ResultFiles(self.folder)
        began_at = now()
        run = ReplayRun(
            run=self.run,
            token=self.token,
            source=source,
            began_at=began_at,
            keep_until=shifted(began_at, self.keep_for),
        )
        return TopicResults(RunTopics(address, self.replicas), run, restart=self.restart)


def output_of(
    configuration: config.Configuration, folder: Path | None, run: str | None, keep_for: str, *, restart: bool
) -> ReplayOutput:
    """What --output, --to-topics and --keep-for say. Raises ConfigError for a bad name or time."""
    from firstwire.replay.journal import begun_before
    from firstwire.replay.run_topics import RUN, new_token, run_topic

    if (folder is None) == (run is None):
        raise click.UsageError("give either --output FOLDER or --to-topics RUN")
    try:
        kept_for = timedelta(seconds=seconds(keep_for))
    except ValueError as err:
        raise ConfigError(f"--keep-for: {err}") from err
    token = ""
    if run is not None:
        run_topic(run, RUN)
        folder = configuration.data_dir / "replays" / run
        before = begun_before(folder)
        token = before.token if before is not None else new_token()
    assert folder is not None
    return ReplayOutput(folder, run, token, kept_for, configuration.settings.kafka.replication_factor, restart)
