"""The digest by which a repeat is known from another request under the same id."""

from __future__ import annotations

import hashlib

import msgspec

from sottovoce.core.command import Command

_encode = msgspec.json.Encoder().encode


def digest_of(command: Command) -> str:
    """Digest of everything the client said: equal for a repeat, different for any change."""
    return hashlib.blake2b(_encode(command), digest_size=16).hexdigest()
