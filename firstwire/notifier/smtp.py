"""One attempt to send an e-mail: a connection to a permitted address, TLS, and the server's reply."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from urllib.parse import unquote, urlsplit

import aiosmtplib

from firstwire.addresses import AddressRefusedError, refusal
from firstwire.config import Network
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, address_refused

PORTS = {"smtps": 465, "smtp": 587}


async def send_mail(
    request: Request, allow: tuple[Network, ...], timeout_seconds: float, now: Callable[[], datetime]
) -> Reply | ReplyVerdict:
    """The server's reply, or what its absence means.

    `smtp:` demands STARTTLS, but of a host in an allowed private network: a relay on this host often has none.
    Certificates are verified.
    """
    is_sending = False
    try:
        async with asyncio.timeout(timeout_seconds), _session(request.url, allow, timeout_seconds) as client:
            is_sending = True
            _, said = await client.sendmail(request.headers["from"], request.headers["to"].split(","), request.body)
            return Reply(250, said, now())
    except AddressRefusedError as err:
        return address_refused(str(err.strerror))
    except aiosmtplib.SMTPRecipientsRefused as err:
        first = err.recipients[0]
        return Reply(first.code, first.message, now())
    except aiosmtplib.SMTPResponseException as err:
        return Reply(err.code, err.message, now())
    except (aiosmtplib.SMTPException, OSError) as err:
        # Their texts may hold the host; a message whose connection is lost while it is sent may have arrived
        is_lost = isinstance(err, TimeoutError | aiosmtplib.SMTPServerDisconnected)
        result = "timeout" if isinstance(err, TimeoutError) else type(err).__name__
        return ReplyVerdict("retry", result, unanswered=is_sending and is_lost)


@asynccontextmanager
async def _session(url: str, allow: tuple[Network, ...], timeout_seconds: float) -> AsyncIterator[aiosmtplib.SMTP]:
    """A server that has greeted, with TLS and logged in as the URL asks. Raises OSError and SMTPException."""
    split = urlsplit(url)
    host, port = split.hostname or "", split.port or PORTS[split.scheme]
    connection, address = await _connected(host, port, allow)
    is_private = refusal(address) is not None
    client = aiosmtplib.SMTP(
        hostname=host,
        port=None,
        sock=connection,
        use_tls=split.scheme == "smtps",
        start_tls=None if is_private and split.scheme == "smtp" else split.scheme == "smtp",
        timeout=timeout_seconds,
        username=unquote(split.username) if split.username is not None else None,
        password=unquote(split.password) if split.password is not None else None,
    )
    try:
        await client.connect()
        yield client
    finally:
        client.close()


async def _connected(host: str, port: int, allow: tuple[Network, ...]) -> tuple[socket.socket, str]:
    """A socket to the first permitted address that answers. Raises OSError."""
    loop = asyncio.get_running_loop()
    error: OSError = OSError(errno.EHOSTUNREACH, "no address")
    for family, kind, protocol, _, place in await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        address = str(place[0])
        if (reason := refusal(address, allow)) is not None:
            error = AddressRefusedError(errno.EACCES, f"refused by policy: {reason}")
            continue
        connection = socket.socket(family, kind, protocol)
        connection.setblocking(False)
        try:
            await loop.sock_connect(connection, place)
        except OSError as err:
            connection.close()
            error = err
            continue
        return connection, address
    raise error


async def smtp_server_answers(
    url: str, allow: tuple[Network, ...], timeout_seconds: float, now: Callable[[], datetime]
) -> Reply | ReplyVerdict:
    """Whether a server is there, without a login or a message."""
    split = urlsplit(url)
    try:
        async with asyncio.timeout(timeout_seconds):
            connection, _ = await _connected(split.hostname or "", split.port or PORTS[split.scheme], allow)
    except AddressRefusedError as err:
        return address_refused(str(err.strerror))
    except (OSError, TimeoutError) as err:
        return ReplyVerdict("retry", type(err).__name__)
    connection.close()
    return Reply(220, "", now())
