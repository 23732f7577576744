"""Signed checkpoints of a journal: so far the record went, at this time, under this hash, and the signer saw it.

A chain alone proves only that a file agrees with itself: who can write it can make a whole new one. A checkpoint is
signed with a key the journal's writer may hold but a thief of the file does not, and kept in a second store; each
carries the hash of the one before it, so none can be left out. One is due every 1,000 records or 60 seconds.
Source: RFC 6962 for the idea, cut down to a chain (a total order has no need of a tree).
"""

from __future__ import annotations

import hashlib

import msgspec

from sottovoce.adapters.journal.signing import Signer, Verifier
from sottovoce.core.errors import JournalError
from sottovoce.core.units import NS_PER_SECOND

RECORDS_DUE = 1_000
"""Records after which a checkpoint is due."""

NS_DUE = 60 * NS_PER_SECOND
"""Time after which one is due if anything was recorded, by the monotonic clock."""

FIRST = "0" * 64
"""What the first checkpoint names as the one before it."""

DOMAIN = b"sottovoce audit checkpoint 1\n"
"""Goes before what is signed, so that the signature serves for nothing else."""


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """What is signed. Hashes are SHA-256, hex.

    journal: hash of the journal's first record, which names it; seq and head: the last record and its hash; time_ns:
    wall time of signing; prev: hash of the checkpoint before; last: nothing more was going to be recorded.
    """

    journal: str
    seq: int
    head: str
    time_ns: int
    prev: str
    key_id: str
    last: bool = False


class Signed(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """A checkpoint and its signature, hex: one line of the store."""

    checkpoint: Checkpoint
    signature: str

    @property
    def hash(self) -> str:
        """What the next checkpoint calls prev: SHA-256 of this line."""
        return hashlib.sha256(_encode(self)).hexdigest()

    def signed_by(self, verifier: Verifier) -> bool:
        """Whether the signature is this key's and for this checkpoint."""
        try:
            signature = bytes.fromhex(self.signature)
        except ValueError:
            return False
        # Hex has two spellings of a letter; only ours is what was written.
        return signature.hex() == self.signature and verifier.signed(DOMAIN + _encode(self.checkpoint), signature)

    def line(self) -> bytes:
        """As the store keeps it, with the end of the line."""
        return _encode(self) + b"\n"


_encode = msgspec.json.Encoder(order="deterministic").encode
_decoder = msgspec.json.Decoder(Signed)


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> Signed:
    """Put the signer's name under a checkpoint."""
    return Signed(checkpoint=checkpoint, signature=signer.sign(DOMAIN + _encode(checkpoint)).hex())


def read_line(line: bytes) -> Signed:
    """A line of the store back. Raises JournalError, bad_checkpoint, also for the same values spelled another way."""
    try:
        signed = _decoder.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise JournalError(f"a checkpoint cannot be read: {error}", code="bad_checkpoint") from error
    if _encode(signed) != line.rstrip(b"\n"):
        raise JournalError("a checkpoint is not spelled as it is written", code="bad_checkpoint")
    return signed


def due(records: int, elapsed_ns: int) -> bool:
    """Whether a checkpoint is due after so many records and so much time since the last."""
    return records >= RECORDS_DUE or (records > 0 and elapsed_ns >= NS_DUE)
