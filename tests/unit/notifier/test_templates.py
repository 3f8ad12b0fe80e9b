"""Templates write messages; what is wrong in one is found when it is loaded, and what fails costs nobody an alert."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace as changed
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from firstwire.config import ReceiverSettings, Settings, TemplateSettings
from firstwire.core.routes.settings import Route
from firstwire.core.routes.tree import compiled
from firstwire.errors import ConfigError
from firstwire.notifier.attempts import Attempts
from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.notifier.receiver_types import receiver_types
from firstwire.notifier.rendering import parts_of
from firstwire.notifier.replies import Reply, Request
from firstwire.notifier.template_book import TemplateBook, template_book
from firstwire.notifier.templates import (
    SOURCE_LIMIT,
    TIME_LIMIT_SECONDS,
    VARIABLES,
    TemplateFailure,
    compiled_template,
    values_of,
)
from tests.support import message_checks
from tests.support.alerts import NOW, first_alert, grown_alert, receipt, told, watch_alert
from tests.support.chat import CHECKS, FIELDS, HOSTILE, made
from tests.support.desk import desk_with

SHORT = """\
{{ label }}: {{ headline }}
{% for quote in quotes %}
“{{ quote }}”
{% endfor %}
{% if is_update %}{{ changes | join("; ") }}{% else %}{{ source }} {{ url }}{% endif %}

