"""Templates of messages: Jinja2 in a sandbox, of which only what cannot take long or much is allowed. Pure.

A template makes text. Each receiver escapes that text for its service, as it does with its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from firstwire.core.text.nearest import nearest
from firstwire.core.text.wording import one_line
from firstwire.notifier.quotes import bracketed
from firstwire.notifier.rendering import Parts
from schemas import Alert

SOURCE_LIMIT = 4_000
TEXT_LIMIT = 10_000
"""Code points of what one filter or the whole template may make; receivers cut it to their own limits."""
TIME_LIMIT_SECONDS = 0.1
"""Of the processor: a busy machine fails no message. A template of a screen takes a thousandth of this."""

ALLOWED = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.For, nodes.If, nodes.Name, nodes.Const, nodes.Getattr),
    *(nodes.Getitem, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.CondExpr, nodes.List, nodes.Tuple, nodes.Keyword, nodes.Slice, nodes.Neg),
)
"""No assignments, macros, calls and arithmetic: without them nothing grows faster than the source is long."""

FILTERS = (
    *("abs", "capitalize", "count", "default", "first", "int", "join", "last", "length", "list", "lower", "reverse"),
    *("round", "sort", "title", "trim", "truncate", "unique", "upper", "replace"),
)

VARIABLES: Mapping[str, str] = {
    "act": "`Russia → recognizes → Taliban · asserted`; empty for a watch, and in an update",
    "action": "`recognize`; empty for a watch",
    "actor": "its name; empty if there is none",
    "alert_id": "the whole id",
    "breadth": "outlets, origins and tags in a line",
    "certainty": "how sure it is, and why; empty for a watch",
    "changes": "a list of what changed since this receiver was told; empty in the first message",
    "conflicts": "what the sources disagree on",
    "console": "the address of the alert in the console",
    "developments": "a list of `{what, title, outlet, url}`, the newest first",
    "first": "what the text claims and what the ledger knows",
    "headline": "of the alert, or the title of its newest development",
    "is_update": "whether this receiver knows the alert",
    "kind": "`first`, `event`, `watch`, `system`",
    "label": "`FIRST`, `UPDATE`, `CORRECTED FIRST` and so on",
    "outlets": "a list of their names",
    "quotes": "a list of the words of evidence, highlights in brackets",
    "receipt": "the times in a line",
    "rule_id": "of the rule",
    "severity": "`critical`, `warning`, `info`",
    "source": "the outlet that is quoted",
    "state": "`raised`, `updated`, `corrected`, `retracted`",
    "status": "`asserted`, `planned` and so on; empty for a watch",
    "tags": "a list of ids",
    "target": "its name; empty if there is none",
    "url": "of the quoted article",
}
"""What a template may name, and what it is. Every text is one line without control characters."""


class TemplateFailure(Exception):  # noqa: N818 - Jinja2 has a TemplateError
    """A template could not be rendered for an alert. The message shows nothing of the alert."""


@dataclass(frozen=True)
class MessageTemplate:
    """A checked template."""

    name: str
    compiled: Template = field(repr=False)

    def lines(self, alert: Alert, parts: Parts) -> tuple[str, ...]:
        """The message as lines, at least one; the first is its title. Raises TemplateFailure."""
        written: list[str] = []
        size = 0
        try:
            values = values_of(alert, parts)
            with _deadline():
                for piece in self.compiled.generate(values):
                    size += len(piece)
                    if size > TEXT_LIMIT:
                        raise TemplateFailure(f"it makes more than {TEXT_LIMIT:,} characters")
                    written.append(piece)
        except TemplateFailure:
            raise
        except TemplateError as err:
            raise TemplateFailure(err.message or type(err).__name__) from err
        except Exception as err:  # whatever a filter thinks of a value; its text may show the value
            raise TemplateFailure(type(err).__name__) from err
        lines = [line for line in (one_line(each).rstrip() for each in "".join(written).split("\n")) if line]
        if not lines:
            raise TemplateFailure("it makes no text")
        return tuple(lines)


def compiled_template(name: str, source: str) -> MessageTemplate:
    """The template of a source. Raises ValueError, which names the line and what is wrong there."""
    if len(source) > SOURCE_LIMIT:
        raise ValueError(f"it is longer than {SOURCE_LIMIT:,} characters")
    environment = _environment()
    try:
        tree = environment.parse(source)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, (*ALLOWED, nodes.ContextReference, nodes.Helper)):
                raise ValueError(f"line {node.lineno}: {type(node).__name__.lower()} is not allowed")
            if isinstance(node, nodes.Filter) and node.name not in FILTERS:
                raise ValueError(f"line {node.lineno}: no filter {node.name!r}{nearest(node.name, FILTERS)}")
            if isinstance(node, nodes.Name) and node.name in ("self", "super"):
                raise ValueError(f"line {node.lineno}: nothing is called {node.name!r}")
        for unknown in sorted(meta.find_undeclared_variables(tree) - VARIABLES.keys()):
            raise ValueError(f"nothing is called {unknown!r}{nearest(unknown, VARIABLES)}")
        return MessageTemplate(name, environment.from_string(source))
    except TemplateSyntaxError as err:
        raise ValueError(f"line {err.lineno}: {err.message}") from err


def values_of(alert: Alert, parts: Parts) -> dict[str, Any]:
    """What a template may name."""
    texts = {
        "act": parts.act,
        "action": alert.subject.action,
        "actor": alert.actor.name if alert.actor is not None else alert.subject.actor,
        "alert_id": alert.alert_id,
        "breadth": parts.breadth,
        "certainty": parts.certainty,
        "conflicts": parts.conflicts,
        "console": parts.console,
        "first": parts.first,
        "headline": parts.headline,
        "kind": alert.kind,
        "label": parts.label,
        "receipt": parts.receipt,
        "rule_id": alert.rule_id,
        "severity": alert.severity,
        "source": parts.source,
        "state": alert.state,
        "status": alert.status,
        "target": alert.target.name if alert.target is not None else alert.subject.target,
        "url": parts.url,
    }
    lists = {
        "changes": parts.changes,
        "outlets": alert.outlets,
        "quotes": [bracketed(quote) for quote in parts.quotes],
        "tags": alert.tags,
    }
    return {
        **{name: one_line(text or "") for name, text in texts.items()},
        **{name: [one_line(each) for each in values] for name, values in lists.items()},
        "developments": [
            {"what": each.what, "title": each.title, "outlet": each.outlet or "", "url": each.url or ""}
            for each in parts.developments
        ],
        "is_update": bool(parts.changes) or parts.belongs_to is not None,
    }


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals.clear()
    filters = {name: _bounded(environment.filters[name]) for name in FILTERS}
    environment.filters.clear()
    environment.filters.update(filters)
    return environment


def _bounded(made: Callable[..., Any]) -> Callable[..., Any]:
    """A filter that makes no more text than a whole message may have."""

    def bounded(*arguments: Any, **named: Any) -> Any:
        value = made(*arguments, **named)
        if isinstance(value, str) and len(value) > TEXT_LIMIT:
            raise TemplateFailure(f"a filter makes more than {TEXT_LIMIT:,} characters")
        return value

    # How Jinja2 knows that a filter wants the environment or the context as its first argument
    if (passed := getattr(made, "jinja_pass_arg", None)) is not None:
        bounded.jinja_pass_arg = passed  # type: ignore[attr-defined]
    return bounded


@contextmanager
def _deadline() -> Iterator[None]:
    """Ends what runs in here by TemplateFailure after the time limit.

    Jinja2 compiles to Python, whose lines can be traced; a timer of signals would need the main thread.
    """
    end = time.thread_time() + TIME_LIMIT_SECONDS
    before = sys.gettrace()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        if time.thread_time() > end:
            raise TemplateFailure(f"it takes more than {TIME_LIMIT_SECONDS:g} s")
        return trace

    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
