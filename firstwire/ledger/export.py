"""Exports the whole ledger as a ledger file, which `ledger.paths` loads as the same pages."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO
from typing import Any

from ruamel.yaml import YAML

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.vouching import vouching_in_force
from schemas.ledger import LedgerPage

HEAD = "# The ledger of firsts: seeded and reported acts, corrected by hand. Load it with ledger.paths.\n"


def exported(pages: Iterable[LedgerPage], seeds: Seeds, gazetteer: Gazetteer) -> str:
    """The file's text: acts grouped by common attributes, and names that are in no entity file."""
    acts: dict[tuple[str, str, str, bool, tuple[str, ...]], dict[str, str]] = {}
    names: dict[str, dict[str, str]] = {}
    pages = list(pages)
    for page in map(current_page, pages):
        if page.target and page.actors and gazetteer.entity(page.target) is None:
            names.setdefault(page.target, {"name": page.target, "kind": "other"})
        for entry in page.actors:
            if gazetteer.entity(entry.actor) is None:
                names[entry.actor] = {"name": entry.name, "kind": entry.kind}
            is_plain = entry.era == seeds.era_of(page.target, entry.date)
            line = (page.action, page.target, entry.era, is_plain, entry.sources)
            acts.setdefault(line, {})[entry.actor] = entry.date
    content: dict[str, Any] = {}
    if seeds.eras:
        content["eras"] = {
            target: [{"id": era.id, "since": era.since, **({"until": era.until} if era.until else {})} for era in eras]
            for target, eras in sorted(seeds.eras.items())
        }
    if acts:
        content["acts"] = [
            {
                "action": action,
                "target": target,
                "source": sources[0] if len(sources) == 1 else list(sources),
                **({} if is_plain else {"era": era}),
                "actors": actors,
            }
            for (action, target, era, is_plain, sources), actors in acts.items()
        ]
    for page in pages:
        vouching = vouching_in_force(page)
        if vouching is not None:
            whole = {"action": page.action, "target": page.target, "source": vouching.source}
            content.setdefault("acts", []).append({**whole, "vouched_until": vouching.until})
            if page.target and gazetteer.entity(page.target) is None:
                names.setdefault(page.target, {"name": page.target, "kind": "other"})
    if names:
        content["names"] = {entity_id: names[entity_id] for entity_id in sorted(names)}
    text = StringIO()
    yaml = YAML()
    yaml.width = 4096
    yaml.dump(content, text)
    return HEAD + text.getvalue()
