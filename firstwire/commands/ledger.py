"""`firstwire ledger …`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from firstwire import config
from firstwire.commands.command_group import CommandGroup
from firstwire.commands.json_lists import echo_json, json_option
from firstwire.commands.options import configured, now, on_kafka
from firstwire.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from firstwire.core.entities.gazetteer import Gazetteer
    from firstwire.core.firsts.groups import Group
    from firstwire.core.firsts.ledger import Seeds
    from firstwire.ledger.pages import Pages
    from schemas.ledger import LedgerCorrection, LedgerPage
    from schemas.record import Entity


@click.group(cls=CommandGroup)
def ledger() -> None:
    """Show, export and correct the ledger of firsts."""


@ledger.command()
@click.argument("action", required=False)
@click.argument("target", required=False)
@click.option("--scope", help="Only members of this group, by id or name: africa, EU.")
@json_option
@configured
def show(
    configuration: config.Configuration, action: str | None, target: str | None, scope: str | None, wants_json: bool
) -> None:
    """Show who did ACTION to TARGET, or list the pages.

    A page lists actors with the day of the act and its sources.
    """
    from firstwire.commands.ledger_text import list_lines, page_lines
    from firstwire.ledger.pages import known_page, known_pages

    _, seeds, live = _known(configuration)
    if action is not None and target is not None:
        page = known_page(live, seeds, action, target)
        if not (page.actors or page.corrections or page.vouchings):
            raise ConfigError(f"nothing on record of {action} {target}{_near(known_pages(live, seeds), target)}")
        if wants_json:
            echo_json([msgspec.to_builtins(page)])
            return
        _print(page_lines(page, live.get((action, target)), seeds, _group(seeds, scope)))
        return
    if scope is not None:
        raise click.UsageError("--scope requires ACTION and TARGET")
    pages = [page for page in known_pages(live, seeds).values() if action is None or page.action == action]
    if wants_json:
        echo_json(map(msgspec.to_builtins, pages))
        return
    _print(list_lines(pages))
    click.echo(f"{len(pages)} pages")


@ledger.command()
@click.option("--output", type=click.Path(path_type=Path), help="File to write; default: standard output.")
@configured
def export(configuration: config.Configuration, output: Path | None) -> None:
    """Write all pages as a file that ledger.paths can load."""
    from firstwire.files.atomic import write_whole
    from firstwire.ledger.export import exported
    from firstwire.ledger.pages import known_pages

    gazetteer, seeds, live = _known(configuration)
    pages = list(known_pages(live, seeds).values())
    text = exported(pages, seeds, gazetteer)
    if output is None:
        click.echo(text, nl=False)
        return
    write_whole(output, text)
    click.echo(f"{len(pages)} pages → {output}", err=True)


@ledger.command()
@click.argument("action")
@click.argument("actor")
@click.argument("target")
@click.argument("date")
@click.option("--source", required=True, help="Source of this knowledge.")
@click.option("--era", help="Era of the target; default: the era of the date.")
@configured
def add(
    configuration: config.Configuration,
    action: str,
    actor: str,
    target: str,
    date: str,
    source: str,
    era: str | None,
) -> None:
    """Add an act: ACTOR did ACTION to TARGET on DATE."""
    from firstwire.ledger.corrections import addition

    gazetteer, seeds, live = _known(configuration)
    page = _page(gazetteer, seeds, live, action, target)
    _send(
        configuration, addition(page, _entity(gazetteer, actor), date, source=source, now=now(), seeds=seeds, era=era)
    )


@ledger.command()
@click.argument("action")
@click.argument("actor")
@click.argument("target")
@click.option("--date", help="The correct day of the act.")
@click.option("--remove", is_flag=True, help="The act did not happen.")
@click.option("--until", help="With --remove: ignore reports of acts up to this day; default: today.")
@click.option("--as-reported", is_flag=True, help="Undo the correction: reports count again.")
@click.option("--source", required=True, help="Source of this knowledge.")
@click.option("--era", help="Era of the target, if the actor is listed in several.")
@configured
def correct(
    configuration: config.Configuration,
    action: str,
    actor: str,
    target: str,
    date: str | None,
    remove: bool,
    until: str | None,
    as_reported: bool,
    source: str,
    era: str | None,
) -> None:
    """Correct the day of an act, or remove the act.

    The act is ACTOR's ACTION on TARGET.
    """
    from firstwire.ledger.corrections import BEFORE_ALL, change
    from firstwire.ledger.pages import known_page

    if sum((date is not None, remove, as_reported)) != 1:
        raise click.UsageError("give one of --date DATE, --remove, --as-reported")
    if until is not None and not remove:
        raise click.UsageError("--until requires --remove")
    _, seeds, live = _known(configuration)
    page = known_page(live, seeds, action, target)
    until = BEFORE_ALL if as_reported else until
    _send(configuration, change(page, actor, source=source, now=now(), seeds=seeds, day=date, until=until, era=era))


@ledger.command()
@click.argument("action")
@click.argument("target")
@click.argument("date")
@click.option("--source", required=True, help="Source of this knowledge.")
@configured
def vouch(configuration: config.Configuration, action: str, target: str, date: str, source: str) -> None:
    """Say that a page's list of actors is whole up to DATE.

    Only of such a page the absence of an earlier act means that an act is the first.
    """
    _vouch(configuration, action, target, date, source)


@ledger.command()
@click.argument("action")
@click.argument("target")
@click.option("--source", required=True, help="Why nobody vouches for the page any longer.")
@configured
def unvouch(configuration: config.Configuration, action: str, target: str, source: str) -> None:
    """Take back that a page's list of actors is whole."""
    _vouch(configuration, action, target, None, source)


