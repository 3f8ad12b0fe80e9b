"""Who asks: tokens, sessions and the tokens against forged forms. Pure but for the secrets that it is given.

A session is a signed statement in a cookie, kept nowhere: it is good as long as the token that it was opened with, so
that taking the token out of the settings ends it.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal

SESSION_SECONDS = 7 * 24 * 3600
SHORTEST_TOKEN = 16
"""Characters. Guessing is slowed down, but not a token that is a word."""

Role = Literal["read", "write"]


@dataclass(frozen=True)
class AccessToken:
    """A secret, and who has it."""

    name: str
    role: Role
    secret: str


@dataclass(frozen=True)
class Person:
    """Who asks. `bond` is what forms of theirs are bound to."""

    name: str
    role: Role
    bond: str

    @property
    def may_write(self) -> bool:
        return self.role == "write"


class Access:
    """Judges tokens and sessions; without tokens everybody is `local`, for only this host can ask."""

    def __init__(self, tokens: Sequence[AccessToken], form_key: bytes) -> None:
        self._tokens = tuple(tokens)
        self._form_key = form_key

    @property
    def is_open(self) -> bool:
        """Whether no login is needed."""
        return not self._tokens

    def local(self) -> Person:
        return Person("local", "write", "local")

    def by_token(self, given: str) -> Person | None:
        """Whose token this is. Every token is compared, in constant time."""
        asked = sha256(given.encode("utf-8", "surrogatepass")).digest()
        found: AccessToken | None = None
        for token in self._tokens:
            if hmac.compare_digest(sha256(token.secret.encode()).digest(), asked):
                found = token
        return None if found is None else Person(found.name, found.role, f"token {found.name}")

    def session(self, person: Person, now: float, nonce: str) -> str:
        """The cookie of a new session: `name.end.nonce.signature`."""
        token = self._of(person.name)
        assert token is not None
        statement = f"{person.name}.{int(now) + SESSION_SECONDS}.{nonce}"
        return f"{statement}.{_signed(token.secret.encode(), 'session', statement)}"

    def by_session(self, cookie: str, now: float) -> Person | None:
        """Whose session this is; None if it is forged, has ended, or its token is gone."""
        statement, _, signature = cookie.rpartition(".")
        parts = statement.rsplit(".", 2)
        token = self._of(parts[0])
        expected = _signed((token.secret if token is not None else "").encode(), "session", statement)
        is_signed = hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace"))
        if token is None or not is_signed or len(parts) != 3 or not parts[1].isdecimal() or int(parts[1]) <= now:
            return None
        return Person(token.name, token.role, f"session {parts[2]}")

    def form_token(self, person: Person) -> str:
        """What every form of theirs carries: another site cannot read it, so cannot send it."""
        return _signed(self._form_key, "form", f"{person.name} {person.bond}")

    def is_form_token(self, person: Person, given: str) -> bool:
        return hmac.compare_digest(self.form_token(person).encode(), given.encode("utf-8", "replace"))

    def _of(self, name: str) -> AccessToken | None:
        return next((token for token in self._tokens if token.name == name), None)


def _signed(key: bytes, purpose: str, statement: str) -> str:
    return hmac.new(key, f"{purpose}\n{statement}".encode(), "sha256").hexdigest()
