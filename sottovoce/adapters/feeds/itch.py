"""NASDAQ TotalView-ITCH 5.0 files: a table-driven decoder that streams, and says where a file is broken.

Each message has two bytes before it: its length in Nasdaq's own files, zeros in some test files; both are read, and
a length that is not the message type's is a fault. With lengths an unknown message can be passed over, without them
nothing after it can be found. Installable decoders were tried and take a cut file for a whole one, name no place of
a fault, refuse zero prefixes and are four times slower; docs/design.md has the figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog, FeedFault
from sottovoce.adapters.feeds.itch_block import ItchBlock
from sottovoce.adapters.feeds.itch_checks import ItchChecks
from sottovoce.adapters.feeds.itch_layouts import LAYOUTS, PREFIX_BYTES, SIZES
from sottovoce.adapters.feeds.source import CHUNK_BYTES, Source, byte_chunks, source_name

END_OF_MESSAGES = b"C"


def read_itch(
    source: Source, faults: FaultLog | None = None, *, whole: bool = True, size: int = CHUNK_BYTES
) -> Iterator[ItchBlock]:
    """The messages of a file, plain or gzip, or of bytes, a block at a time in file order.

    Args:
        faults: what to do with bad messages; without one the first is raised.
        whole: the file must end with the system event "end of messages"; False for an excerpt.
        size: bytes read at a time.
    Raises: FeedFault feed_message_type, feed_length, feed_value, feed_out_of_order, feed_truncated; those of
        byte_chunks.
    """
    reader = _Reader(source_name(source), faults or FaultLog())
    for chunk in byte_chunks(source, size):
        block = reader.take(chunk)
        if len(block):
            yield block
    reader.finish(whole=whole)


def counts_by_type(source: Source, faults: FaultLog | None = None, *, whole: bool = True) -> dict[str, int]:
    """Messages of every type of the specification, by letter, zeros included. Raises as read_itch does."""
    counts = dict.fromkeys((layout.letter for layout in LAYOUTS), 0)
    for block in read_itch(source, faults, whole=whole):
        for code, count in Counter(block.kinds.tolist()).items():
            counts[chr(code)] += count
    return counts


def walk(data: bytes, pos: int) -> tuple[list[int], int, bool]:
    """Where the whole messages begin, their prefixes that is, from one at pos on.

    Returns: the starts; the position of the prefix after the last of them; and whether what stands there is not a
    message (else it is only not all there yet).
    """
    starts: list[int] = []
    end = len(data)
    while pos + PREFIX_BYTES < end:
        said = data[pos] << 8 | data[pos + 1]
        size = SIZES[data[pos + PREFIX_BYTES]]
        if not size or (said and said != size):
            return starts, pos, True
        after = pos + PREFIX_BYTES + size
        if after > end:
            break
        starts.append(pos)
        pos = after
    return starts, pos, False


class _Reader:
    """Cuts a stream of bytes into messages. _owed is how many bytes of a message passed over are still to come."""

    def __init__(self, file: str, log: FaultLog) -> None:
        self._file = file
        self._log = log
        self._checks = ItchChecks(file, log)
        self._rest = b""
        self._base = 0
        self._owed = 0
        self._number = 0
        self._ended = False

    def take(self, chunk: bytes) -> ItchBlock:
        """The good messages that are whole now."""
        data, pos = self._rest + chunk, self._owed
        starts: list[int] = []
        numbers: list[int] = []
        while pos <= len(data):
            found, pos, trouble = walk(data, pos)
            starts += found
            numbers += range(self._number + 1, self._number + 1 + len(found))
            self._number += len(found)
            if not trouble:
                break
            pos = self._passed_over(data, pos)
        base = self._base
        self._owed = max(pos - len(data), 0)
        self._rest = data[pos:]
        self._base += min(pos, len(data))
        offsets = np.array(starts, dtype=np.int64) + base
        block = self._checks.passed(ItchBlock(data, base, offsets, np.array(numbers, dtype=np.int64)))
        self._ended = self._ended or bool((block.rows("S")["event"] == END_OF_MESSAGES).any())
        return block

    def finish(self, *, whole: bool) -> None:
        """Report what is missing at the end; two zero bytes there are the format's end of session."""
        rest, after = self._rest, self._number + 1
        if (rest and rest != bytes(PREFIX_BYTES)) or self._owed:
            why = "the file ends inside this message"
            self._log.bad_row(self._row("feed_truncated", self._base, after, why, _kind(rest)))
        elif whole and not self._ended:
            why = 'the file ends here, before the system event "end of messages"'
            self._log.bad_row(self._row("feed_truncated", self._base, after, why))

    def _passed_over(self, data: bytes, pos: int) -> int:
        """Report what is not a message and return where the next prefix must be, if it can be known."""
        self._number += 1
        said = data[pos] << 8 | data[pos + 1]
        kind, offset = _kind(data[pos:]), pos + self._base
        size = SIZES[data[pos + PREFIX_BYTES]]
        if not said:
            why = "is not a message type, and without lengths nothing after it can be found"
            raise FeedFault(self._row("feed_message_type", offset, self._number, why, kind))
        if size:
            why = f"is a message of {size} bytes, and the length before it says {said}"
            self._log.bad_row(self._row("feed_length", offset, self._number, why, kind))
        else:
            self._log.bad_row(self._row("feed_message_type", offset, self._number, "is not a message type", kind))
        return pos + PREFIX_BYTES + said

    def _row(self, code: str, offset: int, number: int, why: str, value: str = "") -> BadRow:
        return BadRow(
            file=self._file, code=code, why=why, number=number, unit="message", offset=offset, field="type", value=value
        )


def _kind(data: bytes) -> str:
    return data[PREFIX_BYTES : PREFIX_BYTES + 1].decode("latin-1")
