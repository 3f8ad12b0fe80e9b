"""What a release changes, planned from the topic's records and the files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from firstwire.core.watches.document import Document
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.watch import Watch
from firstwire.errors import ConfigError, FatalError
from firstwire.files.rules import WrittenRule, written_rules
from firstwire.rules.releases import Compiler, history_of, planned_release, summed_up, version_of
from schemas.codec import encode
from schemas.rules import RuleVersion
from schemas.times import EPOCH
from tests.support.knowledge import shipped_gazetteer
from tests.support.records import at

GAZETTEER = shipped_gazetteer()
NOW = at(0)


Write = Callable[[str], list[WrittenRule]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> list[WrittenRule]:
        path = tmp_path / "rules.yaml"
        path.write_text(text, encoding="utf-8")
        return written_rules([path], GAZETTEER)

    return written


ONE = "watches: [{id: ships, query: ship*}]"
TWO = "watches: [{id: ships, query: ship*, severity: critical}]\nevents: [{id: any, action: recognize}]"


def test_the_first_release_is_effective_since_ever_and_later_ones_soon(write: Write) -> None:
    first = planned_release([], write(ONE), NOW)
    assert [(one.rule_id, one.rule_version, one.kind, one.release, one.effective_at) for one in first] == [
        ("ships", 1, "watch", 1, EPOCH)
    ]
    second = planned_release(first, write(TWO), NOW)
    assert [(one.rule_id, one.rule_version, one.release) for one in second] == [("any", 1, 2), ("ships", 2, 2)]
    assert {one.effective_at for one in second} == {"2025-07-03T00:00:01.500Z"}
    assert planned_release([*first, *second], write(TWO), at(1)) == []


@pytest.mark.parametrize(
    ("operator", "fault"), [("NEER/10", "no operator NEER/10"), ("NEAR-10", "NEAR needs a number of words")]
)
def test_a_watch_with_an_unknown_operator_is_refused_and_one_in_force_goes_on_as_words(
    write: Write, operator: str, fault: str
) -> None:
    query = f"ship* {operator} port"
    wrong = ONE.replace("ship*", query)
    assert planned_release([], write(wrong), NOW), "files of an earlier version, on a new topic"
    first = planned_release([], write(ONE), NOW)
    with pytest.raises(ConfigError, match=rf"{fault}.*did you mean NEAR/10\?") as caught:
        planned_release(first, write(wrong), at(1))
    assert str(caught.value.place).endswith("rules.yaml:1:36")
    in_force = [msgspec.structs.replace(first[0], definition=(first[0].definition or {}) | {"query": query})]
    assert planned_release(in_force, write(wrong), at(1)) == [], "the file of an earlier version has it too"
    (watch,) = history_of(in_force, Compiler(GAZETTEER)).newest.watches
    assert evaluate(watch.query, Document(title=f"Ships at {operator.title()}, a port")).matched
    assert not evaluate(watch.query, Document(title="Ships near a port")).matched
    with pytest.raises(ConfigError, match=fault):
        planned_release(in_force, write(wrong.replace("port", "port OR dock")), at(1))
    assert planned_release(in_force, write(ONE), at(1))


def test_examples_judge_nothing_and_make_no_new_version(write: Write) -> None:
    first = planned_release([], write(TWO), NOW)
    tried = TWO.replace("recognize}", "recognize, examples: {match: [Norway recognizes Palestine]}}")
    assert planned_release(first, write(tried), at(1)) == []
    older = [
        msgspec.structs.replace(one, definition={k: v for k, v in (one.definition or {}).items() if k != "examples"})
        for one in first
    ]
    assert planned_release(older, write(tried), at(1)) == []


def test_a_change_of_tell_is_a_new_version_and_its_default_is_none(write: Write) -> None:
    first = planned_release([], write(ONE), NOW)
    assert planned_release(first, write(ONE.replace("ship*", "ship*, tell: developments")), at(1)) == []
    older = [
        msgspec.structs.replace(one, definition={k: v for k, v in (one.definition or {}).items() if k != "tell"})
        for one in first
    ]
    assert planned_release(older, write(ONE), at(1)) == []
    (changed,) = planned_release(older, write(ONE.replace("ship*", "ship*, tell: new")), at(1))
    assert changed.rule_version == 2
    compiled = Compiler(GAZETTEER).change(changed).rule
    assert isinstance(compiled, Watch)
    assert compiled.tell == "new"


def test_a_release_is_never_effective_before_the_one_before_it_though_a_clock_was_set_back(write: Write) -> None:
    first = planned_release([], write(ONE), NOW)
    second = planned_release(first, write(TWO), at(5))
    third = planned_release([*first, *second], write(ONE), at(2))
    assert {one.effective_at for one in third} == {second[0].effective_at}


def test_a_rule_taken_out_and_put_back_counts_on(write: Write) -> None:
    first = planned_release([], write(TWO), NOW)
    second = planned_release(first, write(ONE), NOW)
    assert [(one.rule_id, one.rule_version, one.definition is None) for one in second] == [
        ("any", 2, True),
        ("ships", 2, False),
    ]
    third = planned_release([*first, *second], write(TWO), NOW)
    assert [(one.rule_id, one.rule_version) for one in third] == [("any", 3), ("ships", 3)]
    assert planned_release([*first, *second], write(ONE), NOW) == []
    told = summed_up([*first, *second], third)
    assert (told.release, told.added, told.changed, told.removed) == (3, ("any",), ("ships",), ())


def test_a_version_raised_by_hand_is_a_change_and_a_lower_one_is_none(write: Write) -> None:
    first = planned_release([], write(ONE), NOW)
    raised = planned_release(first, write("watches: [{id: ships, query: ship*, version: 7}]"), NOW)
    assert [one.rule_version for one in raised] == [7]
    assert planned_release([*first, *raised], write(ONE), NOW) == []


def test_the_history_compiles_what_it_has_not_seen_and_names_what_it_cannot(write: Write) -> None:
    first = planned_release([], write(TWO), NOW)
    book = history_of(first, Compiler(GAZETTEER)).at(NOW)
    assert (book.release, [one.id for one in book.watches], [one.id for one in book.events]) == (1, ["ships"], ["any"])
    assert history_of(first, Compiler(GAZETTEER, write(TWO))).at(NOW) == book
    for definition, message in (
        ({"id": "x", "query": "(", "version": 1}, "rule x v1: query of watch 'x'"),
        ({"id": "x", "query": "a", "novel": True}, "rule x v1: is of another version of firstwire"),
        ({"id": "x", "query": "@nobody-knows"}, "nobody-knows"),
    ):
        broken = RuleVersion(
            rule_id="x", rule_version=1, kind="watch", release=1, effective_at=EPOCH, published_at=NOW,
            definition=definition,
        )  # fmt: skip
        with pytest.raises(ConfigError, match=message):
            history_of([broken], Compiler(GAZETTEER)).at(NOW)


def test_a_record_that_cannot_be_read_stops_the_worker_with_its_place(write: Write) -> None:
    version = planned_release([], write(ONE), NOW)[0]
    assert version_of(encode(version), "rules:0:0") == version
    for value in (None, b"", b"{}", b'{"schema":"article"}'):
        with pytest.raises(FatalError, match="rules:0:7: the rules in force cannot be read"):
            version_of(value, "rules:0:7")
