"""The ITCH decoder: every message type, any cut of the stream, and a sentence for every break."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.feeds.faults import FaultLog, FeedFault
from sottovoce.adapters.feeds.itch import counts_by_type, read_itch
from sottovoce.adapters.feeds.itch_block import ItchMessage
from sottovoce.adapters.feeds.itch_layouts import LAYOUTS
from tests.adapters.feeds.itch_maker import OPEN_NS, SECOND, framed, message, small_day

_SIZES = "S12 R39 H25 Y20 L26 V35 W12 K28 J35 h21 A36 F40 E31 C36 X23 D19 U35 P44 Q40 B19 I50 N20 O48"
SPECIFIED_SIZES = {word[0]: int(word[1:]) for word in _SIZES.split()}
"""Bytes of each message, from the specification."""

SAMPLE = {"S": 6, "R": 3, "H": 3, "A": 4_997, "F": 3, "E": 198, "X": 45, "D": 1_745, "U": 12, "P": 5_000}


def messages(data: bytes, log: FaultLog | None = None, size: int = 1 << 20, *, whole: bool = True) -> list[ItchMessage]:
    return [found for block in read_itch(data, log, whole=whole, size=size) for found in block.messages()]


def test_every_message_type_has_the_specified_size() -> None:
    assert {layout.letter: layout.size for layout in LAYOUTS} == SPECIFIED_SIZES


@pytest.mark.parametrize("letter", SPECIFIED_SIZES)
def test_every_message_type_says_what_was_written(letter: str) -> None:
    layout = next(layout for layout in LAYOUTS if layout.letter == letter)
    values: dict[str, int | str] = {}
    for number, field in enumerate(layout.fields, start=1):
        width = int(field.code[-1])
        values[field.name] = (field.letters or "XYZWVUTS")[:width] if "S" in field.code else number * 7
        if field.letters:
            values[field.name] = field.letters[-1]
    (found,) = messages(framed([message(letter, OPEN_NS, locate=77, **values)]), whole=False)
    assert found.fields == values
    assert (found.kind, found.name, found.ns, found.locate) == (letter, layout.name, OPEN_NS, 77)
    assert (found.number, found.offset) == (1, 0)


def test_field_at_its_largest_is_whole() -> None:
    largest: dict[str, int | str] = {"order_id": 2**63 - 1, "shares": 2**32 - 1, "price": 2**32 - 1}
    (found,) = messages(framed([message("A", 86_400 * SECOND - 1, locate=1, **largest)]), whole=False)
    assert {name: found.fields[name] for name in largest} == largest
    assert found.ns == 86_400 * SECOND - 1


@pytest.mark.parametrize("lengths", [True, False], ids=["lengths", "zero_prefixes"])
@given(size=st.integers(1, 700))
def test_any_cut_of_the_stream_gives_the_same_messages(lengths: bool, size: int) -> None:
    data = framed(small_day(), lengths=lengths)
    assert messages(data, size=size) == messages(data)


def test_gzip_plain_and_bytes_are_the_same(tmp_path: Path) -> None:
    data = framed(small_day())
    (tmp_path / "day.itch").write_bytes(data)
    (tmp_path / "day.gz").write_bytes(gzip.compress(data))
    counts = [counts_by_type(source) for source in (data, tmp_path / "day.itch", tmp_path / "day.gz")]
    assert counts[0] == counts[1] == counts[2]
    assert sum(counts[0].values()) == 26


def test_end_of_session_marker_is_no_message() -> None:
    assert messages(framed(small_day()) + b"\0\0") == messages(framed(small_day()))


def test_file_that_stops_between_messages_is_told_from_a_whole_one() -> None:
    data = framed(small_day()[:-1])
    with pytest.raises(FeedFault, match=rf"message 26, byte {len(data)}.*before the system event") as caught:
        messages(data)
    assert caught.value.code == "feed_truncated"
    assert len(messages(data, whole=False)) == 25


def test_file_that_stops_inside_a_message_names_it() -> None:
    whole, cut = framed(small_day()[:12]), framed(small_day()[:13])
    with pytest.raises(FeedFault, match=rf"message 13, byte {len(whole)}, field type: 'E'"):
        messages(cut[:-3])


def test_unknown_message_is_passed_over_where_its_length_is_said() -> None:
    odd = (9).to_bytes(2, "big") + b"z" + bytes(8)
    before, after = framed(small_day()[:10]), framed(small_day()[10:])
    log = FaultLog(skip=True)
    kept = messages(before + odd + after, log)
    assert [bad.code for bad in log.rows] == ["feed_message_type"]
    assert (log.rows[0].number, log.rows[0].offset, log.rows[0].value) == (11, len(before), "z")
    assert [found.number for found in kept] == [*range(1, 11), *range(12, 28)]
    assert [found.fields for found in kept] == [found.fields for found in messages(framed(small_day()))]


@given(size=st.integers(1, 300))
def test_unknown_message_is_passed_over_however_the_stream_is_cut(size: int) -> None:
    odd = (200).to_bytes(2, "big") + b"z" * 200
    log = FaultLog(skip=True)
    kept = messages(framed(small_day()[:10]) + odd + framed(small_day()[10:]), log, size)
    assert (len(kept), log.total) == (26, 1)


def test_unknown_message_without_a_length_loses_the_rest_even_when_skipping() -> None:
    data = framed(small_day()[:10], lengths=False) + b"\0\0z" + framed(small_day()[10:], lengths=False)
    with pytest.raises(FeedFault, match=r"message 11.*nothing after it can be found"):
        messages(data, FaultLog(skip=True))


BROKEN: dict[str, tuple[bytes, str, str]] = {
    "length": (b"\0\x10" + message("D", OPEN_NS + 20, order_id=1), "feed_length", "19 bytes.*says 16"),
    "time_back": (framed([message("D", OPEN_NS, order_id=1)]), "feed_out_of_order", "earlier than the message before"),
    "time_of_day": (framed([message("D", 86_400 * SECOND, order_id=1)]), "feed_value", "field time"),
    "no_shares": (framed([message("A", OPEN_NS + 20, shares=0)]), "feed_value", "field shares: '0' must be above zero"),
    "no_price": (framed([message("U", OPEN_NS + 20, price=0)]), "feed_value", "field price"),
    "too_large": (framed([message("D", OPEN_NS + 20, order_id=2**63)]), "feed_value", "field order_id.*is above"),
    "side": (framed([message("A", OPEN_NS + 20, side="X")]), "feed_value", "field side: 'X' is not one of B, S"),
    "text": (framed([message("A", OPEN_NS + 20, stock="T\xffT")]), "feed_value", "field stock.*ASCII"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_break_is_named_by_message_byte_and_field(name: str) -> None:
    odd, code, says = BROKEN[name]
    before, after = framed(small_day()[:23]), framed(small_day()[23:])
    with pytest.raises(FeedFault, match=says) as caught:
        messages(before + odd + after)
    assert caught.value.code == code
    assert f"message 24, byte {len(before)}, field" in str(caught.value)
    log = FaultLog(skip=True)
    kept = messages(before + odd + after, log) if name != "length" else []
    assert len(kept) == (26 if name != "length" else 0)


@pytest.mark.data
def test_sample_counts_by_type(market_data: Path) -> None:
    counts = counts_by_type(market_data / "nasdaq_itch50_sample" / "ex20101224.TEST_ITCH_50.gz")
    assert {letter: count for letter, count in counts.items() if count} == SAMPLE
    assert sum(counts.values()) == 12_012
