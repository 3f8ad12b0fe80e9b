"""Why a request failed, in words for people, without the URL or its secrets."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from firstwire.addresses import as_refused
from firstwire.poller.answers import FailureKind


def status_reason(status: int) -> str:
    """`HTTP 404 Not Found`, or only the number if it has no name."""
    try:
        return f"HTTP {status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"HTTP {status}"


def failure_kind(error: Exception) -> FailureKind:
    """Whose fault it is that a request failed."""
    if as_refused(error) is not None:
        return "refused"
    if isinstance(error, aiohttp.ClientPayloadError | aiohttp.ClientResponseError | aiohttp.InvalidURL | ValueError):
        return "answer"
    return "unreachable"


def failure_reason(error: Exception) -> str:
    """Why a request failed. aiohttp's messages may quote the URL, so only known parts of them are used."""
    refused = as_refused(error)
    if refused is not None:
        return str(refused)
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return f"the host name cannot be resolved: {error.os_error.strerror or error.os_error}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        return f"no secure connection: {error.__cause__ or type(error).__name__}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"cannot connect: {error.os_error.strerror or error.os_error}"
    if isinstance(error, aiohttp.ClientPayloadError):
        return f"the body is truncated or badly encoded: {error}"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"not valid HTTP: {error.message}"
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return "the server closed the connection without an answer"
    if isinstance(error, aiohttp.InvalidURL):
        return "the address is malformed"
    return f"{type(error).__name__}: {error}" if isinstance(error, OSError) else type(error).__name__
