"""The simulated disk: a journal of framed records in memory that can lose, tear, refuse and stall as a real one does.

A frame is the record as the journal encodes it, with its number, its hash and its evidence. What has not been flushed
is lost when the power goes; of the first lost record a torn piece may stay behind, and reading back must cut it off.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import msgspec

from sottovoce.adapters.clock import Clock
from sottovoce.adapters.journal.records import (
    GENESIS,
    Body,
    EvidenceRef,
    Record,
    chain_hash,
    decode,
    decode_evidence,
    record_of,
)
from sottovoce.core.errors import JournalError
from sottovoce.core.ports import Step
from sottovoce.core.units import NS_PER_SECOND
from tools.faultsim.faults import NONE, Faults

STALL_NS = 5_000_000_000
ILL_MAX_S = 120
"""Most seconds a disk stays full or slow for."""
USED_UP = 0.2
"""How often a full disk has no reserve left either."""
SNAPSHOTS_KEPT = 3


class PowerLoss(BaseException):
    """The machine goes off. Not an Exception: nothing in the process may catch it."""


class Platter:
    """What is on the disk: it outlives the process. frames are whole; torn is what a crash left of one more.

    snapshots are kept with the number of the record they follow, newest last; None is one that was half written.
    founded is what the record was begun with.
    """

    def __init__(self, founded: Mapping[str, str] | None = None) -> None:
        self.founded = dict(founded or {})
        self.frames: list[bytes] = []
        self.torn = b""
        self.snapshots: list[tuple[int, dict[str, bytes] | None]] = []
        self.cuts = 0

    def digest(self) -> str:
        """SHA-256 of every byte recorded, hex: what two runs of a seed must agree on."""
        whole = hashlib.sha256()
        for frame in self.frames:
            whole.update(frame)
        return whole.hexdigest()

    def records(self, first: int = 0) -> Iterator[Record]:
        """The records from an index on. Raises JournalError where a frame is not what was written."""
        for frame in self.frames[first:]:
            yield unframed(frame)

    def open(self) -> None:
        """Read what a crash left, and cut a torn record off the end."""
        if self.torn:
            try:
                unframed(self.torn)
            except JournalError:
                self.cuts += 1
            else:
                raise AssertionError("a torn record was taken for a whole one")
            self.torn = b""


def framed(record: Record) -> bytes:
    """A record as bytes, with a checksum before it."""
    content = msgspec.msgpack.encode(record)
    return hashlib.blake2b(content, digest_size=8).digest() + content


def unframed(frame: bytes) -> Record:
    """The record of a frame. Raises JournalError, code torn."""
    if hashlib.blake2b(frame[8:], digest_size=8).digest() != frame[:8]:
        raise JournalError("a record is torn", code="torn")
    return msgspec.msgpack.decode(frame[8:], type=Record)


def step_of(record: Record) -> Step:
    """The step a record holds, its evidence put back. Raises JournalError."""
    body = decode(record.body)
    if not isinstance(body, Body):
        raise JournalError("a record holds no step", code="bad_record")
    evidence = dict(record.evidence)
    events = tuple(
        decode_evidence(evidence[event.hash]) if isinstance(event, EvidenceRef) else event for event in body.events
    )
    return Step(ts_ns=body.ts_ns, feed_seq=body.feed_seq, input=body.input, events=events)


def chained(records: Iterator[Record], seq: int = 0, head: bytes = GENESIS) -> tuple[int, bytes]:
    """Follow the chain over records; returns its last number and hash. Raises JournalError, code chain."""
    for record in records:
        seq += 1
        expected = chain_hash(seq, record.ts_ns, record.body, head)
        if record.seq != seq or record.prev != head or record.hash != expected:
            raise JournalError(f"the chain is broken at {seq}", code="chain")
        head = expected
    return seq, head


class SimulatedJournal:
    """The journal of a live desk on a platter, for one life of the process: Journal and KeepingJournal."""

    def __init__(self, platter: Platter, faults: Faults, dice: Random, clock: Clock) -> None:
        self.platter = platter
        self.path = Path("simulated")
        self.faults = faults
        self._clock = clock
        self._dice = dice
        self._seq, self._head = chained(platter.records())
        self._open: list[bytes] = []
        self._steps: list[Step] = []
        self.lost: list[Step] = []
        self.stalled_ns = 0
        self._ill_until_ns = 0
        self._illness = ""

    def meta(self) -> dict[str, str]:
        """What the record was begun with."""
        return self.platter.founded

    # writing ---------------------------------------------------------------------------------------------

    def append(self, step: Step) -> int:
        """Chain a step and keep it in memory; the power may go before it is flushed."""
        record = record_of(self._seq + 1, step, self._head)
        self._open.append(framed(record))
        self._steps.append(step)
        self._seq, self._head = record.seq, record.hash
        return self._seq

    def flush(self) -> None:
        """Write what is open. Raises JournalError when not even the reserve is left; the power may go at any point."""
        if not self._open:
            return
        dice, faults = self._dice, self.faults
        if dice.random() < faults.disk_full:
            if dice.random() < USED_UP:
                raise JournalError("no space left on device", code="disk_full")
            self._fall_ill("journal_full")
        if dice.random() < faults.disk_stalls:
            self.stalled_ns += STALL_NS
            self._fall_ill("journal_slow")
        if dice.random() < faults.crashes:
            self._write(dice.randint(0, len(self._open)))
            raise PowerLoss
        self._write(len(self._open))

    def _fall_ill(self, how: str) -> None:
        lasts_ns = self._dice.randint(1, ILL_MAX_S) * NS_PER_SECOND
        self._ill_until_ns, self._illness = self._clock.now_ns() + lasts_ns, how

    def _write(self, count: int) -> None:
        self.platter.frames += self._open[:count]
        del self._open[:count], self._steps[:count]

    def strain(self) -> str:
        """Why nothing new may be taken: the disk is full but for its reserve, or slow; "" when it is well."""
        ill = self._clock.now_ns() < self._ill_until_ns and self.faults is not NONE
        return self._illness if ill else ""

    def snapshot(self, states: Mapping[str, bytes]) -> int:
        """Keep the states of the last durable step; now and then only half of them reach the platter."""
        self.flush()
        torn = self._dice.random() < self.faults.tears
        self.platter.snapshots.append((self.durable(), None if torn else dict(states)))
        del self.platter.snapshots[:-SNAPSHOTS_KEPT]
        return self.durable()

    begin_snapshot = snapshot

    def power_off(self) -> None:
        """What was open is lost, but for a piece of the first record that may stay behind."""
        if self._open and self._dice.random() < self.faults.tears:
            first = self._open[0]
            self.platter.torn = first[: self._dice.randint(1, len(first) - 1)]
        self.lost, self._open, self._steps = self._steps, [], []

    def close(self) -> None:
        """Flush."""
        self.flush()

    # reading ---------------------------------------------------------------------------------------------

    def durable(self) -> int:
        """Number of the last record on the platter."""
        return len(self.platter.frames)

    def steps(self, after_seq: int = 0) -> Iterator[tuple[int, Step]]:
        """The steps on the platter after a number."""
        for record in self.platter.records(after_seq):
            yield record.seq, step_of(record)

    chained_steps = steps

    def snapshots(self) -> Iterator[tuple[int, dict[str, bytes] | None]]:
        """The snapshots on the platter, newest first."""
        return iter(self.platter.snapshots[::-1])

    def time_of(self, seq: int) -> int:
        """When a record was made; 0 before the first."""
        return unframed(self.platter.frames[seq - 1]).ts_ns if seq else 0

    def head(self) -> str:
        """Hash of the last record, hex."""
        return self._head.hex()
