"""The checkpoints of a store, read and checked one against the other, and the list that faults are put on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sottovoce.adapters.journal.checkpoints import FIRST, Checkpoint, Signed, read_line
from sottovoce.adapters.journal.signing import Verifier
from sottovoce.core.errors import ConfigError, JournalError

FAULTS_MAX = 50
"""Faults listed; a trail with more is beyond reading one by one."""


class Findings:
    """Faults with the record each begins at. first_bad is the smallest of those records."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str]] = []
        self.first_bad: int | None = None

    def add(self, seq: int, sentence: str) -> None:
        """A fault that begins at a record."""
        self.first_bad = seq if self.first_bad is None else min(seq, self.first_bad)
        if len(self._found) < FAULTS_MAX:
            self._found.append((seq, sentence))

    def sentences(self) -> list[str]:
        """Every fault once, the earliest record first."""
        return list(dict.fromkeys(sentence for _, sentence in sorted(self._found)))


def read_store(
    store: Path, keys: Mapping[str, Verifier], found: Findings, *, signing_again: bool = False
) -> list[Signed]:
    """The checkpoints that are signed by one of the keys; what is wrong with the others is added to found.

    A line that cannot be read is passed over when the next checkpoint follows the one before it: then a crash tore it
    while it was written and nothing is missing; so is a last line without its end when it is about to be signed again.
    Raises ConfigError, store_unreadable.
    """
    try:
        content = store.read_bytes()
    except OSError as error:
        raise ConfigError(f"cannot read the checkpoints {store}: {error.strerror}", code="store_unreadable") from error
    signed: list[Signed] = []
    torn: list[int] = []
    whole = content[: content.rfind(b"\n") + 1] if signing_again else content
    for number, line in enumerate(whole.splitlines(), start=1):
        if not line:
            continue
        try:
            one = read_line(line)
        except JournalError:
            torn.append(number)
            continue
        if _sound(one, signed, keys, number, found):
            signed.append(one)
            torn.clear()
    if torn:
        found.add(_after(signed), f"checkpoint {torn[0]} cannot be read: altered, or cut short and not made again")
    return signed


def _sound(one: Signed, before: list[Signed], keys: Mapping[str, Verifier], number: int, found: Findings) -> bool:
    """Whether a checkpoint is one of the keys' and follows the one before; names the fault if not."""
    checkpoint, at = one.checkpoint, _after(before)
    key = keys.get(checkpoint.key_id)
    if key is None:
        found.add(at, f"checkpoint {number} is signed with another key ({checkpoint.key_id}) than those given")
        return False
    if not one.signed_by(key):
        found.add(at, f"checkpoint {number} (record {checkpoint.seq}) is altered: its signature does not fit")
        return False
    if checkpoint.prev != (before[-1].hash if before else FIRST):
        found.add(at, f"checkpoint {number} (record {checkpoint.seq}) does not follow the one before it: one is"
                      " missing, altered or out of order")  # fmt: skip
    elif before:
        _compare(checkpoint, before[-1].checkpoint, number, found)
    return True


def _compare(checkpoint: Checkpoint, before: Checkpoint, number: int, found: Findings) -> None:
    if checkpoint.journal != before.journal:
        found.add(0, f"checkpoint {number} is of another journal than the ones before it")
    if checkpoint.seq < before.seq:
        found.add(checkpoint.seq + 1, f"checkpoint {number} (record {checkpoint.seq}) goes back behind record"
                                      f" {before.seq}: the journal was set back while it was signed")  # fmt: skip


def _after(signed: list[Signed]) -> int:
    """The first record nothing signed so far vouches for."""
    return signed[-1].checkpoint.seq + 1 if signed else 0
