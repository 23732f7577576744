"""The second store: a file of checkpoints that is only ever added to, somewhere the journal is not.

Whoever can rewrite the journal must not be able to rewrite this. So the file is opened for appending only, never in
the journal's own folder, never through a link, and never where others may write; where the file system and the
process's rights allow, the kernel itself is told to refuse anything but appending (chattr +a), and only root undoes
that. A desk that wants more gives the folder to another user, or mirrors the lines to a store that cannot be changed.
"""

from __future__ import annotations

import fcntl
import os
import stat
import struct
from pathlib import Path

import msgspec

from sottovoce.adapters.journal.checkpoints import FIRST, Signed, read_line
from sottovoce.core.errors import ConfigError, ConnectivityError, JournalError

GET_FLAGS, SET_FLAGS, APPEND_ONLY = 0x80086601, 0x40086602, 0x20
"""FS_IOC_GETFLAGS, FS_IOC_SETFLAGS and FS_APPEND_FL of Linux's linux/fs.h, 64 bits."""


class CheckpointStore:
    """One file, open for appending. prev: hash of its last checkpoint; protected: the kernel refuses anything else."""

    def __init__(self, path: Path, journal: Path, *, protect: bool = False) -> None:
        """Raises: ConfigError: store_policy, where the file or its folder is open to whoever writes the journal;
        store_unprotected, where the kernel was to guard it and will not (no right to, or not that file system).
        """
        self.path = path
        _keep_the_policy(path, journal)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            self._file = os.open(path, flags, 0o600)
        except OSError as error:
            raise ConfigError(f"cannot add checkpoints to {path}: {error.strerror}", code="store_policy") from error
        if not stat.S_ISREG(os.fstat(self._file).st_mode):
            os.close(self._file)
            raise ConfigError(f"{path} is not a plain file.", code="store_policy")
        self.protected = protect and _append_only(self._file)
        if protect and not self.protected:
            os.close(self._file)
            sentence = f"{path} cannot be made append-only here: that takes root, and a file system that knows of it."
            raise ConfigError(sentence, code="store_unprotected")
        content = path.read_bytes()
        # What a crash or a full disk tore stays where it is, on a line of its own: nothing here is ever taken back.
        self._torn = not content.endswith(b"\n") and bool(content)
        self.last = self._last(content)
        self.prev = FIRST if self.last is None else self.last.hash

    def append(self, signed: Signed) -> None:
        """Add one checkpoint; on disk on return. Raises ConnectivityError, store_unavailable: it is not there."""
        line = (b"\n" if self._torn else b"") + signed.line()
        self._torn = True
        try:
            written = os.write(self._file, line)
            os.fsync(self._file)
        except OSError as error:
            sentence = f"{self.path}: a checkpoint cannot be kept: {error.strerror}"
            raise ConnectivityError(sentence, code="store_unavailable") from error
        if written < len(line):
            raise ConnectivityError(f"{self.path}: a checkpoint was cut short.", code="store_unavailable")
        self.last, self.prev, self._torn = signed, signed.hash, False

    def close(self) -> None:
        """Release the file."""
        os.close(self._file)

    def _last(self, content: bytes) -> Signed | None:
        """The last readable checkpoint: a torn line is passed over, what it would have said is said again."""
        for line in reversed(content.splitlines()):
            try:
                return read_line(line)
            except JournalError:
                continue
        return None


class Receipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a verifier remembers between two visits: the newest checkpoint seen, which must never disappear again."""

    journal: str
    seq: int
    checkpoint: str


def _keep_the_policy(path: Path, journal: Path) -> None:
    if path.is_symlink():
        raise ConfigError(f"{path} is a link; give the file itself.", code="store_policy")
    folder = path.resolve().parent
    if folder == journal.resolve().parent:
        sentence = f"{path} stands beside the journal; who can alter one could alter both. Give another folder."
        raise ConfigError(sentence, code="store_policy")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mode = folder.stat().st_mode
    except OSError as error:
        raise ConfigError(f"cannot use {folder}: {error.strerror}", code="store_policy") from error
    if mode & (stat.S_IWGRP | stat.S_IWOTH):
        sentence = f"{folder} may be written by others (mode {stat.S_IMODE(mode):o}); chmod go-w it."
        raise ConfigError(sentence, code="store_policy")


def _append_only(file: int) -> bool:
    """Ask the kernel for the append-only attribute; False where it or the file system will not."""
    try:
        flags = struct.unpack("l", fcntl.ioctl(file, GET_FLAGS, struct.pack("l", 0)))[0]
        fcntl.ioctl(file, SET_FLAGS, struct.pack("l", flags | APPEND_ONLY))
    except OSError:
        return False
    return True
