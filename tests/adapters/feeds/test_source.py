"""Bytes and whole lines of a source, however it is cut or packed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.feeds import source
from sottovoce.adapters.feeds.faults import FeedFault
from sottovoce.core.errors import NotFound

TEXT = b"first\nsecond\n\nfourth"


@given(size=st.integers(1, 30))
def test_lines_are_whole_however_the_bytes_come(size: int) -> None:
    runs = list(source.line_chunks(TEXT, size))
    assert b"".join(run.data for run in runs) == TEXT
    for run in runs:
        assert TEXT[run.offset : run.offset + len(run.data)] == run.data
        assert run.number == TEXT.count(b"\n", 0, run.offset) + 1
        assert run.data.endswith(b"\n") or run is runs[-1]


@given(size=st.integers(1, 30))
def test_packed_and_plain_bytes_are_the_same(size: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("packed") / "file"
    path.write_bytes(gzip.compress(TEXT))
    assert b"".join(source.byte_chunks(path, size)) == b"".join(source.byte_chunks(TEXT, size)) == TEXT


def test_what_came_before_a_cut_is_handed_on(tmp_path: Path) -> None:
    """The cut is found only when it is reached."""
    path = tmp_path / "cut.gz"
    noise = bytes((place * place) % 251 for place in range(60_000))
    path.write_bytes(gzip.compress(noise)[:-30])
    chunks = source.byte_chunks(path, 1_000)
    assert next(chunks) == noise[:1_000]
    with pytest.raises(FeedFault, match=r"cut\.gz, byte \d+: the file ends inside its gzip compression"):
        list(chunks)


def test_line_without_end_is_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "LINE_BYTES_MAX", 50)
    with pytest.raises(FeedFault, match="line 2: is longer than 50 bytes"):
        list(source.line_chunks(b"first\n" + b"x" * 200, 20))


def test_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no file") as caught:
        list(source.byte_chunks(tmp_path / "none"))
    assert caught.value.code == "feed_file_missing"
