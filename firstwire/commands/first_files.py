"""The files of a first configuration, made of three answers: what to watch, which feeds, whom to tell."""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

CONFIGURATION = "firstwire.toml"
WATCHES = "watches.yaml"
ADDRESS = "receiver.url"
SECRET = "receiver.secret"  # noqa: S105 - the name of a file

RECEIVER = "me"
TYPES = {"hooks.slack.com": "slack", "discord.com": "discord", "ntfy.sh": "ntfy"}
"""The type of a receiver by the host of its address; all others are webhooks."""


BY_URL_ALONE = frozenset({"slack", "discord", "mattermost", "teams", "ntfy", "alertmanager", "cloudevents", "webhook"})
"""The types that need no setting but a URL (a webhook's secret is made)."""


class ToldBy(NamedTuple):
    """A receiver's type and URL."""

    type: str
    url: str


@dataclass(frozen=True)
class FirstFiles:
    """Texts by the name of their file. `private` are those that hold secrets."""

    texts: dict[str, str]
    private: dict[str, str] = field(default_factory=dict)


def first_files(folder: Path, watches: Sequence[str], feeds: Sequence[str], tell: str) -> FirstFiles:
    """The files for these queries, addresses of feeds, and the address of a receiver; empty for none.

    `folder`: where they will be; secrets are named by their whole path, wherever a command is typed.
    """
    private: dict[str, str] = {}
    receiver = NO_RECEIVER
    if tell:
        kind, address = told_by(tell)
        private[ADDRESS] = f"{address}\n"
        secret = ""
        if kind == "webhook":
            private[SECRET] = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}\n"
            secret = SIGNED.format(file=json.dumps(str(folder / SECRET)))
        receiver = TOLD.format(name=RECEIVER, kind=kind, address=json.dumps(str(folder / ADDRESS)), secret=secret)
    subscriptions = ", ".join(json.dumps(feed) for feed in feeds) or '"seeds/feeds.opml"'
    configuration = SETTINGS.format(
        subscriptions=subscriptions,
        poller=OWN_NETWORKS.format(networks=json.dumps(own)) if (own := own_networks(feeds)) else "",
        watches=WATCHES,
        receiver=receiver,
        notifier=f"\n[notifier]\n{OWN_NETWORKS.format(networks=json.dumps(own))}"
        if (own := own_networks([told_by(tell).url]))
        else "",
    )
    return FirstFiles({CONFIGURATION: configuration, WATCHES: _watches(watches)}, private)


def told_by(answer: str) -> ToldBy:
    """The type and the URL of an answer, `URL` or `TYPE:URL`."""
    kind, _, url = answer.partition(":")
    if kind in BY_URL_ALONE and url.startswith(("https://", "http://")):
        return ToldBy(kind, url)
    return ToldBy(TYPES.get(urlsplit(answer).hostname or "", "webhook"), answer)


def own_networks(addresses: Iterable[str]) -> list[str]:
    """The networks of those addresses that name this host or one of a private network, which are else refused."""
    found: list[str] = []
    for address in addresses:
        host = urlsplit(address).hostname or ""
        if host == "localhost":
            found += ["127.0.0.0/8", "::1/128"]
            continue
        try:
            ip = ip_address(host)
        except ValueError:
            continue
        if (ip.is_loopback or ip.is_private) and not ip.is_link_local:
            found.append(str(ip_network(ip)))
    return list(dict.fromkeys(found))


def _watches(queries: Sequence[str]) -> str:
    watches = [
        f"  - id: my-watch-{number}\n    query: {json.dumps(query, ensure_ascii=False)}\n    severity: warning\n"
        for number, query in enumerate(queries, start=1)
    ]
    return EXAMPLES + "".join(watches) if watches else f"{EXAMPLES}  []\n"


SETTINGS = """\
# Firstwire's settings, written by `firstwire init`. Every setting, with its default: docs/configuration.md.
# An environment variable FIRSTWIRE_SECTION_KEY stands over a value here. Relative paths are relative to this file.

[poller]
# Addresses of feeds, and OPML files; `firstwire feeds add URL` adds more while it runs
subscriptions = [{subscriptions}]
# Between two visits to a feed: news is told up to so late. At least 5m for public feeds; longer if a feed asks for it
interval = "15m"
{poller}
[rules]
# The shipped rules, and yours
paths = ["seeds/rules", "{watches}"]

{receiver}{notifier}"""

OWN_NETWORKS = """\
# You named an address of your own network: all others of these stay refused
allow_private_addresses = {networks}
"""

TOLD = """\
[[receivers]]
name = "{name}"
type = "{kind}"
# Whoever knows the address can write there: the file is readable by you alone
url = {{ file = {address} }}
{secret}
# Every alert goes there; who is told what and when: docs/routing.md
[[routes]]
receivers = ["{name}"]
"""

SIGNED = """\
# Standard Webhooks: whoever gets the alerts verifies them with it
secret = {{ file = {file} }}
"""

NO_RECEIVER = """\
# Nobody is told: alerts stay in Kafka. To be told, add a receiver and a route: docs/receivers.md.
#
# [[receivers]]
# name = "me"
# type = "slack"
# url = { env = "FIRSTWIRE_SLACK_URL" }
#
# [[routes]]
# receivers = ["me"]
"""

EXAMPLES = """\
# Your watches. After a change: `firstwire rules test`, then `firstwire rules apply`.
# The language: docs/query-language.md.
# For instance, a phrase, words near each other, the end of a word left open, an entity by all its names:
#
#   - id: ceasefire-talks
#     query: '("ceasefire talks" OR truce NEAR/5 (talk* OR negotiat*)) AND NOT (cricket OR football)'
#     severity: info
#   - id: embassy-kabul
#     query: '@taliban AND embass* NEAR/8 (reopen* OR clos*)'
#     severity: warning
watches:
"""
