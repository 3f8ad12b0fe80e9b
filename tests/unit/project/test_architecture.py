"""The pictures of docs/architecture.md and the imports of the code are the same house, seen from both sides."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
GRAPH = grimp.build_graph("schemas", "firstwire", "agents", cache_dir=None)

LINE = re.compile(r"(?P<room>\w+)(?:\[\"[^\"]+\"\])?(?: --> (?P<others>\w+(?: & \w+)*))?")

Arrows = dict[str, set[str]]


def room_of_house(module: str) -> str | None:
    """The room of a module; of the package `firstwire` itself, which holds the version, none."""
    first, *rest = module.split(".")
    return first if first != "firstwire" else next(iter(rest), None)


def room_of_core(module: str) -> str | None:
    return module.split(".")[2] if module.startswith("firstwire.core.") else None


def drawn(heading: str) -> Arrows:
    """The rooms and arrows of the picture under a heading. A line that is none of either fails."""
    section = PAGE.split(f"\n{heading}\n")[1].split("\n#")[0]
    (picture,) = re.findall(r"```mermaid\nflowchart TD\n(.*?)```", section, re.DOTALL)
    arrows: Arrows = {}
    for line in picture.strip().splitlines():
        match = LINE.fullmatch(line.strip())
        assert match is not None, line
        assert match["room"] not in arrows, f"{match['room']} is drawn twice"
        arrows[match["room"]] = set(match["others"].split(" & ")) if match["others"] else set()
    return arrows


def imported(room_of: Callable[[str], str | None], modules: Iterable[str] = GRAPH.modules) -> Arrows:
    """Which room imports which, and rooms that import none."""
    arrows: Arrows = {room: set() for room in map(room_of, modules) if room is not None}
    for module in modules:
        for other in GRAPH.find_modules_directly_imported_by(module):
            here, there = room_of(module), room_of(other)
            if here is not None and there is not None and here != there:
                arrows[here].add(there)
    return arrows


def reached(arrows: Arrows, room: str) -> set[str]:
    """All that can be reached along the arrows."""
    found: set[str] = set()
    ahead = list(arrows[room])
    while ahead:
        there = ahead.pop()
        if there not in found:
            found.add(there)
            ahead += arrows[there]
    return found


def differences(picture: Arrows, code: Arrows) -> list[str]:
    """What picture and code do not say alike, in words."""
    return [
        *(f"{room} is drawn and is no room" for room in picture.keys() - code.keys()),
        *(f"{room} is a room and is not drawn" for room in code.keys() - picture.keys()),
        *(
            f"{room} imports {there}, which no arrow leads to"
            for room in picture.keys() & code.keys()
            for there in code[room] & picture.keys()
            if there not in reached(picture, room)
        ),
        *(
            f"{room} --> {there} is drawn and nothing imports it"
            for room in picture.keys() & code.keys()
            for there in picture[room] & code.keys()
            if there not in code[room]
        ),
    ]


PICTURES = [("## Packages", room_of_house), ("### Inside the core", room_of_core)]


@pytest.mark.parametrize(("heading", "room_of"), PICTURES, ids=["house", "core"])
def test_the_picture_shows_the_imports(heading: str, room_of: Callable[[str], str | None]) -> None:
    assert differences(drawn(heading), imported(room_of)) == []


@pytest.mark.parametrize(("heading", "room_of"), PICTURES, ids=["house", "core"])
def test_a_picture_or_code_that_is_changed_is_noticed(heading: str, room_of: Callable[[str], str | None]) -> None:
    picture, code = drawn(heading), imported(room_of)
    for room, others in picture.items():
        for there in others:
            assert differences({**picture, room: others - {there}}, code), f"{room} --> {there} is not needed"
            assert differences({**picture, there: picture[there] | {room}}, code), f"{there} --> {room}"
        assert differences(picture, {**code, "attic": {room}})
        assert differences({**picture, "attic": {room}}, code)


def layers_of(contract_id: str) -> list[set[str]]:
    """The rooms of a contract's layers, highest first, without those that are optional."""
    (contract,) = [contract for contract in CONTRACTS if contract["id"] == contract_id]
    found = [
        {name.strip() for name in layer.split("|") if not name.strip().startswith("(")} for layer in contract["layers"]
    ]
    return [layer for layer in found if layer]


@pytest.mark.parametrize(("heading", "contract"), [("## Packages", "layers"), ("### Inside the core", "core-layers")])
def test_arrows_lead_down_through_the_layers_that_import_linter_holds(heading: str, contract: str) -> None:
    picture, layers = drawn(heading), layers_of(contract)
    depths = {room: depth for depth, layer in enumerate(layers) for room in layer}
    assert picture.keys() - depths.keys() <= {"agents", "schemas"}
    assert depths.keys() <= picture.keys()
    for room, others in picture.items():
        for there in others & depths.keys():
            assert room not in depths or depths[room] < depths[there], f"{room} --> {there}"
