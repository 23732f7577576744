"""The second store is only ever added to, and refuses to stand where the journal's writer could alter it."""

from __future__ import annotations

import fcntl
import os
import struct
from pathlib import Path

import pytest

from sottovoce.adapters.journal.checkpoint_store import APPEND_ONLY, GET_FLAGS, SET_FLAGS, CheckpointStore
from sottovoce.adapters.journal.checkpoints import FIRST, Checkpoint, Signed, read_line, sign_checkpoint
from sottovoce.adapters.journal.signing import Signer, generate_key, load_signer
from sottovoce.core.errors import ConfigError, ConnectivityError, JournalError


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return load_signer(generate_key(tmp_path / "key")[0])


def _signed(signer: Signer, store: CheckpointStore, seq: int) -> Signed:
    checkpoint = Checkpoint(journal="aa", seq=seq, head="bb", time_ns=seq, prev=store.prev, key_id=signer.key_id)
    return sign_checkpoint(checkpoint, signer)


def test_each_checkpoint_names_the_one_before_it_also_after_reopening(tmp_path: Path, signer: Signer) -> None:
    path, journal = tmp_path / "second" / "c.jsonl", tmp_path / "journal.db"
    store = CheckpointStore(path, journal)
    assert store.prev == FIRST
    store.append(_signed(signer, store, 1))
    store.close()
    store = CheckpointStore(path, journal)
    store.append(_signed(signer, store, 2))
    store.close()
    first, second = (read_line(line) for line in path.read_bytes().splitlines())
    assert second.checkpoint.prev == first.hash
    assert first.checkpoint.prev == FIRST


def test_torn_line_is_left_and_the_next_one_follows_the_last_whole_one(tmp_path: Path, signer: Signer) -> None:
    path, journal = tmp_path / "second" / "c.jsonl", tmp_path / "journal.db"
    store = CheckpointStore(path, journal)
    store.append(_signed(signer, store, 1))
    store.close()
    with path.open("ab") as file:
        file.write(b'{"checkpoint":{"jour')
    store = CheckpointStore(path, journal)
    store.append(_signed(signer, store, 2))
    store.close()
    whole, torn, again = path.read_bytes().splitlines()
    assert read_line(again).checkpoint.prev == read_line(whole).hash
    with pytest.raises(JournalError):
        read_line(torn)


@pytest.mark.parametrize("kept", [0, 40])
def test_checkpoint_the_disk_cut_short_is_said_and_the_next_one_stands_on_a_line_of_its_own(
    tmp_path: Path, signer: Signer, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    path = tmp_path / "second" / "c.jsonl"
    store = CheckpointStore(path, tmp_path / "journal.db")
    store.append(_signed(signer, store, 1))
    whole = os.write
    with monkeypatch.context() as full:
        full.setattr(os, "write", lambda file, line: whole(file, line[:kept]) if kept else _no_room())
        with pytest.raises(ConnectivityError) as away:
            store.append(_signed(signer, store, 2))
    assert away.value.code == "store_unavailable"
    store.append(_signed(signer, store, 2))
    store.append(_signed(signer, store, 3))
    store.close()
    lines = [line for line in path.read_bytes().splitlines() if line]
    assert len(lines) == (4 if kept else 3)
    first, *_, second, third = (lines[0], lines[-2], lines[-1])
    assert read_line(second).checkpoint.prev == read_line(first).hash
    assert read_line(third).checkpoint.prev == read_line(second).hash


def _no_room() -> int:
    raise OSError(28, "No space left on device")


def test_store_beside_the_journal_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="stands beside the journal"):
        CheckpointStore(tmp_path / "c.jsonl", tmp_path / "journal.db")


def test_folder_that_others_may_write_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "second"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(ConfigError, match="may be written by others"):
        CheckpointStore(folder / "c.jsonl", tmp_path / "journal.db")


def test_link_to_another_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "second"
    folder.mkdir(mode=0o700)
    (folder / "c.jsonl").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ConfigError, match="is a link"):
        CheckpointStore(folder / "c.jsonl", tmp_path / "journal.db")


def test_store_that_is_no_plain_file_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "second"
    (folder / "c.jsonl").mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    with pytest.raises(ConfigError):
        CheckpointStore(folder / "c.jsonl", tmp_path / "journal.db")


def test_file_is_opened_for_appending_only(tmp_path: Path, signer: Signer) -> None:
    path = tmp_path / "second" / "c.jsonl"
    store = CheckpointStore(path, tmp_path / "journal.db")
    descriptor = store._file
    assert fcntl.fcntl(descriptor, fcntl.F_GETFL) & (os.O_APPEND | os.O_ACCMODE) == os.O_APPEND | os.O_WRONLY
    store.append(_signed(signer, store, 1))
    os.lseek(descriptor, 0, os.SEEK_SET)
    store.append(_signed(signer, store, 2))
    store.close()
    assert [read_line(line).checkpoint.seq for line in path.read_bytes().splitlines()] == [1, 2]


def test_protected_store_can_be_neither_cut_nor_written_over_where_the_kernel_says_it_is(
    tmp_path: Path, signer: Signer
) -> None:
    path = tmp_path / "second" / "c.jsonl"
    try:
        store = CheckpointStore(path, tmp_path / "journal.db", protect=True)
    except ConfigError as error:
        pytest.skip(str(error))
    try:
        store.append(_signed(signer, store, 1))
        for mode in ("wb", "r+b"):
            with pytest.raises(PermissionError):
                path.open(mode)
        with pytest.raises(PermissionError):
            os.truncate(path, 0)
        with pytest.raises(PermissionError):
            path.unlink()
        store.append(_signed(signer, store, 2))
        assert len(path.read_bytes().splitlines()) == 2
    finally:
        _unprotect(store)


def test_store_that_the_kernel_will_not_guard_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*given: object) -> bytes:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr("sottovoce.adapters.journal.checkpoint_store.fcntl.ioctl", refuse)
    with pytest.raises(ConfigError) as refused:
        CheckpointStore(tmp_path / "second" / "c.jsonl", tmp_path / "journal.db", protect=True)
    assert refused.value.code == "store_unprotected"


def _unprotect(store: CheckpointStore) -> None:
    flags = struct.unpack("l", fcntl.ioctl(store._file, GET_FLAGS, struct.pack("l", 0)))[0]
    fcntl.ioctl(store._file, SET_FLAGS, struct.pack("l", flags & ~APPEND_ONLY))
    store.close()


@pytest.mark.parametrize("line", [b"", b"{}", b'{"checkpoint": {}, "signature": "00"}', b"\xff\xfe", b'["checkpoint"]'])
def test_what_is_no_checkpoint_is_refused(line: bytes) -> None:
    with pytest.raises(JournalError):
        read_line(line)


def test_same_values_spelled_another_way_are_refused(tmp_path: Path, signer: Signer) -> None:
    store = CheckpointStore(tmp_path / "second" / "c.jsonl", tmp_path / "journal.db")
    line = _signed(signer, store, 1).line()
    store.close()
    assert read_line(line).checkpoint.seq == 1
    with pytest.raises(JournalError, match="not spelled"):
        read_line(line.replace(b'"seq":1', b'"seq": 1'))
