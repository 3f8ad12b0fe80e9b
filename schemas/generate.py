"""`python -m schemas.generate [--check]`: the JSON Schema of every record, for readers in other languages.

The files in `schemas/json/` are generated and never edited; the output is deterministic.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from schemas import RECORDS
from schemas.record import Record

FOLDER = Path(__file__).parent / "json"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def main() -> None:
    parser = argparse.ArgumentParser(description="Regenerate schemas/json/.")
    parser.add_argument("--check", action="store_true", help="write nothing; list stale files and exit with 1")
    if parser.parse_args().check:
        found = stale(FOLDER)
        for name in found:
            print(f"schemas/json/{name} differs from the records: run `make schemas`", file=sys.stderr)  # noqa: T201
        sys.exit(1 if found else 0)
    write(FOLDER)


def files() -> dict[str, str]:
    """The content of each file by name, one file per record."""
    return {f"{schema_name(kind)}.json": _text(json_schema(kind)) for kind in RECORDS}


def stale(folder: Path) -> list[str]:
    """The names of files that are missing, outdated, or belong to no record."""
    wanted = files()
    present = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.json")}
    return sorted(name for name in wanted.keys() | present.keys() if wanted.get(name) != present.get(name))


def write(folder: Path) -> None:
    """Write all files, and remove those that belong to no record any more."""
    folder.mkdir(exist_ok=True)
    wanted = files()
    for file in folder.glob("*.json"):
        if file.name not in wanted:
            file.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")


def schema_name(kind: type[Record]) -> str:
    """The value of a record's field `schema`: `article`."""
    return str(kind.__struct_config__.tag)


def json_schema(kind: type[Record]) -> dict[str, Any]:
    """The schema with the record at its root. It has no `$id`, since it is used as a local file."""
    (root,), parts = msgspec.json.schema_components([kind], ref_template="#/$defs/{name}")
    described = parts.pop(root["$ref"].removeprefix("#/$defs/"))
    schema = {"$schema": DIALECT, **described, "title": schema_name(kind)}
    return {**schema, "$defs": parts} if parts else schema


def _text(schema: dict[str, Any]) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
