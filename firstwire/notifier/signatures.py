"""Signatures of the Standard Webhooks specification: `v1` with a shared secret, `v1a` with a key pair."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from firstwire.errors import ConfigError

SECRET_PREFIX = "whsec_"  # noqa: S105 - the specification's prefix, no secret
PRIVATE_KEY_PREFIX = "whsk_"
SECRET_BYTES = range(24, 65)
SEED_BYTES = 32
PRIVATE_KEY_BYTES = (SEED_BYTES, 2 * SEED_BYTES)
"""The seed alone, or the seed and the public key."""


@dataclass(frozen=True)
class SigningKey:
    """A shared secret, or an ed25519 private key."""

    version: str
    key: bytes = field(repr=False)

    def signature(self, message: bytes) -> str:
        """`v1,` or `v1a,` and the signature in base64."""
        if self.version == "v1":
            made = hmac.new(self.key, message, hashlib.sha256).digest()
        else:
            made = Ed25519PrivateKey.from_private_bytes(self.key).sign(message)
        return f"{self.version},{base64.b64encode(made).decode()}"


def signed(keys: Sequence[SigningKey], message_id: str, timestamp: int, body: bytes) -> Mapping[str, str]:
    """The headers of a body; `timestamp` in whole seconds since 1970. With several keys any of them verifies it."""
    message = f"{message_id}.{timestamp}.".encode() + body
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(key.signature(message) for key in keys),
    }


def read_secret(text: str, place: str) -> SigningKey:
    """The key in a `whsec_…` secret or a `whsk_…` private key.

    Raises ConfigError, which says what is wrong but never shows the secret.
    """
    text = text.strip()
    prefix = next((each for each in (SECRET_PREFIX, PRIVATE_KEY_PREFIX) if text.startswith(each)), None)
    if prefix is None:
        raise ConfigError(f"the secret must begin with {SECRET_PREFIX} or {PRIVATE_KEY_PREFIX}", place=place)
    encoded = text.removeprefix(prefix).rstrip("=")
    try:
        key = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError) as err:
        raise ConfigError(f"what follows {prefix} in the secret is not base64", place=place) from err
    if prefix == SECRET_PREFIX:
        if len(key) not in SECRET_BYTES:
            raise ConfigError(f"the secret has {len(key)} bytes and must have 24 to 64", place=place)
        return SigningKey("v1", key)
    if len(key) not in PRIVATE_KEY_BYTES:
        raise ConfigError(f"the private key has {len(key)} bytes and must have 32 or 64", place=place)
    seed, public = key[:SEED_BYTES], key[SEED_BYTES:]
    own = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    if public and public != own:
        raise ConfigError("the private key does not belong to the public key that follows it", place=place)
    return SigningKey("v1a", seed)
