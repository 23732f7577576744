"""Verification of a journal against its signed checkpoints, offline: which is the first record not as it was signed?"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sottovoce.adapters.journal.checkpoint_store import CheckpointStore, Receipt
from sottovoce.adapters.journal.checkpoints import Checkpoint, Signed, sign_checkpoint
from sottovoce.adapters.journal.signatures import Findings, read_store
from sottovoce.adapters.journal.signing import Signer, Verifier
from sottovoce.adapters.journal.trail_walk import Walk
from sottovoce.core.errors import JournalError


class Trail(msgspec.Struct, kw_only=True):
    """What was found.

    signed_seq: the last record a checkpoint vouches for; unsigned: records after it, chained but not signed yet;
    first_bad: the first record that is not as it was signed, or None; receipt: to give the next verification.
    """

    records: int = 0
    head: str = ""
    checkpoints: int = 0
    signed_seq: int = -1
    signed_ns: int = 0
    unsigned: int = 0
    first_bad: int | None = None
    faults: list[str] = []
    receipt: Receipt | None = None

    @property
    def ok(self) -> bool:
        return not self.faults


def verify_trail(
    journal: Path, store: Path, keys: Sequence[Verifier], *, receipt: Receipt | None = None, sealed: bool = False
) -> Trail:
    """Check a journal and its checkpoints. Faults are sentences, the earliest record first.

    Args:
        keys: the public keys that may have signed; a checkpoint of any other is a fault.
        receipt: what an earlier verification remembered; a trail that no longer holds it was rolled back.
        sealed: the journal is closed, so a record after the last checkpoint is a fault too.
    """
    found = Findings()
    signed = read_store(store, {key.key_id: key for key in keys}, found)
    walk = Walk(found, signed)
    walk.run(journal)
    trail = Trail(records=walk.records, head=walk.head, checkpoints=len(signed))
    _compare_ends(trail, found, signed, sealed)
    _compare_receipt(found, signed, receipt)
    trail.first_bad, trail.faults = found.first_bad, found.sentences()
    if trail.ok:
        newest = signed[-1]
        trail.receipt = Receipt(journal=newest.checkpoint.journal, seq=trail.signed_seq, checkpoint=newest.hash)
    return trail


def _compare_ends(trail: Trail, found: Findings, signed: Sequence[Signed], sealed: bool) -> None:
    if not signed:
        found.add(0, "there is no checkpoint that can be relied on: nothing in this journal is signed")
        return
    newest = signed[-1].checkpoint
    trail.signed_seq, trail.signed_ns, last = newest.seq, newest.time_ns, trail.records - 1
    if last < newest.seq:
        missing = last + 1
        found.add(missing, f"record {missing} is missing: the journal ends before it, and record {newest.seq} was"
                           " signed")  # fmt: skip
    trail.unsigned = max(0, last - newest.seq)
    if sealed and trail.unsigned:
        after = newest.seq + 1
        found.add(after, f"record {after} and what follows were added after the last checkpoint of a closed journal")


def _compare_receipt(found: Findings, signed: Sequence[Signed], receipt: Receipt | None) -> None:
    if receipt is None or any(each.hash == receipt.checkpoint for each in signed):
        return
    shown = signed[-1].checkpoint.seq if signed else -1
    found.add(
        min(receipt.seq, shown + 1),
        f"the checkpoint of record {receipt.seq} that was seen before is gone: the trail was rolled back or replaced",
    )


def sign_head(
    journal: Path,
    store: Path,
    signer: Signer,
    keys: Sequence[Verifier] = (),
    *,
    last: bool = False,
    protect: bool = False,
) -> Signed:
    """Add a checkpoint over the journal as it stands, after checking everything it would vouch for.

    Args:
        keys: further keys that have signed before.
        last: the journal is closed: nothing more will be recorded.
        protect: the kernel is to refuse anything but appending to the store from now on.
    Raises: JournalError, trail_fault, when the journal is not as it was signed or not in itself sound; nothing is
        signed then. ConfigError as CheckpointStore.
    """
    open_store = CheckpointStore(store, journal, protect=protect)
    try:
        found = Findings()
        known = {key.key_id: key for key in (signer.public, *keys)}
        signed = read_store(store, known, found, signing_again=True)
        walk = Walk(found, signed)
        walk.run(journal)
        trail = Trail(records=walk.records)
        if signed:
            _compare_ends(trail, found, signed, sealed=False)
        if found.first_bad is not None or not walk.records:
            sentence = "; ".join(found.sentences()) or "there is no record in it"
            raise JournalError(f"{journal} is not signed: {sentence}.", code="trail_fault")
        checkpoint = Checkpoint(
            journal=walk.journal,
            seq=walk.records - 1,
            head=walk.head,
            time_ns=time.time_ns(),
            prev=open_store.prev,
            key_id=signer.key_id,
            last=last,
        )
        done = sign_checkpoint(checkpoint, signer)
        open_store.append(done)
        return done
    finally:
        open_store.close()
