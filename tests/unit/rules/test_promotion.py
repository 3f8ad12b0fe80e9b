"""Promotion changes one word of a file and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.errors import ConfigError
from firstwire.files.rules import written_rules
from firstwire.rules.promotion import promote
from tests.support.knowledge import shipped_gazetteer

GAZETTEER = shipped_gazetteer()

FILE = """# ours — with a word in Ükrainian: Україна
watches:
  - id: ships
    query: 'ship* AND "shadow fleet"'   # the shadow fleet
    state: shadow  # since Monday
  - {id: trains, query: train*, state: "shadow"}
  - {id: planes, query: plane*}
events:
- id: any
  action: recognize
  state: 'shadow'
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("chosen", "changed"),
    [
        (["ships"], [("state: shadow  # since", "state: live  # since")]),
        (["trains", "any"], [('"shadow"}', '"live"}'), ("'shadow'", "'live'")]),
    ],
)
def test_only_the_state_is_written_anew(
    tmp_path: Path, ends: str, chosen: list[str], changed: list[tuple[str, str]]
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_bytes(FILE.replace("\n", ends).encode())
    told = promote(written_rules([path], GAZETTEER), chosen, [path])
    assert len(told) == len(chosen)
    wanted = FILE
    for old, new in changed:
        assert wanted.count(old) == 1
        wanted = wanted.replace(old, new)
    assert path.read_bytes() == wanted.replace("\n", ends).encode()
    states = {each.line.id: each.line.state for each in written_rules([path], GAZETTEER)}
    assert all(states[rule_id] == "live" for rule_id in chosen)
    assert list(tmp_path.iterdir()) == [path]


def test_a_json_file_stays_json(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text('{"watches": [{"id": "ships", "query": "ship*", "state": "shadow"}]}', encoding="utf-8")
    assert promote(written_rules([path], GAZETTEER), ["ships"], [path]) == [f"{path}:1:57"]
    assert path.read_text(encoding="utf-8") == '{"watches": [{"id": "ships", "query": "ship*", "state": "live"}]}'


@pytest.mark.parametrize(
    ("chosen", "message"), [(["ships", "nothing"], "no rule 'nothing'"), (["planes"], "'planes' is not in shadow")]
)
def test_what_cannot_be_promoted_is_named_and_no_file_is_touched(
    tmp_path: Path, chosen: list[str], message: str
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(ConfigError, match=message):
        promote(written_rules([path], GAZETTEER), chosen, [path])
    assert path.read_text(encoding="utf-8") == FILE
