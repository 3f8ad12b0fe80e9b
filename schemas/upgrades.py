"""Upgrades records of earlier versions to the current one, one version per step.

A step takes the decoded JSON of a record and returns that of the next version. It never guesses: fields that an earlier
version lacked keep their defaults.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Raw = dict[str, Any]

_REDONE = re.compile(r"; .* had done so before, undone on (\d{4}-\d{2}-\d{2})$")
_NOTHING_NEW = re.compile(r"nothing new: the undoing of (\d{4}-\d{2}-\d{2}) is (.*)$", re.DOTALL)
_DENIED = re.compile(r"denied by (?P<name>.*) itself, as (?P<source>.*) says$", re.DOTALL)
_WITHDRAWN = re.compile(r"withdrawn by (?P<source>.*)$", re.DOTALL)
_BY_HAND = re.compile(r"not so, corrected by hand: (?P<source>.*)$", re.DOTALL)
_EPISODE = re.compile(r"(?P<era>.*), (?P<number>\d+)$", re.DOTALL)


def upgraded(value: Any) -> Any:
    """A decoded record in its current version; later versions and values that are not records are unchanged."""
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("alert"), dict):
        value = {**value, "alert": upgraded(value["alert"])}
    while (step := _STEPS.get((value.get("schema"), value.get("version", 1)))) is not None:
        value = step(value)
    if value.get("schema") in ("story", "match") and "retells" not in value:
        return _with_retold(value)
    if value.get("schema") == "delivery" and "unanswered" not in value:
        # Nobody noted which attempts got a reply: any of them may have arrived
        return {**value, "unanswered": value.get("attempt", 0)}
    return value


def _with_retold(value: Raw) -> Raw:
    """A story or match of before `retells`: a copy repeats the article that it copies, all else may add something.

    The field is always written, so that its absence alone tells such a record. A match did not name the article that
    it copies; the origin of both does.
    """
    context = value.get("context") or {}
    relation, copied = value.get("relation"), value.get("copy_of")
    if value["schema"] == "match":
        relation, copied = context.get("relation"), context.get("origin_id")
    is_copy = relation == "copy" and copied not in (None, value.get("article_id"))
    return {**value, "retells": [copied]} if is_copy else value


def _alert_2(alert: Raw) -> Raw:
    """The episode was a number after the era, the ledger's answer a sentence."""
    subject, novelty = alert.get("subject"), alert.get("novelty")
    name = (alert.get("actor") or {}).get("name", "")
    return {
        **alert,
        "version": 2,
        "subject": _subject(subject) if isinstance(subject, dict) else subject,
        "novelty": _novelty(novelty, name) if isinstance(novelty, dict) else novelty,
    }


def _alert_memory_2(memory: Raw) -> Raw:
    """Supporting revisions were `article@fetched_at@day`. The memory contains the era, so its subject's is certain."""
    memory = {**memory, "version": 2}
    memory["supporting"] = [_supporting(text) for text in memory.pop("contributions", ())]
    number = (memory.get("episode") or {}).get("number", 1)
    if number > 1:
        subject = {**memory["subject"], "era": memory["era"], "episode": number}
        memory["subject"] = subject
        if memory.get("alert"):
            memory["alert"] = {**memory["alert"], "subject": subject}
    elif memory.get("alert"):
        memory["alert"] = {**memory["alert"], "subject": memory["subject"]}
    return memory


def _verdict_2(verdict: Raw) -> Raw:
    """The cause was `rule:article`, or `event:target:actor` without unknown parts."""
    verdict = {**verdict, "version": 2}
    cause = verdict.pop("cause", "")
    if cause != f"{verdict.get('rule_id')}:{verdict.get('article_id')}":
        event_id, target, actor = (*cause.split(":"), "", "")[:3]
        verdict |= {"event_id": event_id, "target": target or None, "actor": actor or None}
    return verdict


def _supporting(text: str) -> Raw:
    article_id, fetched_at, act_date = text.rsplit("@", 2)
    return {"article_id": article_id, "fetched_at": fetched_at, "act_date": act_date or None}


def _subject(subject: Raw) -> Raw:
    """An era's own id may end in a comma and a year, and nothing is undone and done a hundred times."""
    found = _EPISODE.match(subject.get("era") or "")
    if found is None or not 2 <= int(found["number"]) < 100:
        return subject
    return {**subject, "era": found["era"], "episode": int(found["number"])}


def _novelty(novelty: Raw, name: str) -> Raw:
    sentence = novelty.get("ledger", "")
    answer, removal, redone_after = "earlier", None, None
    if (redone := _REDONE.search(sentence)) is not None:
        redone_after = redone[1]
    if (nothing := _NOTHING_NEW.match(sentence)) is not None:
        answer, redone_after, removal = "nothing_new", nothing[1], _removal(nothing[2], name)
    elif (removal := _removal(sentence, name)) is not None:
        answer = "removed"
    elif sentence.startswith("contradicted by"):
        answer = "contradicted"
    elif sentence.startswith("no earlier actor"):
        answer = "no_earlier"
    elif sentence.startswith("not enough known"):
        answer = "not_enough_known"
    scopes = [_scope(scope) for scope in novelty.get("scopes", ())]
    return {**novelty, "answer": answer, "removal": removal, "redone_after": redone_after, "scopes": scopes}


def _removal(sentence: str, name: str) -> Raw | None:
    for by, pattern in (("actor", _DENIED), ("outlet", _WITHDRAWN), ("hand", _BY_HAND)):
        if (found := pattern.match(sentence)) is not None:
            return {"by": by, "name": found.groupdict().get("name", name), "source": found["source"]}
    return None


def _scope(scope: Raw) -> Raw:
    """The sentence is kept and shown unchanged: `unknown` cannot be derived from it."""
    sentence = scope.get("ledger", "")
    answer = "not_enough_known"
    if "not enough known" not in sentence:
        answer = (
            "contradicted"
            if sentence.startswith("contradicted")
            else "earlier"
            if scope.get("earlier")
            else "no_earlier"
        )
    return {**scope, "answer": answer}


_STEPS: dict[tuple[Any, Any], Callable[[Raw], Raw]] = {
    ("alert", 1): _alert_2,
    ("alert-memory", 1): _alert_memory_2,
    ("verdict", 1): _verdict_2,
}
