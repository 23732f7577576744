"""Reads Databento DBN files of any schema, zstd or plain, as blocks of typed columns, a piece at a time.

The library databento-dbn decodes and upgrades older versions; what it does not say is added here: that a packed file
is cut short, which record is wrong, and where. Records of one kind that follow each other become one numpy record
array with the field names of the schema. Prices are integers in 1e-9, times ns UTC; the greatest int64 as a
price is none.

Source: Databento's DBN encoding, version 3; flags and actions as its schema documentation gives them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, cast

import msgspec
import numpy as np

from sottovoce.adapters.feeds.dbn_block import DbnBlock
from sottovoce.adapters.feeds.dbn_checks import DbnChecks
from sottovoce.adapters.feeds.faults import BadRow, FaultLog, FeedFault, file_fault
from sottovoce.adapters.feeds.source import Source, byte_chunks, source_name
from sottovoce.adapters.feeds.zstd_frames import FrameWalk, is_zstd
from sottovoce.core.errors import ConfigError

if TYPE_CHECKING:
    import databento_dbn

PACKED_BYTES = 1 << 14
"""Packed bytes decoded at a time: some tens of thousands of records at most."""

DBN_MAGIC = b"DBN"
PANIC = "PanicException"
"""What a library written in Rust raises where it did not expect to: no Exception, and importable from nowhere."""


class DbnHeader(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says of itself; symbols by instrument id where it maps them, "" as schema for mixed records."""

    version: int
    dataset: str
    schema: str
    symbols: tuple[str, ...]
    start_ns: int
    end_ns: int | None
    names: dict[int, str]


class DbnFile:
    """One file: its header at once, its records as a stream.

    Raises: NotFound feed_file_missing; ConfigError feed_extra_missing without the library; FeedFault feed_kind where
    the bytes are not DBN, and as source.byte_chunks does.
    """

    def __init__(self, source: Source, faults: FaultLog | None = None) -> None:
        self.name = source_name(source)
        self.faults = FaultLog() if faults is None else faults
        self.records = 0
        self._source = source
        self.header = _header(source, self.name)

    def blocks(self) -> Iterator[DbnBlock]:
        """Every record, checked, in file order.

        Raises: FeedFault feed_record, feed_compression, feed_truncated, where nothing after can be read; feed_value,
        feed_out_of_order at the first bad record unless the log skips.
        """
        self.records = 0
        checks = DbnChecks(self.name, self.faults)
        for decoded in _pieces(self._source, self.name, self.faults):
            for kind, group in groupby(decoded, key=type):
                block = self._block(kind, list(group))
                if block is not None:
                    yield checks.passed(block)

    def counts(self) -> Counter[str]:
        """Records by kind, good ones only. Raises as `blocks` does."""
        found: Counter[str] = Counter()
        for block in self.blocks():
            found[block.kind] += len(block.rows)
        return found

    def _block(self, kind: type[databento_dbn.DBNRecord], records: list[databento_dbn.DBNRecord]) -> DbnBlock | None:
        if not hasattr(kind, "_dtypes"):
            return None
        layout = np.dtype(kind._dtypes)
        data = b"".join([bytes(record)[: layout.itemsize] for record in records])
        numbers = np.arange(self.records + 1, self.records + 1 + len(records), dtype=np.int64)
        self.records += len(records)
        return DbnBlock(kind.__name__, numbers, np.frombuffer(data, dtype=layout))


def is_dbn(head: bytes) -> bool:
    """Whether a file that begins so is DBN, or zstd, which is what DBN files come packed in."""
    return head.startswith(DBN_MAGIC) or is_zstd(head)


def _header(source: Source, name: str) -> DbnHeader:
    for decoded in _pieces(source, name, FaultLog()):
        if decoded:
            return _said(cast("databento_dbn.Metadata", decoded[0]))
    raise file_fault(name, "feed_truncated", "ends before its metadata does")


def _said(metadata: databento_dbn.Metadata) -> DbnHeader:
    names = {
        int(interval["symbol"]): symbol
        for symbol, intervals in metadata.mappings.items()
        for interval in intervals
        if str(interval["symbol"]).isdigit()
    }
    return DbnHeader(
        version=metadata.version,
        dataset=metadata.dataset,
        schema=str(metadata.schema or ""),
        symbols=tuple(metadata.symbols),
        start_ns=metadata.start,
        end_ns=metadata.end,
        names=names,
    )


def _pieces(source: Source, name: str, faults: FaultLog) -> Iterator[list[databento_dbn.DBNRecord]]:
    """What the library makes of each piece of the file; the metadata is the first of the first."""
    decoder = None
    walk: FrameWalk | None = None
    seen = offset = 0
    for piece in byte_chunks(source, PACKED_BYTES):
        if decoder is None:
            decoder = _decoder(piece, name)
            walk = FrameWalk() if is_zstd(piece) else None
        if walk is not None:
            walk.take(piece)
        decoded = _decoded(decoder, piece, name, seen, offset)
        seen += len(decoded)
        offset += len(piece)
        yield decoded
    if cut := _cut(decoder, walk, name, seen):
        faults.bad_row(cut)


def _decoder(head: bytes, name: str) -> databento_dbn.DBNDecoder:
    if not is_dbn(head):
        raise file_fault(name, "feed_kind", "is not a DBN file", "Give a .dbn or .dbn.zst file.")
    try:
        import databento_dbn
    except ImportError as error:
        sentence = "Reading DBN needs databento-dbn, which is not installed: pip install sottovoce[dbn]."
        raise ConfigError(sentence, code="feed_extra_missing") from error
    kinds = databento_dbn.Compression
    packed = kinds.from_str("zstd" if is_zstd(head) else "none")
    return databento_dbn.DBNDecoder(compression=packed)


def _decoded(
    decoder: databento_dbn.DBNDecoder, piece: bytes, name: str, seen: int, offset: int
) -> list[databento_dbn.DBNRecord]:
    """The records of a piece. The library does not say where in it a fault is, so the sentence says where it begins."""
    try:
        return cast("list[databento_dbn.DBNRecord]", decoder.write_and_decode(piece))
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise
        import databento_dbn

        code = "feed_record" if isinstance(error, databento_dbn.DBNError) else "feed_compression"
        row = BadRow(
            file=name, code=code, why=f"what follows cannot be decoded ({error})", number=seen, unit="record",
            offset=offset, action="Fetch the file again.",
        )  # fmt: skip
        raise FeedFault(row) from error


def _cut(decoder: databento_dbn.DBNDecoder | None, walk: FrameWalk | None, name: str, seen: int) -> BadRow | None:
    """What is missing at the end of the file, if anything; a file cut exactly between two frames cannot be told."""
    trouble = None if walk is None else walk.finish()
    if trouble is None and (decoder is None or not decoder.buffer()):
        return None
    return BadRow(
        file=name,
        code="feed_truncated",
        why="the file ends inside this record" if trouble is None else trouble.why,
        number=max(seen, 1),
        unit="record",
        offset=-1 if trouble is None else trouble.offset,
        action="Fetch the file again.",
    )
