"""Searches what a run wrote, its records, logs and figures, for the secrets of its configuration in every form."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import msgspec

from firstwire.broker.reader import Received, read_all
from firstwire.broker.topics import TOPICS, topic_name
from firstwire.config import ReceiverSettings, Secret, Settings

SECRET_LENGTH = 12
"""A shorter part of an address is a word such as `hook`."""
KEY_PREFIXES = ("whsec_", "whsk_")
PIECE_BYTES = 1 << 20


class SecretSearch:
    """`look` at bytes as often as you like; `found` says where a secret was, `searched` how many bytes there were."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self.secrets = tuple(dict.fromkeys(secrets))
        self._forms = tuple({form.encode(): secret for secret in self.secrets for form in forms_of(secret)}.items())
        self._longest = max((len(form) for form, _ in self._forms), default=1)
        self.records = self.searched = 0
        self.found: list[str] = []

    @property
    def form_count(self) -> int:
        return len(self._forms)

    def look(self, data: bytes, place: str) -> None:
        """Remember the place if a secret is there. The secret is named by its number, for reports are shown."""
        self.searched += len(data)
        for form, secret in self._forms:
            if form in data:
                self.found.append(f"secret {self.secrets.index(secret) + 1} in {place}")
                return

    def look_at_record(self, record: Received) -> None:
        """At its key, its value and its headers."""
        self.records += 1
        parts = [
            record.key.encode(),
            record.value or b"",
            *(name.encode() + b" " + value for name, value in record.headers),
        ]
        self.look(b"\n".join(parts), f"{record.topic} {record.partition}:{record.offset}")

    def look_at_file(self, file: Path) -> None:
        """At a file of any length."""
        rest, before = b"", self.searched
        with file.open("rb") as opened:
            while piece := opened.read(PIECE_BYTES):
                self.look(rest + piece, file.name)
                rest = piece[-self._longest :]
        self.searched = before + file.stat().st_size

    async def look_at_topics(self, bootstrap: str, prefix: str) -> None:
        """At every record of every topic."""
        for topic in TOPICS:
            async for record in read_all(bootstrap, topic_name(prefix, topic.name)):
                self.look_at_record(record)


def secrets_of(settings: Settings) -> list[str]:
    """Every secret of its receivers: of addresses what only their owner knows, keys, tokens, passwords."""
    return [secret for section in settings.receivers for secret in _secrets_of(section)]


def forms_of(secret: str) -> set[str]:
    """As it is, percent-encoded, escaped in JSON, and in base64 at each of its three offsets."""
    data = secret.encode()
    forms = {
        secret,
        quote(secret),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
    }
    for offset in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            written = encode(bytes(offset) + data).decode().rstrip("=")
            # At both ends characters also hold bits of what stands beside the secret
            forms.add(written[-(-offset * 8 // 6) : len(written) - (1 if (offset + len(data)) % 3 else 0)])
    return forms


def _secrets_of(section: ReceiverSettings) -> Iterator[str]:
    url = section.read_url()
    if url is not None:
        split = urlsplit(url)
        parts = [*split.path.split("/"), *(value for _, value in parse_qsl(split.query)), split.password or ""]
        yield from (unquote(part) for part in parts if len(part) >= SECRET_LENGTH)
    for value in msgspec.structs.asdict(section).values():
        if isinstance(value, Secret) and value != section.url:
            secret = value.read(section.place)
            yield secret
            for prefix in KEY_PREFIXES:
                if secret.startswith(prefix):
                    yield secret.removeprefix(prefix)
