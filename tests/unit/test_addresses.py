"""The address guard: what it refuses, and that nothing gets a socket around it."""

from __future__ import annotations

import socket
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from firstwire.addresses import as_refused, guarded_connector, refusal
from firstwire.config import networks

REFUSED = """
    0.0.0.0 0.1.2.3 127.0.0.1 127.255.255.254 10.0.0.1 10.255.255.255 172.16.0.1 172.31.255.255 192.168.0.1
    100.64.0.1 100.100.100.200 100.127.255.255 169.254.0.1 169.254.169.254 168.63.129.16 192.0.0.8 192.0.0.192
    192.0.2.1 192.88.99.1 198.18.0.1 198.19.255.255 198.51.100.7 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
    255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8
    64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 2002:808:808::1 3fff::1
    fc00::1 fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 4000::1 5f00::1 localhost 0x7f.1 127.1
"""
OPEN = "8.8.8.8 1.1.1.1 93.184.216.34 172.32.0.1 100.128.0.1 192.0.1.1 2606:4700::1111 2a00:1450:4001::200e"


@pytest.mark.parametrize("address", REFUSED.split())
def test_addresses_that_are_not_public_are_refused(address: str) -> None:
    reason = refusal(address, ())
    assert reason is not None
    assert address.partition("%")[0].split(":")[0] in reason


@pytest.mark.parametrize("address", OPEN.split())
def test_public_addresses_are_open(address: str) -> None:
    assert refusal(address, ()) is None


@pytest.mark.parametrize(
    ("address", "allow", "is_open"),
    [
        ("127.0.0.1", ("127.0.0.0/8",), True),
        ("::ffff:127.0.0.1", ("127.0.0.0/8",), True),
        ("0.0.0.0", ("127.0.0.0/8",), False),
        ("10.1.2.3", ("10.1.0.0/16",), True),
        ("10.2.2.3", ("10.1.0.0/16", "127.0.0.0/8"), False),
        ("::1", ("127.0.0.0/8",), False),
        ("::1", ("::1/128",), True),
        ("169.254.169.254", ("10.0.0.0/8",), False),
    ],
)
def test_the_allow_list_opens_what_it_names_and_nothing_else(address: str, allow: Any, is_open: bool) -> None:
    assert (refusal(address, networks(allow)) is None) is is_open


class Names(AbstractResolver):
    """Answers every name with the addresses it was given."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for address in self.addresses
        ]

    async def close(self) -> None:
        pass


async def _refused(url: str, *resolved: str) -> str | None:
    """The refusal that a GET ends in; None for any other connection error."""
    connector = guarded_connector((), resolver=Names(*resolved) if resolved else None)
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(url)
    refused = as_refused(caught.value)
    return None if refused is None else str(refused)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"])
async def test_literals_and_names_of_this_host_get_no_socket(host: str) -> None:
    assert await _refused(f"http://{host}:9/") is not None


@pytest.mark.parametrize("resolved", [("10.0.0.1",), ("10.0.0.1", "10.0.0.2"), ("127.0.0.1", "::1", "fe80::1")])
async def test_a_name_that_leads_to_private_addresses_gets_no_socket(resolved: tuple[str, ...]) -> None:
    refused = await _refused("http://news.example/", *resolved)
    assert refused is not None
    assert "news.example" not in refused


async def test_a_redirect_to_a_private_address_gets_no_socket_and_an_allowed_network_is_open() -> None:
    async def redirect(request: web.Request) -> web.Response:
        raise web.HTTPFound(f"http://127.0.0.2:{request.url.port}/")

    application = web.Application()
    application.router.add_get("/", redirect)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        connector = guarded_connector(networks(("127.0.0.1/32",)))
        async with aiohttp.ClientSession(connector=connector) as session:
            with pytest.raises(aiohttp.ClientConnectorError) as caught:
                await session.get(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    finally:
        await runner.cleanup()
    assert "127.0.0.2 is loopback" in str(as_refused(caught.value))


async def test_an_ordinary_refused_connection_is_no_refusal_of_ours() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    connector = guarded_connector(networks(("127.0.0.0/8",)))
    async with aiohttp.ClientSession(connector=connector) as session:
        with pytest.raises(aiohttp.ClientConnectorError) as caught:
            await session.get(f"http://127.0.0.1:{port}/")
    assert as_refused(caught.value) is None
