"""Rules: in force and in shadow, their versions, lint, examples and rates; watches made here; files put in force."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any, get_args

import msgspec
from aiohttp import web
from ruamel.yaml import YAML

from firstwire.config import SHIPPED, Settings, load
from firstwire.core.text.known_words import type_at, with_known_words
from firstwire.errors import ConfigError, TransientError
from firstwire.files.atomic import make_folder, write_whole
from firstwire.files.rules import MAX_AGE, ExampleLines, WatchLine, WrittenRule, rulebook_of
from firstwire.index.results import AlertFilter
from firstwire.notifier.routing_check import receivers_of_rule, untold
from firstwire.rules.console_file import text_of, watches_in, with_watch, without_empty, without_watch
from firstwire.rules.drafts import RuleDraftError, checked_file
from firstwire.rules.lint import LintFinding, findings_of
from firstwire.rules.releases import Published, publish
from firstwire.web.changes import Asked, PlannedChange, add_change
from firstwire.web.console import Console, KnownFiles, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list, answer_json
from firstwire.web.rendering import page, segment
from firstwire.web.written import WRITTEN, FieldError
from schemas.alert import Severity
from schemas.rules import RuleState, RuleVersion, Tell
from schemas.times import shifted

COLUMNS = ("rule_id", "kind", "state", "rule_version", "severity", "effective_at", "release", "query")
RATED_DAYS = 14
SHOWN_AT_MOST = 500
ID_FORMAT = "lower-case letters, digits, dots, hyphens and underscores, the first a letter or digit, such as kabul-desk"


@dataclass(frozen=True)
class RuleRow:
    """A rule in force."""

    version: RuleVersion
    state: str
    severity: str
    summary: str


def add_routes(app: web.Application) -> None:
    app.router.add_get("/rules", show_all)
    app.router.add_get("/rules/new", show_editor)
    add_list(app, "/rules", listing)
    app.router.add_get("/rules/{rule_id}", show)
    app.router.add_get("/api/v1/rules/{rule_id}", as_json)
    add_change(app, "/rules", plan_watch, show_editor)
    add_change(app, "/rules/apply", plan_application, show_all)
    add_change(app, "/rules/{rule_id}/promote", plan_promotion, show)
    add_change(app, "/rules/{rule_id}/remove", plan_removal, show)


async def show_all(request: web.Request) -> web.Response:
    console = console_of(request)
    words = request.query.get("words", "").casefold()
    rows = [row for row in rows_of(console) if words in f"{row.version.rule_id} {row.summary}".casefold()]
    counts = Counter(row.state for row in rows)
    return page(
        request,
        "rules.html.jinja",
        rows=rows[:SHOWN_AT_MOST],
        found=len(rows),
        counts=counts,
        words=request.query.get("words", ""),
        release=max((version.release for version in console.board.rules.values()), default=0),
    )


async def show(request: web.Request) -> web.Response:
    console, rule_id = console_of(request), request.match_info["rule_id"]
    versions = _versions_of(console, rule_id)
    known = await console.knowledge.get()
    written = next((each for each in known.written if each.line.id == rule_id), None)
    findings = [] if written is None else await asyncio.to_thread(_lint, known, written)
    definition = versions[-1].definition
    settings = await _settings(console)
    return page(
        request,
        "rule.html.jinja",
        rule_id=rule_id,
        versions=versions[::-1],
        definition=None if definition is None else _yaml(definition),
        state=None if definition is None else str(definition.get("state", "live")),
        place=None if written is None else place_of_rule(console, written),
        is_ours=any(each.id == rule_id for each in watches_in(console.configuration.console_rules)),
        query=None if definition is None else definition.get("query"),
        receivers=None if definition is None else _receivers(settings, versions[-1].kind, definition),
        has_receivers=bool(settings.receivers),
        findings=findings,
        days=await _days(console, rule_id),
        rated_days=RATED_DAYS,
    )


async def show_editor(request: web.Request) -> web.Response:
    """The form of a new watch, or of one that was made here."""
    console = console_of(request)
    wanted = request.query.get("rule", "")
    made = {each.id: each for each in watches_in(console.configuration.console_rules)}
    line = made.get(wanted) or WatchLine(id=wanted, query=request.query.get("query", ""))
    return page(
        request,
        "rule_editor.html.jinja",
        line=line,
        is_new=bool(request[WRITTEN].text("new")) if WRITTEN in request else wanted not in made,
        id_format=ID_FORMAT,
        severities=get_args(Severity),
        told=_told_by_severity(await _settings(console), line),
        tells=get_args(Tell),
        states=get_args(RuleState),
        match="\n".join(each for each in line.examples.match if isinstance(each, str)),
        no_match="\n".join(each for each in line.examples.no_match if isinstance(each, str)),
    )


async def as_json(request: web.Request) -> web.Response:
    versions = _versions_of(console_of(request), request.match_info["rule_id"])
    return answer_json(msgspec.to_builtins(versions))


async def listing(request: web.Request) -> Listing:
    rows = tuple(
        ExportedRow(
            {
                **msgspec.to_builtins(row.version),
                "state": row.state,
                "severity": row.severity,
                "query": row.summary,
            },
            f"{row.version.rule_id}: {row.summary}",
            f"/rules/{row.version.rule_id}",
            row.version.published_at,
        )
        for row in rows_of(console_of(request))
    )
    return Listing("rules", COLUMNS, rows, total=len(rows))


def rows_of(console: Console) -> list[RuleRow]:
    """The rules in force, those in shadow last."""
    newest = {version.rule_id: version for version in console.board.versions()}
    found = [_row(version, version.definition) for version in newest.values() if version.definition is not None]
    return sorted(found, key=lambda row: (row.state != "live", row.version.rule_id))


async def plan_watch(asked: Asked) -> PlannedChange:
    """A new watch, or another form of one that was made here; in force at once."""
    console = asked.console
    known = await console.knowledge.get()
    line = _line(asked)
    made = {each.id for each in watches_in(_file(console))}
    if line.id in {each.line.id for each in known.written} - made:
        fault = f"there is a rule {line.id!r} in the rule files already: take another id"
        raise FieldError(fault, field="id", link=(f"/rules/{segment(line.id)}", "See that rule"))
    if asked.text("new") and line.id in made:
        fault = f"there is a watch {line.id!r} already: take another id, or change that one"
        raise FieldError(fault, field="id", link=(f"/rules/new?rule={segment(line.id)}", "Change it"))
    try:
        checked = await asyncio.to_thread(checked_file, text_of([line]), known.knowledge, known.seeds, console.now())
    except RuleDraftError as err:
        raise FieldError(err.message, field=err.key) from err
    names = _receivers(await _settings(console), "watch", msgspec.to_builtins(line))
    told = ["in shadow: nobody is told"] if line.state == "shadow" else [f"told to {', '.join(names)}"] if names else []

    async def make() -> str:
        watches = with_watch(watches_in(_file(console)), line)
        return "; ".join([await _put_in_force(console, watches), *told, *checked.warnings])

    return PlannedChange("rule", f"watch {line.id}: {line.query}", make, f"/rules/{line.id}", result=line)


async def plan_removal(asked: Asked) -> PlannedChange:
    """The end of a watch that was made here."""
    console, rule_id = asked.console, asked.path["rule_id"]
    watches = without_watch(watches_in(_file(console)), rule_id)

    async def make() -> str:
        return await _put_in_force(console, watches)

    return PlannedChange("rule", f"removed the watch {rule_id}", make, "/rules")


async def plan_promotion(asked: Asked) -> PlannedChange:
    """A shadow rule goes live: its file is changed, and put in force."""
    from firstwire.rules.promotion import promote

    console, rule_id = asked.console, asked.path["rule_id"]
    known = await console.knowledge.get()
    written = {each.line.id: each for each in known.written}
    if rule_id not in written or written[rule_id].line.state != "shadow":
        raise ConfigError(f"{rule_id!r} is no shadow rule of the rule files")

    async def make() -> str:
        await asyncio.to_thread(promote, known.written, [rule_id], console.configuration.rule_paths)
        return await _publish_files(console)

    return PlannedChange("rule", f"made the shadow rule {rule_id} live", make, f"/rules/{rule_id}")


async def plan_application(asked: Asked) -> PlannedChange:
    """The rule files, as they are now, put in force."""
    console = asked.console
    await console.knowledge.read_rules_again()  # what is broken is refused before anything is recorded

    async def make() -> str:
        return await _publish_files(console)

    return PlannedChange("rule", "put the rule files in force", make, "/rules")


def _line(asked: Asked) -> WatchLine:
    values: dict[str, Any] = {
        "id": asked.required("id", f"an id: {ID_FORMAT}"),
        "query": " ".join(asked.required("query", "a query").split()),
        "tags": [each.strip() for each in asked.text("tags").replace(",", "\n").splitlines() if each.strip()],
        "severity": asked.text("severity") or "info",
        "tell": asked.text("tell") or "developments",
        "max_age": asked.text("max_age") or MAX_AGE,
        "state": asked.text("state") or "live",
    }
    examples = {
        key: [one.strip() for one in asked.text(key).splitlines() if one.strip()] for key in ("match", "no_match")
    }
    try:
        line = msgspec.convert(values, WatchLine)
    except msgspec.ValidationError as err:
        message, _, where = str(err).partition(" - at ")
        key = where.strip("`").removeprefix("$.")
        fault = f"{values['id']!r} is no id: {ID_FORMAT}" if key == "id" else f"{key}: {message}"
        raise FieldError(with_known_words(fault, type_at(WatchLine, where)), field=key) from err
    return msgspec.structs.replace(line, examples=msgspec.convert(examples, ExampleLines))


async def _put_in_force(console: Console, watches: Sequence[WatchLine]) -> str:
    path = _file(console)

    def write() -> None:
        make_folder(path.parent)
        write_whole(path, text_of(watches))

    await asyncio.to_thread(write)
    return await _publish_files(console)


async def _publish_files(console: Console) -> str:
    """What came of it, and which of the rules that it changed nobody is told of."""
    written = await console.knowledge.read_rules_again()
    published = await publish(console.bootstrap_servers, console.prefix, written, console.now)
    changed = {*published.added, *published.changed}
    said = untold(await _settings(console), rulebook_of([each for each in written if each.line.id in changed]))
    return _told(published) if said is None else f"{_told(published)}; {said}"


async def _settings(console: Console) -> Settings:
    """The settings with the routes as they are now: a reload may have changed them."""

    def read() -> Settings:
        try:
            return load(console.configuration.file, os.environ).settings
        except ConfigError:
            return console.configuration.settings  # what is in force stays in force

    return await asyncio.to_thread(read)


def _told(published: Published) -> str:
    if published.is_empty:
        return f"nothing has changed, release {published.release} is in force"
    counts = [
        f"{len(ids)} {what}"
        for what, ids in (("added", published.added), ("changed", published.changed), ("removed", published.removed))
        if ids
    ]
    return f"release {published.release} ({', '.join(counts)}) holds for articles fetched from two seconds from now on"


def _file(console: Console) -> Path:
    return console.configuration.console_rules


def _versions_of(console: Console, rule_id: str) -> list[RuleVersion]:
    found = [version for version in console.board.versions() if version.rule_id == rule_id]
    if not found:
        raise web.HTTPNotFound(text=f"There is no rule {rule_id}.")
    return found


def _row(version: RuleVersion, definition: dict[str, Any]) -> RuleRow:
    if version.kind == "watch":
        summary = str(definition.get("query", ""))
    else:
        parts = (("", "actor"), ("", "action"), ("", "target"))
        summary = " → ".join(_several(definition.get(key, "*")) for _, key in parts)
        summary += ", firsts only" if definition.get("novelty") == "first" else ""
    return RuleRow(version, str(definition.get("state", "live")), str(definition.get("severity", "info")), summary)


def _several(value: Any) -> str:
    names = [value] if isinstance(value, str) else list(value)
    return ", ".join("anybody" if name == "*" else str(name).replace("_", " ") for name in names)


def _receivers(settings: Settings, kind: str, definition: Mapping[str, Any]) -> Mapping[str, str]:
    """Who is told by the routes, each with what the routes ask besides."""
    is_first = kind != "watch" and definition.get("novelty") == "first"
    return receivers_of_rule(
        settings,
        str(definition.get("id", "")),
        "watch" if kind == "watch" else "first" if is_first else "event",
        definition.get("severity") or "info",
        tuple(definition.get("tags") or ()),
    )


def _told_by_severity(settings: Settings, line: WatchLine) -> list[tuple[str, Mapping[str, str]]]:
    """Who is told of a watch, by the severity that it may have; one entry if that makes no difference."""
    written: dict[str, Any] = {"id": line.id, "tags": line.tags}
    told = [(str(each), _receivers(settings, "watch", written | {"severity": each})) for each in get_args(Severity)]
    return [("any severity", told[0][1])] if all(names == told[0][1] for _, names in told) else told


def _lint(known: KnownFiles, written: WrittenRule) -> list[LintFinding]:
    return findings_of([written], known.knowledge.gazetteer)


def place_of_rule(console: Console, written: WrittenRule) -> str:
    """`file:line:column`, the file as the settings have it."""
    place = written.place()
    for folder in (console.configuration.base, SHIPPED):
        place = place.removeprefix(f"{folder}/")
    return place


def _yaml(definition: dict[str, Any]) -> str:
    """A definition as a rule file has it, without what is empty."""
    text = StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump(without_empty({key: value for key, value in definition.items() if value is not None}), text)
    return text.getvalue()


async def _days(console: Console, rule_id: str) -> list[int] | None:
    """How many alerts it raised in each of the last days; None without an index."""
    now = console.now()

    def counted() -> list[int]:
        counts = []
        for back in range(RATED_DAYS, 0, -1):
            span = shifted(now, -timedelta(days=back)), shifted(now, -timedelta(days=back - 1))
            wanted = AlertFilter(labels={"rule": (rule_id,)}, shadow=None, since=span[0], until=span[1])
            counts.append(console.index.alerts(wanted, limit=1).total)
        return counts

    try:
        return await asyncio.to_thread(counted)
    except TransientError:
        return None
