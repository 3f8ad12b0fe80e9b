"""The one `firstwire.toml` of the tests: a daemon's whole configuration, of which a test names what it cares about."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
"""Of Standard Webhooks' own documentation."""

LOOPBACK = ("127.0.0.0/8",)


def write_configuration(
    folder: Path,
    *,
    bootstrap: str | None = None,
    prefix: str = "firstwire",
    partitions: int | None = None,
    feeds: Iterable[str] | None = None,
    rules: Iterable[str] | None = None,
    slack: str | None = None,
    webhook: str | None = None,
    secret_variable: str | None = None,
    match: Mapping[str, str] | None = None,
    web: str | None = None,
    more: str = "",
) -> Path:
    """A `firstwire.toml` in this folder, where its data lie too.

    `feeds` are asked every second, and all that their first documents hold is published. `slack` is the receiver
    `newsroom`, `webhook` the receiver `desk`, and what fits `match` goes to both. The webhook's secret is SECRET: in a
    file, or in the environment variable that is named, which the test sets. `web` is where the console listens, ""
    nowhere. `more` is TOML put after all this as it stands, right or wrong.
    """
    kafka = {"bootstrap_servers": bootstrap, "topic_prefix": prefix, "data_dir": str(folder), "partitions": partitions}
    tables: list[tuple[str, Mapping[str, Any]]] = [("[kafka]", kafka)]
    if feeds is not None:
        asked = {
            "subscriptions": list(feeds),
            "interval": "1s",
            "first_poll": "all",
            "allow_private_addresses": LOOPBACK,
        }
        tables.append(("[poller]", asked))
    if rules is not None:
        tables.append(("[rules]", {"paths": list(rules)}))
    if web is not None:
        tables.append(("[web]", {"listen": web}))
    receivers = _receivers(folder, slack, webhook, secret_variable)
    if receivers:
        tables.append(("[notifier]", {"allow_private_addresses": LOOPBACK}))
        tables += [("[[receivers]]", receiver) for receiver in receivers]
        tables.append(("[[routes]]", {"match": match, "receivers": [each["name"] for each in receivers]}))
    file = folder / "firstwire.toml"
    file.write_text("".join(_table(name, values) for name, values in tables) + more, encoding="utf-8")
    return file


def _receivers(
    folder: Path, slack: str | None, webhook: str | None, secret_variable: str | None
) -> list[dict[str, Any]]:
    receivers: list[dict[str, Any]] = []
    if slack is not None:
        receivers.append({"name": "newsroom", "type": "slack", "url": slack})
    if webhook is not None:
        secret = {"env": secret_variable}
        if secret_variable is None:
            (folder / "secret").write_text(SECRET, encoding="utf-8")
            secret = {"file": str(folder / "secret")}
        receivers.append({"name": "desk", "type": "webhook", "url": webhook, "secret": secret})
    return receivers


def _table(name: str, values: Mapping[str, Any]) -> str:
    lines = [f"{key} = {_value(value)}\n" for key, value in values.items() if value is not None]
    return f"{name}\n{''.join(lines)}"


def _value(value: str | int | Sequence[str] | Mapping[str, str]) -> str:
    """Texts, numbers and lists of them are written in TOML as in JSON."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    return json.dumps(value)
