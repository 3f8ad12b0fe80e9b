"""The core opens no file and no socket, imports nothing late and asks no clock, in any shipped language."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

JUDGE = """
import sys, time
from datetime import timedelta

from firstwire.core.alerts.states import EventAlertState, WatchAlertState
from firstwire.files.word_classes import languages_read
from firstwire.core.pipeline import analyze, deduplicate, raise_alerts, raise_match_alerts, split_targets
from firstwire.core.rules.rulebook import EventRule, Rulebook
from firstwire.core.state import apply_all
from firstwire.core.stories.news_state import NewsState
from firstwire.core.watches.watch import watch_of
from firstwire.files.word_frequencies import load_word_frequencies
from schemas.article import Article
from schemas.event import Matches
from tests.support.knowledge import knowledge_of, shipped_gazetteer, shipped_ledger

TEXTS = {
    "en": "Kenya recognizes Kosovo",
    "ru": "Кения признала Косово независимым государством",
    "uk": "Кенія визнала Косово незалежною державою",
    "fr": "Le Kenya reconnaît le Kosovo",
    "es": "Kenia reconoce a Kosovo",
    "pt": "O Quênia reconhece o Kosovo",
    "it": "Il Kenya riconosce il Kosovo",
    "de": "Kenia erkennt Kosovo als unabhängigen Staat an",
    "ar": "اعترفت كينيا بكوسوفو",
    "fa": "کوزوو از سوی کنیا به رسمیت شناخته شد",
    "tr": "Kenya, Kosova'yı tanıdı",
    "pl": "Kenia uznała Kosowo za niepodległe państwo",
    "zh": "肯尼亚承认科索沃",
}
assert set(TEXTS) == {"en", *languages_read()}, "a language of seeds/lexicon has no headline in TEXTS here"
rule = EventRule(id="any", action=("*",), actor_kind=("*",), status=("*",))
watch = watch_of("kosovo", "@kosovo OR @kenya", shipped_gazetteer())
knowledge, seeds = knowledge_of(Rulebook(events=(rule,), watches=(watch,))), shipped_ledger()
for language in TEXTS:
    load_word_frequencies(language)
knowledge.reading.load()
knowledge.stories.load()
seen, on_events, on_matches = NewsState(timedelta(hours=72)), EventAlertState(seeds), WatchAlertState()
allowed = {"object.__getattr__", "object.__setattr__", "object.__delattr__", "sys._getframe", "compile", "exec",
           "code.__new__", "function.__new__", "builtins.id", "gc.get_objects", "marshal.loads", "array.__new__"}
found = {"events": 0, "matches": 0, "alerts": 0}

def refuse(event, arguments):
    global judging
    if judging and event not in allowed:
        judging = False  # printing the error opens files
        raise RuntimeError(f"the core raised the audit event {event} {arguments!r}"[:300])

def no_clock(*arguments):
    global judging
    judging = False
    raise RuntimeError("the core asked a clock")

judging = False
sys.addaudithook(refuse)
for name in ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "process_time", "sleep"):
    setattr(time, name, no_clock)

judging = True
for number, (language, text) in enumerate(TEXTS.items()):
    moment = f"2025-07-03T14:{number:02}:00.000Z"
    article = Article(article_id=language, title=text, body=text, language=language, source="Wire",
                      published_at=moment, fetched_at=moment)
    deduplicated = deduplicate(seen, article, knowledge.stories)
    apply_all(seen, deduplicated.changes)
    analyzed = analyze(knowledge, deduplicated.story)
    found["events"] += bool(analyzed.events)
    found["matches"] += bool(analyzed.matches)
    for event in split_targets(analyzed.events):
        alerted = raise_alerts(on_events, event, knowledge)
        apply_all(on_events, alerted.changes)
        found["alerts"] += bool(alerted.alerts)
    for match in analyzed.matches:
        apply_all(on_matches, raise_match_alerts(on_matches, Matches.of([match])).changes)
judging = False
print(found["events"], found["matches"], found["alerts"])
"""


def run_apart(code: str) -> subprocess.CompletedProcess[str]:
    """An audit hook stays for the life of its process, so that it gets one of its own."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.slow
def test_judging_in_every_shipped_language_touches_nothing_outside() -> None:
    done = run_apart(JUDGE)
    assert done.returncode == 0, done.stderr
    events, matches, alerts = map(int, done.stdout.split())
    assert (events, matches) == (13, 13)
    assert alerts >= 13


PROBES = """
import socket
for probe in (lambda: open("pyproject.toml"), socket.socket, time.time, lambda: __import__("this")):
    judging = True
    try:
        probe()
    except RuntimeError as err:
        print(err)
"""


@pytest.mark.slow
def test_what_reaches_outside_would_be_caught() -> None:
    done = run_apart(JUDGE.split("judging = True")[0].replace("for language in TEXTS:", "for language in ():") + PROBES)
    assert done.returncode == 0, done.stderr
    found = [re.sub(r" \(.*", "", line) for line in done.stdout.splitlines()]
    refused = "the core raised the audit event"
    assert found == [f"{refused} open", f"{refused} socket.__new__", "the core asked a clock", f"{refused} import"]
