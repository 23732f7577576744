"""A snapshot beside the journal, written by a process that is not the desk: the order path never waits for it.

It names the record it stands at by number and hash, so it fits one journal at one place and no other; its own hash is
over all of it. Half a snapshot, or an altered one, is none. The file is replaced whole.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sottovoce.adapters.journal.records import content_hash

HASH_LENGTH = 64


class Place(msgspec.Struct, frozen=True):
    """Where a snapshot stands: the last record folded into it, by number and hash (hex), and that step's time."""

    seq: int
    hash: str
    ts_ns: int


class _Header(msgspec.Struct, frozen=True):
    """The first line; the states follow as they are, so that nothing is escaped."""

    place: Place
    lengths: dict[str, int]


def side_path(journal: Path) -> Path:
    """The file of a journal's side snapshot."""
    return journal.with_name(journal.name + ".snapshot")


def write_side(journal: Path, place: Place, states: Mapping[str, bytes]) -> None:
    """Replace the side snapshot of a journal: written aside, on disk, then renamed."""
    lengths = {name: len(state) for name, state in states.items()}
    content = b"".join([msgspec.json.encode(_Header(place, lengths)), b"\n", *states.values()])
    path = side_path(journal)
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with aside.open("wb") as file:
        file.write(content_hash(content).encode())
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def read_side(journal: Path) -> tuple[Place, dict[str, bytes]] | None:
    """The side snapshot of a journal, or None when there is none that is whole."""
    try:
        whole = side_path(journal).read_bytes()
    except OSError:
        return None
    if whole[:HASH_LENGTH] != hashlib.sha256(memoryview(whole)[HASH_LENGTH:]).hexdigest().encode():
        return None
    at = whole.find(b"\n") + 1
    try:
        header = msgspec.json.decode(whole[HASH_LENGTH:at], type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    states = {}
    for name, length in header.lengths.items():
        states[name] = whole[at : at + length]
        at += length
    return header.place, states
