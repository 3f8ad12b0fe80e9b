"""Which hosts, origins and clients a console believes in."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from firstwire.web.same_site import Client, OwnNames, client_of, is_own_origin, local_path

LOOPBACK = OwnNames(listens_on_loopback=True, public_host="desk.example")
EVERYWHERE = OwnNames(listens_on_loopback=False, public_host="desk.example")
PROXIES = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32"))


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8470", "127.0.0.1:8470", "[::1]:1", "desk.example", "DESK.example.:443"]
)
def test_own_names(host: str) -> None:
    assert LOOPBACK.includes(host) and EVERYWHERE.includes(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.nip.example",
        "desk.example@evil.example",
        "a b",
        "[::1",
        "x/y",
        "localhost:99999",
        "0x7f000001",
        "localhost?x",
        "localhost#x",
    ],
)
def test_names_of_others(host: str) -> None:
    assert not LOOPBACK.includes(host) and not EVERYWHERE.includes(host)


def test_an_address_by_its_number_cannot_be_rebound() -> None:
    assert EVERYWHERE.includes("192.0.2.7:8470") and not LOOPBACK.includes("192.0.2.7:8470")


@pytest.mark.parametrize(
    ("peer", "forwarded", "proto", "client"),
    [
        ("192.0.2.7", None, None, Client("192.0.2.7", "http")),
        ("192.0.2.7", "203.0.113.9", "https", Client("192.0.2.7", "http")),
        ("10.1.2.3", "203.0.113.9", "https", Client("203.0.113.9", "https")),
        ("10.1.2.3", "1.1.1.1, 203.0.113.9, 10.9.9.9", "http", Client("203.0.113.9", "http")),
        ("10.1.2.3", "10.9.9.9", None, Client("10.9.9.9", "http")),
        ("::ffff:10.1.2.3", "203.0.113.9", "http, https", Client("203.0.113.9", "https")),
        ("10.1.2.3", "<script>", "ftp", Client("10.1.2.3", "http")),
        ("10.1.2.3", "", "", Client("10.1.2.3", "http")),
    ],
)
def test_only_trusted_proxies_say_who_asks(peer: str, forwarded: str | None, proto: str | None, client: Client) -> None:
    assert client_of(peer, forwarded, proto, PROXIES) == client


@pytest.mark.parametrize(
    ("origin", "site", "is_own"),
    [
        (None, None, True),
        ("http://localhost:8470", None, True),
        ("http://LOCALHOST:8470", "same-origin", True),
        ("http://localhost", None, False),
        ("https://localhost:8470", None, False),
        ("null", None, False),
        ("http://evil.example", None, False),
        ("http://localhost:8470.evil.example", None, False),
        ("http://localhost:8470/x", None, False),
        (None, "cross-site", False),
        (None, "same-site", False),
        ("http://localhost:8470", "cross-site", False),
        (None, "none", True),
    ],
)
def test_only_own_pages_ask_for_changes(origin: str | None, site: str | None, is_own: bool) -> None:
    assert is_own_origin(origin, site, "http", "localhost:8470") is is_own


@pytest.mark.parametrize("path", ["/", "/alerts/7f3a?x=1#y"])
def test_a_login_leads_back(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/a\\b",
        "/a\nb",
        "javascript:x",
        "/" + "a" * 3000,
    ],
)
def test_a_login_leads_nowhere_else(path: str) -> None:
    assert local_path(path) == "/"
