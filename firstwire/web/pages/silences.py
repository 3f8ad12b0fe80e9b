"""Silences and what people said of alerts: who is not told of what, until when; mute, acknowledge, false alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import get_args

import msgspec
from aiohttp import web

from firstwire.core.routes.silences import unknown_rules
from firstwire.core.text.durations import seconds
from firstwire.errors import ConfigError
from firstwire.notifier.said import new_silence, write_feedback, write_silence
from firstwire.web.changes import Asked, PlannedChange, add_change
from firstwire.web.console import Console, console_of
from firstwire.web.listing import ExportedRow, Listing, add_list
from firstwire.web.one_alert import one_alert
from firstwire.web.parameters import moment_of
from firstwire.web.rendering import clock, page
from firstwire.web.same_site import local_path
from firstwire.web.written import FieldError, in_field
from schemas import Feedback, Silence
from schemas.silence import FeedbackVerdict, SilenceKind

COLUMNS = ("silence_id", "kind", "matchers", "starts_at", "ends_at", "author", "comment", "made_at")
LENGTHS = ("1h", "4h", "12h", "1d", "3d", "7d", "30d")
WORDS = {"acknowledged": "acknowledged", "false_alarm": "marked as a false alarm", "right": "marked as right"}


@dataclass(frozen=True)
class ShownSilence:
    """A silence and whether it is in force, ended, or to come."""

    silence: Silence
    phase: str


def add_routes(app: web.Application) -> None:
    app.router.add_get("/silences", show)
    app.router.add_get("/silences/{silence_id}", show)
    add_list(app, "/silences", listing)
    add_change(app, "/silences", plan_silence, show)
    add_change(app, "/silences/{silence_id}/expire", plan_expiry)
    add_change(app, "/alerts/{alert_id}/snooze", plan_snooze)
    add_change(app, "/alerts/{alert_id}/feedback", plan_feedback)


async def show(request: web.Request) -> web.Response:
    """Those in force and to come; the ended ones too if asked for. An address of one of them shows it alone."""
    console = console_of(request)
    wanted = request.match_info.get("silence_id")
    found = shown(console, ended=wanted is not None or "all" in request.query)
    if wanted is not None:
        found = [each for each in found if each.silence.silence_id == wanted]
        if not found:
            raise web.HTTPNotFound(text="There is no such silence.")
    return page(
        request,
        "silences.html.jinja",
        silences=found,
        alone=wanted is not None,
        lengths=LENGTHS,
        matchers=request.query.get("matchers", ""),
        feedback=_said(console)[:50],
        headlines={alert_id: seen.alert.headline for alert_id, seen in console.board.alerts.items()},
        verdicts=WORDS,
    )


def silenced_word(silences: Sequence[Silence]) -> str:
    """What an alert is by the silences that cover it: silenced, if only because it was muted itself, muted."""
    return "" if not silences else "muted" if all(each.kind == "snooze" for each in silences) else "silenced"


async def listing(request: web.Request) -> Listing:
    found = shown(console_of(request), ended="all" in request.query)
    rows = tuple(
        ExportedRow(
            {**msgspec.to_builtins(each.silence), "phase": each.phase},
            f"{each.silence.kind}: {', '.join(each.silence.matchers)}",
            f"/silences/{each.silence.silence_id}",
            each.silence.made_at,
            f"until {each.silence.ends_at}, by {each.silence.author}: {each.silence.comment}",
        )
        for each in found
    )
    return Listing("silences", (*COLUMNS, "phase"), rows, total=len(rows))


def shown(console: Console, *, ended: bool) -> list[ShownSilence]:
    """The silences, the one that ends last first."""
    now = console.now()
    found = sorted(console.board.silences.values(), key=lambda one: (one.ends_at, one.silence_id), reverse=True)
    kept = [one for one in found if ended or one.ends_at > now]
    return [ShownSilence(one, _phase(one, now)) for one in kept]


async def plan_silence(asked: Asked) -> PlannedChange:
    """A silence of alerts that fit matchers, one in each line."""
    written = asked.required("matchers", "what is to be silenced, such as tag=cricket").splitlines()
    silence = _silence(asked, [line.strip() for line in written if line.strip()], "silence")
    what = f"silenced {', '.join(silence.matchers)} until {clock(silence.ends_at)}"
    if unknown := unknown_rules(silence, (version.rule_id for version in asked.console.board.rules.values())):
        what += f"; {unknown}"
    return _planned(asked, silence, what, "/silences")


async def plan_snooze(asked: Asked) -> PlannedChange:
    """Muting one alert: what is new about it is told at the end."""
    alert_id = (await one_alert(asked.console, asked.path["alert_id"])).alert.alert_id
    silence = _silence(asked, [f"alert={alert_id}"], "snooze")
    then = asked.text("then") or f"/alerts/{alert_id}"
    return _planned(asked, silence, f"muted alert {alert_id[:12]} until {clock(silence.ends_at)}", then)


async def plan_expiry(asked: Asked) -> PlannedChange:
    """The end of a silence, now."""
    silence_id = asked.path["silence_id"]
    held = asked.console.board.silences.get(silence_id)
    if held is None:
        raise ConfigError(f"no silence {silence_id!r}")
    now = asked.console.now()
    if held.ends_at <= now:
        raise ConfigError(f"the silence of {', '.join(held.matchers)} ended on {clock(held.ends_at)} already")
    ended = msgspec.structs.replace(held, ends_at=now)
    about = ", ".join(held.matchers)
    what = f"unmuted {about.replace('=', ' ')}" if held.kind == "snooze" else f"ended the silence of {about}"
    return _planned(asked, ended, what, asked.text("then") or "/silences")


async def plan_feedback(asked: Asked) -> PlannedChange:
    """What somebody says of an alert."""
    console = asked.console
    alert_id = (await one_alert(console, asked.path["alert_id"])).alert.alert_id
    verdict = asked.required("verdict", f"a verdict: {', '.join(get_args(FeedbackVerdict))}").replace("-", "_")
    if verdict not in get_args(FeedbackVerdict):
        raise ConfigError(f"no verdict {verdict!r}: {', '.join(get_args(FeedbackVerdict))}")
    said = Feedback(
        alert_id=alert_id,
        author=asked.person.name,
        verdict=verdict,  # type: ignore[arg-type]  # checked above
        comment=asked.text("comment"),
        made_at=console.now(),
    )

    async def make() -> None:
        await write_feedback(console.bootstrap_servers, console.prefix, said)
        console.board.feedback.setdefault(alert_id, {})[said.author] = said

    what = f"alert {alert_id[:12]} {WORDS[verdict]}"
    then = local_path(asked.text("then") or f"/alerts/{alert_id}")
    return PlannedChange("feedback", what, make, then, result=said)


def _silence(asked: Asked, matchers: Sequence[str], kind: SilenceKind) -> Silence:
    made_at = asked.console.clock()
    until, lasts = asked.text("until"), asked.text("for")
    if bool(until) == bool(lasts):
        fault = "say how long (for: 4h, 2d) or until when (until: 2025-07-03T14:00:00Z), one of them"
        raise FieldError(fault, field="for")
    starts_at = moment_of(asked.text("start"), "start") if asked.text("start") else made_at
    try:
        ends_at = moment_of(until, "until") if until else starts_at + timedelta(seconds=seconds(lasts))
    except (ValueError, OverflowError) as err:
        raise FieldError(str(err), field="for") from err
    comment = asked.text("comment")
    with in_field("matchers"):
        return new_silence(matchers, starts_at, ends_at, asked.person.name, comment, made_at, kind=kind)


def _planned(asked: Asked, silence: Silence, what: str, then: str) -> PlannedChange:
    console = asked.console

    async def make() -> None:
        await write_silence(console.bootstrap_servers, console.prefix, silence)
        console.board.silences[silence.silence_id] = silence

    return PlannedChange("silence", what, make, local_path(then), result=silence)


def _said(console: Console) -> list[Feedback]:
    found = [said for by_author in console.board.feedback.values() for said in by_author.values()]
    return sorted(found, key=lambda said: (said.made_at, said.key), reverse=True)


def _phase(silence: Silence, now: str) -> str:
    if silence.ends_at <= now:
        return "ended"
    return "to come" if silence.starts_at > now else "in force"
