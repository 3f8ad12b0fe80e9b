"""Tokens, sessions and the tokens of forms."""

from __future__ import annotations

import pytest

from firstwire.web.access import SESSION_SECONDS, Access, AccessToken, Person

DESK = AccessToken("desk", "write", "a secret of the desk")
GUEST = AccessToken("guest.1", "read", "a secret of the guest")
ACCESS = Access([DESK, GUEST], b"key of forms")
NOW = 1_000_000.0


def session_of(access: Access = ACCESS, token: AccessToken = DESK) -> str:
    person = access.by_token(token.secret)
    assert person is not None
    return access.session(person, NOW, "nonce")


@pytest.mark.parametrize("token", [DESK, GUEST])
def test_a_token_says_who_asks_and_what_they_may(token: AccessToken) -> None:
    person = ACCESS.by_token(token.secret)
    assert person is not None
    assert (person.name, person.role) == (token.name, token.role)


@pytest.mark.parametrize("given", ["", "a secret", DESK.secret + " ", DESK.secret.upper(), "\udcff", "ä" * 1000])
def test_what_is_no_token_is_nobody(given: str) -> None:
    assert ACCESS.by_token(given) is None


@pytest.mark.parametrize("token", [DESK, GUEST])
def test_a_session_is_its_owners_until_it_ends(token: AccessToken) -> None:
    cookie = session_of(token=token)
    found = ACCESS.by_session(cookie, NOW + SESSION_SECONDS - 1)
    assert found is not None
    assert (found.name, found.role) == (token.name, token.role)
    assert ACCESS.by_session(cookie, NOW + SESSION_SECONDS) is None


def test_no_changed_character_of_a_session_passes() -> None:
    cookie = session_of()
    for at in range(len(cookie)):
        for char in "x0.":
            changed = cookie[:at] + char + cookie[at + 1 :]
            assert changed == cookie or ACCESS.by_session(changed, NOW) is None


@pytest.mark.parametrize("cookie", ["", ".", "...", "desk", "desk.99999999999.n.", "a.b.c.d", "desk.²³.n.x", "\udcff"])
def test_what_is_no_session_is_nobody(cookie: str) -> None:
    assert ACCESS.by_session(cookie, NOW) is None


def test_a_session_ends_with_its_token() -> None:
    cookie = session_of()
    renewed = AccessToken("desk", "write", "another secret")
    assert Access([renewed], b"key of forms").by_session(cookie, NOW) is None
    assert Access([], b"key of forms").by_session(cookie, NOW) is None


def test_the_role_is_that_of_the_settings_now() -> None:
    cookie = session_of()
    found = Access([AccessToken("desk", "read", DESK.secret)], b"").by_session(cookie, NOW)
    assert found is not None and not found.may_write


def test_a_form_is_bound_to_who_asked_for_it() -> None:
    one, other = Person("desk", "write", "session 1"), Person("desk", "write", "session 2")
    token = ACCESS.form_token(one)
    assert ACCESS.is_form_token(one, token)
    assert not ACCESS.is_form_token(other, token)
    assert not ACCESS.is_form_token(one, "")
    assert not Access([DESK], b"another key").is_form_token(one, token)