def _vouch(configuration: config.Configuration, action: str, target: str, until: str | None, source: str) -> None:
    from firstwire.ledger.corrections import publish, vouching

    gazetteer, seeds, live = _known(configuration)
    page = _page(gazetteer, seeds, live, action, target)
    sent = vouching(action, target, until, source=source, now=now(), page=page)
    prefix = configuration.settings.kafka.topic_prefix
    on_kafka(configuration, lambda address: publish(address, prefix, sent))
    what = f"the list of {action} {target} is whole up to {until}" if until else f"nobody vouches for {action} {target}"
    click.echo(f"sent: {what}")
    click.echo("the page's worker will apply it to articles fetched from now on")


def _page(gazetteer: Gazetteer, seeds: Seeds, live: Pages, action: str, target: str) -> LedgerPage:
    """Everything known of an action on a target. Raises ConfigError for an unknown action or target."""
    from firstwire.core.alerts.headlines import PHRASES
    from firstwire.core.text.nearest import nearest
    from firstwire.ledger.pages import known_page, known_pages

    pages = known_pages(live, seeds)
    actions = {*PHRASES, *(page.action for page in pages.values())}
    if action not in actions:
        raise ConfigError(f"no action {action!r}{nearest(action, sorted(actions))}")
    if target not in {page.target for page in pages.values()}:
        _entity(gazetteer, target)
    return known_page(live, seeds, action, target)


def _known(configuration: config.Configuration) -> tuple[Gazetteer, Seeds, Pages]:
    from firstwire.files.lemmas import load_lemmas
    from firstwire.files.seeds import load_seeds
    from firstwire.ledger.pages import read_pages

    given = configuration.knowledge_settings()
    del given["rules"]
    gazetteer, seeds = load_seeds(**given)
    prefix = configuration.settings.kafka.topic_prefix
    return gazetteer, seeds, on_kafka(configuration, lambda address: read_pages(address, prefix, load_lemmas()))


def _send(configuration: config.Configuration, sent: LedgerCorrection) -> None:
    from firstwire.ledger.corrections import publish

    prefix = configuration.settings.kafka.topic_prefix
    on_kafka(configuration, lambda address: publish(address, prefix, sent))
    one = sent.correction
    what = f"did on {one.date}" if one.says == "did" else f"did not, reports up to {one.date} are ignored"
    click.echo(f"sent: {one.name} {what} · {sent.action} {sent.target} · era {one.era}")
    click.echo("the page's worker will apply it and correct the alerts on the page")


def _entity(gazetteer: Gazetteer, entity_id: str) -> Entity:
    from firstwire.core.entities.meant_entity import nearest_entity

    entity = gazetteer.entity(entity_id)
    if entity is None:
        raise ConfigError(f"no entity {entity_id!r}{nearest_entity(entity_id, gazetteer)}")
    return entity


def _group(seeds: Seeds, scope: str | None) -> Group | None:
    from firstwire.core.text.nearest import nearest

    group = seeds.groups.called(scope) if scope is not None else None
    if scope is not None and group is None:
        raise ConfigError(f"no group {scope!r}{nearest(scope, sorted(seeds.groups.by_id))}")
    return group


def _near(pages: Pages, target: str) -> str:
    from firstwire.core.text.nearest import nearest

    return nearest(target, sorted({page.target for page in pages.values()})) if pages else ""


def _print(lines: Iterable[str]) -> None:
    from firstwire.core.text.wording import harmless

    for line in lines:  # names and sources come from feeds: they must not control the terminal
        click.echo(harmless(line))
