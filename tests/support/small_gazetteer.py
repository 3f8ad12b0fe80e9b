"""Eight entities with names in many scripts, shared names and phrases that mislead: for tests of `@entity`."""

from __future__ import annotations

from firstwire.core.entities.gazetteer import Gazetteer, GazetteerEntry

GAZETTEER = Gazetteer(
    [
        GazetteerEntry(
            id="taliban",
            name="Taliban",
            kind="organization",
            names=(
                *((name, "name") for name in ("Taliban", "Талибан", "طالبان", "タリバン", "Islamic Emirate")),
                ("talibans", "alias"),
            ),
            stems=("талибск",),
        ),
        GazetteerEntry(id="kabul", name="Kabul", kind="subnational", names=(("Kabul", "name"), ("کابل", "name"))),
        GazetteerEntry(
            id="saudi-arabia",
            name="Saudi Arabia",
            kind="nation",
            names=(("Saudi Arabia", "name"), ("السعودية", "name")),
        ),
        GazetteerEntry(
            id="iran", name="Iran", kind="nation", names=(("Iran", "name"), ("İran", "name"), ("ایران", "name"))
        ),
        GazetteerEntry(
            id="uzbekistan",
            name="Uzbekistan",
            kind="nation",
            names=(("Uzbekistan", "name"), ("Oʻzbekiston", "name")),
        ),
        GazetteerEntry(
            id="united-states",
            name="United States",
            kind="nation",
            names=(("United States", "name"), ("US", "alias"), ("U.S.", "alias"), ("Diyarbakır", "within")),
        ),
        GazetteerEntry(id="georgia", name="Georgia", kind="nation", names=(("Georgia", "name"), ("東京", "capital"))),
        GazetteerEntry(
            id="georgia-us-state", name="Georgia", kind="subnational", shares=("Georgia",), context=("Atlanta",)
        ),
    ],
    not_entities=("Kabul kabul",),
)