"""


def lines(source: str, alert: Any = None, **context: Any) -> tuple[str, ...]:
    alert = alert or first_alert()
    return compiled_template("t", source).lines(alert, parts_of(alert, receipt(), **context))


def test_a_template_writes_the_first_message_and_an_update() -> None:
    assert lines(SHORT) == (
        "FIRST: Russia recognizes the Taliban government",
        "“Russia Becomes The [First Nation] to Officially [Recognize] [Taliban] Governance in Afghanistan”",
        "a.example https://a.example/russia?x=1&y=2",
    )
    assert lines(SHORT, told=told(status="planned")) == (
        "UPDATE: Russia recognizes the Taliban government",
        "now asserted, before planned",
    )


@pytest.mark.parametrize(
    "alert", [first_alert(), watch_alert(), grown_alert(3)], ids=["first", "watch", "developments"]
)
def test_every_variable_has_a_value_for_every_alert(alert: Any) -> None:
    values = values_of(alert, parts_of(alert, receipt()))
    assert values.keys() == VARIABLES.keys()
    everything = "".join(f"{{{{ {name} }}}}\n" for name in VARIABLES)
    assert lines(everything + "{% for each in developments %}{{ each.what }} {{ each.url }}\n{% endfor %}", alert)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ headlin }}", "nothing is called 'headlin'; did you mean 'headline'?"),
        ("a\n{% if %}", "line 2: "),
        ("{{ headline | uper }}", "line 1: no filter 'uper'; did you mean 'upper'?"),
        ("{% set x = 1 %}", "line 1: assign is not allowed"),
        ("{{ headline ~ headline }}", "line 1: concat is not allowed"),
        ("{{ 10 ** 10 }}", "line 1: pow is not allowed"),
        ("{{ headline * 1000 }}", "line 1: mul is not allowed"),
        ("{{ headline.upper() }}", "line 1: call is not allowed"),
        ("{% macro a() %}{% endmacro %}", "line 1: macro is not allowed"),
        ("{% include 'x' %}", "line 1: include is not allowed"),
        ("{% for a in range(9) %}{% endfor %}", "line 1: call is not allowed"),
        ("{{ self }}", "line 1: nothing is called 'self'"),
        ("x" * (SOURCE_LIMIT + 1), "it is longer than 4,000 characters"),
    ],
)
def test_what_is_wrong_is_said_when_it_is_loaded(source: str, said: str) -> None:
    with pytest.raises(ValueError, match=r".") as caught:
        compiled_template("t", source)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("{{ headline.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe."),
        ("{{ headline.nobody }}", "'str object' has no attribute 'nobody'"),
        ("{{ headline | round }}", "TypeError"),
        ("{% if false %}x{% endif %}", "it makes no text"),
        ("{% for a in tags %}" * 9 + "{{ breadth }}" + "{% endfor %}" * 9, "it makes more than 10,000 characters"),
        (f"{{{{ headline | join('{'x' * 300}') | join('{'y' * 300}') }}}}", "a filter makes more than"),
    ],
)  # fmt: skip
def test_what_fails_for_an_alert_is_a_failure_in_words(source: str, said: str) -> None:
    template = compiled_template("t", source)
    alert = first_alert()
    with pytest.raises(TemplateFailure) as caught:
        template.lines(alert, parts_of(alert, receipt()))
    assert str(caught.value).startswith(said)


def test_a_template_that_takes_too_long_is_ended_in_time() -> None:
    many = first_alert(tags=tuple(f"t{number}" for number in range(300)))
    source = "{% for a in tags %}{% for b in tags %}{% for c in tags %}{% for d in tags %}{% endfor %}{% endfor %}"
    template = compiled_template("t", source + "{% endfor %}{% endfor %}x")
    begun, tracing = time.thread_time(), sys.gettrace()
    with pytest.raises(TemplateFailure, match=r"it takes more than 0\.1 s"):
        template.lines(many, parts_of(many, receipt()))
    assert time.thread_time() - begun < 20 * TIME_LIMIT_SECONDS
    assert sys.gettrace() is tracing


@pytest.mark.parametrize("title", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("kind", FIELDS)
def test_hostile_titles_stay_harmless_and_within_limits_through_a_template(
    kind: str, title: str, tmp_path: Path
) -> None:
    alert = first_alert(headline=title, outlets=(title,))
    text = lines("{{ headline }}\n{{ outlets | join(' ') }}\n{{ headline }}", alert)
    assert all("\n" not in line and "\x1b" not in line for line in text)
    one = made(kind, tmp_path)
    written = changed(one, view=changed(one.view, text=text))
    for plain in (False, True):
        request = written.request(alert, receipt(), "k", NOW, plain=plain)
        CHECKS[kind](request, json.loads(request.body))


@pytest.mark.parametrize("kind", receiver_types())
def test_every_type_of_receiver_writes_what_the_template_made(kind: str, tmp_path: Path) -> None:
    one = message_checks.made(kind, tmp_path)
    written = changed(one, view=changed(one.view, text=("Kabul calling", "second line")))
    body = written.request(first_alert(), receipt(), "k", NOW, plain=False).body
    assert b"Kabul calling" in body
    assert b"second line" in body


def book(**texts: str) -> TemplateBook:
    settings = Settings(templates=tuple(TemplateSettings(name=name, text=text) for name, text in texts.items()))
    return template_book(settings)


async def test_a_template_that_fails_is_told_and_the_usual_message_goes_out(tmp_path: Path) -> None:
    sent: list[Request] = []
    desk = desk_with()

    async def post(request: Request) -> Reply:
        sent.append(request)
        return Reply(204, "", NOW)

    desk.post = post
    desk.templates = book(good="{{ rule_id }}", bad="{{ headline.nobody }}")
    attempts = Attempts("desk", made("discord", tmp_path), desk)
    results = {}
    for name in ("good", "bad", "gone", ""):
        entry = new_entry(first_alert(), "desk", receipt())
        (step,) = await attempts.made([LoggedDelivery(replace(entry.delivery, template=name))])
        assert step.entry.delivery.state == "delivered"
        results[name] = step.entry.delivery.result
    assert results["good"] == results[""] == "204"
    assert results["bad"] == (
        "204 (template bad failed: 'str object' has no attribute 'nobody'; told in the usual form)"
    )
    assert "there is none of this name any more" in results["gone"]
    titles = [json.loads(request.body)["embeds"][0]["title"] for request in sent]
    usual = "FIRST  Russia recognizes the Taliban government"
    assert titles == ["first-to-recognize", usual, usual, usual]


def test_a_route_says_which_template_and_a_receiver_for_those_that_do_not() -> None:
    tree = compiled(
        (
            Route(receivers=("a",), template="x", routes=(Route(template=""), Route(template="y"))),
            Route(receivers=("a",)),
        )
    )
    assert [node.policy.template for node in tree.all_nodes()] == ["x", "", "y", None]
    of_receivers = TemplateBook({}, {"a": "mine"})
    assert [of_receivers.name_for("a", each) for each in ("x", "", None)] == ["x", None, "mine"]
    assert of_receivers.name_for("b", None) is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (Settings(templates=(TemplateSettings(name="a", text="x"), TemplateSettings(name="a", text="y"))), "of this"),
        (Settings(templates=(TemplateSettings(name="a", text="{{"),)), "template 'a': line 1"),
        (Settings(receivers=(ReceiverSettings(name="desk", type="slack", template="b"),)), "desk"),
        (
            Settings(
                templates=(TemplateSettings(name="short", text="x"),),
                routes=(Route(routes=(Route(template="shrot"),)),),
            ),
            "route 1.1: no template 'shrot'; did you mean 'short'?",
        ),
    ],
)
def test_a_wrong_template_is_an_error_of_the_configuration(settings: Settings, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        template_book(settings)
    assert said in str(caught.value)
