"""A mail server on this host that keeps what it accepts."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterable
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from types import TracebackType
from typing import Any, Self

from aiosmtpd.smtp import SMTP, AuthResult


class MailServer:
    """`async with MailServer(["451 later"])`: replies in turn to each message, then it accepts all."""

    def __init__(self, script: Iterable[str] = (), *, login: tuple[str, str] | None = None) -> None:
        self._script = list(script)
        self._forever: list[str] = []
        self._login = login
        self._server: asyncio.Server | None = None
        self.messages: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.tried: list[str] = []
        """What was answered to those that were not accepted."""

    def answer_always(self, replies: Iterable[str]) -> None:
        """These replies in turn and over again, whatever comes."""
        self._forever = list(replies)

    @property
    def url(self) -> str:
        assert self._server is not None, "it has an address while it runs"
        return f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self._script or self._forever:
            said = self._script.pop(0) if self._script else self._forever[len(self.tried) % len(self._forever)]
            self.tried.append(said)
            return said
        parsed = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        self.envelopes.append((envelope.mail_from, envelope.rcpt_tos))
        return "250 accepted"

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()

    def _protocol(self) -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that a login without TLS is unwise: it is loopback here
            return SMTP(
                self,
                hostname="mail.example",
                auth_require_tls=False,
                auth_required=self._login is not None,
                authenticator=self._authenticated,
                loop=asyncio.get_running_loop(),
            )

    def _authenticated(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        return AuthResult(success=(data.login.decode(), data.password.decode()) == self._login, handled=False)
