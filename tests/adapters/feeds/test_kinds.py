"""Files are known by what is in them, whatever they are called."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from sottovoce.adapters.feeds.faults import FeedFault
from sottovoce.adapters.feeds.kinds import FeedKind, kind_of
from sottovoce.core.errors import NotFound
from tests.adapters.feeds.capture_maker import small

pl = pytest.importorskip("polars")

LOBSTER = b"34200.004241176,1,16113575,18,5853300,1\n34200.025551909,1,16120456,18,5859100,-1\n"
BOOK = b"5859400,200,5853300,18,5859800,200,5853000,150\n"
ITCH = b"\x00\x00S" + bytes(10) + b"O" + b"\x00\x00R" + bytes(40)

HEADS: list[tuple[bytes, FeedKind]] = [
    (LOBSTER, FeedKind.LOBSTER),
    (b"no row at all\n" + LOBSTER, FeedKind.LOBSTER),
    (BOOK, FeedKind.LOBSTER_BOOK),
    (ITCH, FeedKind.ITCH),
    (b"\x00\x0c" + ITCH[2:], FeedKind.ITCH),
    (small().source, FeedKind.BINANCE),
    (b"DBN\x03" + bytes(20), FeedKind.DBN),
    (b"\x28\xb5\x2f\xfd" + bytes(20), FeedKind.DBN),
]


@pytest.mark.parametrize(("content", "kind"), HEADS)
@pytest.mark.parametrize("packed", [False, True])
def test_kind_is_found_by_content(content: bytes, kind: FeedKind, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    path.write_bytes(gzip.compress(content) if packed else content)
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("columns", "kind"),
    [
        (["time_ns", "type", "order_id", "size", "price", "direction"], FeedKind.LOBSTER),
        (["time_ms", "price", "size", "exchange", "cond", "suspicious"], FeedKind.TAPE_TRADES),
        (["time_ms", "bid", "bid_size", "ask", "ask_size", "exchange"], FeedKind.TAPE_QUOTES),
    ],
)
def test_parquet_is_known_by_its_columns(columns: list[str], kind: FeedKind, tmp_path: Path) -> None:
    path = tmp_path / "data.bin"
    pl.DataFrame({name: [1] for name in columns}).write_parquet(path)
    assert kind_of(path) is kind


def test_what_is_nothing_known_says_what_can_be_read(tmp_path: Path) -> None:
    other = tmp_path / "table.parquet"
    pl.DataFrame({"a": [1]}).write_parquet(other)
    for content in (b"# A title\n", b"\x00\x00Z" + bytes(40), b"1,2\n3,4\n", bytes(100)):
        path = tmp_path / "notes"
        path.write_bytes(content)
        with pytest.raises(FeedFault, match="What can be read: LOBSTER messages, NASDAQ ITCH") as caught:
            kind_of(path)
        assert caught.value.code == "feed_kind"
    with pytest.raises(FeedFault, match="known here"):
        kind_of(other)


def test_folder_missing_file_empty_file_and_broken_parquet_are_said(tmp_path: Path) -> None:
    (tmp_path / "empty").write_bytes(b"")
    (tmp_path / "broken").write_bytes(b"PAR1 and nothing more")
    with pytest.raises(NotFound):
        kind_of(tmp_path / "none")
    for path, code in (
        (tmp_path, "feed_kind"),
        (tmp_path / "empty", "feed_empty"),
        (tmp_path / "broken", "feed_unreadable"),
    ):
        with pytest.raises(FeedFault) as caught:
            kind_of(path)
        assert caught.value.code == code
