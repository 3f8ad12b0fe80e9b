"""`firstwire rules …`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.json_lists import echo_json, json_option
from firstwire.commands.options import configured, milliseconds, now, on_kafka
from firstwire.core.text.wording import one_line
from firstwire.errors import EXIT_FAILED, EXIT_OK
from firstwire.files.articles import UnreadableLine

if TYPE_CHECKING:
    from firstwire.files.rules import WrittenRule
    from firstwire.rules.rates import Rates
    from firstwire.rules.releases import Published
    from schemas.article import Article

SHOWN_AT_MOST = 20
UNTOLD = "no route takes its alerts, so that nobody is notified of them"


@click.group(cls=CommandGroup)
def rules() -> None:
    """List, test, check, import and apply rules."""


@rules.command("list")
@json_option
@configured
def list_rules(configuration: config.Configuration, wants_json: bool) -> None:
    """List the rules in force with version, state and start."""
    from rich.console import Console

    from firstwire.commands.rules_table import in_force, table
    from firstwire.rules.releases import read_versions

    prefix = configuration.settings.kafka.topic_prefix
    versions = on_kafka(configuration, lambda address: read_versions(address, prefix))
    if wants_json:
        echo_json(map(msgspec.to_builtins, in_force(versions)))
        return
    if not versions:
        click.echo("none yet: a worker publishes its rule files when it starts")
        return
    Console(highlight=False, markup=False, emoji=False).print(table(versions, now()))


@rules.command()
@click.option("--dry-run", is_flag=True, help="Only print what would change.")
@configured
def apply(configuration: config.Configuration, dry_run: bool) -> None:
    """Apply the rule files in every worker, within two seconds."""
    from firstwire.files.knowledge import load_written
    from firstwire.rules.releases import planned_release, publish, read_versions, summed_up

    _, written, _ = load_written(**configuration.knowledge_settings())
    prefix = configuration.settings.kafka.topic_prefix

    async def plan(address: str) -> Published:
        versions = await read_versions(address, prefix)
        return summed_up(versions, planned_release(versions, written, now()))

    if dry_run:
        _print_release(on_kafka(configuration, plan), "would take")
    else:
        _print_release(on_kafka(configuration, lambda address: publish(address, prefix, written, now)), "takes")
    _print_untold(configuration, written)


@rules.command()
@click.argument("rule_ids", metavar="ID...", nargs=-1, required=True)
@configured
def promote(configuration: config.Configuration, rule_ids: tuple[str, ...]) -> None:
    """Make shadow rules live: edit their files, then apply them."""
    from firstwire.files.knowledge import load_written
    from firstwire.rules.promotion import promote as change
    from firstwire.rules.releases import publish

    _, written, _ = load_written(**configuration.knowledge_settings())
    for place in change(written, rule_ids, configuration.rule_paths):
        click.echo(f"{place}: live")
    _, written, _ = load_written(**configuration.knowledge_settings())
    prefix = configuration.settings.kafka.topic_prefix
    _print_release(on_kafka(configuration, lambda address: publish(address, prefix, written, now)), "takes")
    _print_untold(configuration, [each for each in written if each.line.id in rule_ids])


@rules.command()
@click.argument("rule_id", metavar="ID")
@click.option("--limit", type=click.IntRange(min=0), default=20, show_default=True, help="Maximum number listed.")
@json_option
@configured
def shadow(configuration: config.Configuration, rule_id: str, limit: int, wants_json: bool) -> None:
    """Show what the shadow rule ID would have said since it was applied, beside what live rules said."""
    from firstwire.broker.shown_alerts import read_shown_alerts
    from firstwire.commands.rules_shadow import shadow_json, shadow_lines
    from firstwire.core.routes.messages import MessageCounter
    from firstwire.rules.releases import read_versions
    from firstwire.rules.shadow import ShadowReport, shadow_report

    settings = configuration.settings
    prefix = settings.kafka.topic_prefix

    async def reading(address: str) -> ShadowReport:
        versions = await read_versions(address, prefix)
        alerts = await read_shown_alerts(address, prefix)
        counter = MessageCounter(config.route_tree(settings), config.inhibitions_of(settings))
        return shadow_report(rule_id, versions, alerts.values(), counter, now())

    report = on_kafka(configuration, reading)
    if wants_json:
        echo_json(shadow_json(report))
        return
    for line in shadow_lines(report, limit):
        click.echo(line)


@rules.command("test")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder instead of the configured ones."
)
@configured
def try_rules(configuration: config.Configuration, rule_files: Path | None) -> int:
    """Run the examples of all rules; exit code 1 if one fails."""
    from rich.console import Console

    from firstwire.commands.rules_text import print_tried
    from firstwire.files.knowledge import load_written
    from firstwire.rules.examples import try_examples

    knowledge, written, seeds = load_written(**configuration.knowledge_settings(rules=rule_files))
    tried = try_examples(written, knowledge, seeds, now())
    print_tried(Console(highlight=False, markup=False, emoji=False), tried)
    return EXIT_FAILED if tried.failed else EXIT_OK


@rules.command("check")
@click.option(
    "--rules", "rule_files", type=click.Path(path_type=Path), help="Rule file or folder instead of the configured ones."
)
@click.option(
    "--articles", type=click.Path(path_type=Path), help="Archive to count matches in: JSON Lines file, as for replay."
)
@click.option("--from-topic", is_flag=True, help="Use the articles topic as the archive.")
@click.option("--from", "from_time", help="With --from-topic: fetched at or after this time, RFC 3339.")
@click.option("--to", "to_time", help="With --from-topic: fetched before this time, RFC 3339.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=50,
    show_default=True,
    help="Maximum number of rules in the table of rates.",
)
@configured
def check_rules(
    configuration: config.Configuration,
    rule_files: Path | None,
    articles: Path | None,
    from_topic: bool,
    from_time: str | None,
    to_time: str | None,
    limit: int,
) -> int:
    """Lint rules; with an archive, also count their matches.

    Exits with code 1 if there is an error.
    """
    from rich.console import Console

    from firstwire.commands.rules_text import print_findings, print_rates
    from firstwire.files.articles import read_articles
    from firstwire.files.knowledge import load_written
    from firstwire.files.rules import rulebook_of
    from firstwire.notifier.routing_check import unheard_rules
    from firstwire.replay.topic import stream_topic
    from firstwire.rules.lint import LintFinding, findings_of
    from firstwire.rules.rates import Rates

    if articles is not None and from_topic:
        raise click.UsageError("give either --articles FILE or --from-topic")
    if not from_topic and (from_time or to_time):
        raise click.UsageError("--from and --to require --from-topic")
    knowledge, written, seeds = load_written(**configuration.knowledge_settings(rules=rule_files))
    console = Console(highlight=False, markup=False, emoji=False)
    findings = findings_of(written, knowledge.gazetteer)
    unheard = set(unheard_rules(configuration.settings, rulebook_of(written)))
    findings += [
        LintFinding(each.place("id"), each.line.id, "untold", "warning", UNTOLD)
        for each in written
        if each.line.id in unheard
    ]
    rates = Rates(written, knowledge, seeds)
    if articles is not None:
        for article in read_articles(articles):
            _count(rates, article)
    elif from_topic:
        prefix = configuration.settings.kafka.topic_prefix
        bounds = milliseconds(from_time), milliseconds(to_time)

        async def count(address: str) -> None:
            async for article in stream_topic(address, prefix, *bounds):
                _count(rates, article)

        on_kafka(configuration, count)
    if rates.unreadable > SHOWN_AT_MOST:
        click.echo(f"and {rates.unreadable - SHOWN_AT_MOST:,} more unreadable lines", err=True)
    if articles is not None or from_topic:
        print_rates(console, rates, limit)
        console.print()
        findings += rates.findings(findings)
    print_findings(console, findings, len(written))
    return EXIT_FAILED if any(finding.level == "error" for finding in findings) else EXIT_OK


def _count(rates: Rates, article: Article | UnreadableLine) -> None:
    """Add an article to the rates; print the first lines that cannot be read."""
    rates.add(article)
    if isinstance(article, UnreadableLine) and rates.unreadable <= SHOWN_AT_MOST:
        click.echo(f"line {article.line}: {one_line(article.reason)}", err=True)


@rules.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", required=True, type=click.Choice(["words", "csv", "freshrss", "miniflux"]))
@click.option("--prefix", help="Prefix of the rule ids; default: the name of the file.")
@click.option("--each", is_flag=True, help="With words: one watch per line instead of one for all.")
@click.option("--block", type=click.Path(path_type=Path), help="With miniflux: file of block rules.")
@click.option("--output", type=click.Path(path_type=Path), help="Rule file to write; default: standard output.")
@click.option("--force", is_flag=True, help="Overwrite an existing file.")
def import_rules(
    file: Path, form: str, prefix: str | None, each: bool, block: Path | None, output: Path | None, force: bool
) -> int:
    """Convert word lists, tables and other programs' filters.

    Writes watches. Exits with code 1 if nothing could be mapped.
    """
    from firstwire.core.text.wording import counted
    from firstwire.files.atomic import write_whole
    from firstwire.rules.imports.formats import mapped_file
    from firstwire.rules.imports.mapped import id_of, is_id
    from firstwire.rules.imports.writing import yaml_of

    if each and form != "words":
        raise click.UsageError("--each requires --format words")
    if block is not None and form != "miniflux":
        raise click.UsageError("--block requires --format miniflux")
    prefix = prefix or id_of(file.stem) or form
    if not is_id(prefix):
        raise click.UsageError(f"--prefix {prefix!r} may contain only lower-case letters, digits, `.`, `_` and `-`")
    if output is not None and output.exists() and not force:
        raise click.UsageError(f"{output} exists already; --force overwrites it")
    mapped = mapped_file(file, form, prefix, each=each, block=block)
    for kind, lines in (("not mapped", mapped.unmapped), ("partly mapped", mapped.notes)):
        for line, reason in lines:
            click.echo(one_line(f"{file}:{line.number}: {kind}: {reason}"), err=True)
    if mapped.watches:
        text = yaml_of(mapped, file.name, form)
        if output is None:
            click.echo(text, nl=False)
        else:
            write_whole(output, text)
    where = f" → {output}" if output is not None and mapped.watches else ""
    click.echo(
        f"{counted(len(mapped.watches), 'rule')}, {counted(len(mapped.unmapped), 'line')} not mapped{where}", err=True
    )
    return EXIT_OK if mapped.watches else EXIT_FAILED


def _print_release(published: Published, verb: str) -> None:
    if published.is_empty:
        click.echo(f"nothing to change: release {published.release} equals the rule files")
        return
    click.echo(f"release {published.release} {verb} effect for articles fetched from {published.effective_at} on")
    for what in ("added", "changed", "removed"):
        ids: tuple[str, ...] = getattr(published, what)
        if ids:
            more = f" and {len(ids) - SHOWN_AT_MOST:,} more" if len(ids) > SHOWN_AT_MOST else ""
            click.echo(f"  {what}  {', '.join(ids[:SHOWN_AT_MOST])}{more}")


def _print_untold(configuration: config.Configuration, written: Sequence[WrittenRule]) -> None:
    from firstwire.files.rules import rulebook_of
    from firstwire.notifier.routing_check import untold

    if (said := untold(configuration.settings, rulebook_of(written))) is not None:
        click.echo(f"warning: {said}", err=True)
