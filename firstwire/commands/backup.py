"""`firstwire backup` and `firstwire restore`."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from firstwire import config
from firstwire.commands.old_records import say_kept, with_retention
from firstwire.commands.options import configured, now, on_kafka


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@configured
def backup(configuration: config.Configuration, folder: Path) -> None:
    """Write all topics to FOLDER, as of one moment: articles, alerts, ledger, rules, subscriptions, deliveries.

    Everything may run meanwhile. Your files, as firstwire.toml and rules, are not in it.
    """
    from firstwire.replay.backup import back_up

    prefix = configuration.settings.kafka.topic_prefix
    written = on_kafka(configuration, lambda address: back_up(address, prefix, folder))
    click.echo(f"{sum(topic.records for topic in written.topics):,} records of {len(written.topics)} topics → {folder}")


@click.command("restore")
@click.argument("folder", type=click.Path(path_type=Path))
@with_retention
@configured
def restore_backup(configuration: config.Configuration, folder: Path, extend_retention: bool) -> None:
    """Put the backup in FOLDER onto empty topics, before the first `firstwire run` there.

    It goes on from the moment of the backup: nothing is judged again, and nobody is told again.
    """
    from firstwire.broker.topics import create_missing_topics
    from firstwire.replay.restore import read_backup, restore

    kafka = configuration.settings.kafka
    manifest = read_backup(folder)

    async def restoring(address: str) -> int:
        await create_missing_topics(address, msgspec.structs.replace(kafka, partitions=manifest.partitions))
        return await restore(
            address, kafka.topic_prefix, folder, manifest, now=now(), extend_retention=extend_retention
        )

    say_kept(on_kafka(configuration, restoring, makes_data=True))
    click.echo(f"{sum(topic.records for topic in manifest.topics):,} records of {len(manifest.topics)} topics restored")
