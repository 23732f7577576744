"""DBN files of every schema decode to typed columns; a damaged one is a sentence with the record, never a crash."""

from __future__ import annotations

import builtins
import random
from pathlib import Path

import pytest

from sottovoce.adapters.feeds.dbn import DbnFile
from sottovoce.adapters.feeds.faults import FaultLog, FeedFault
from sottovoce.core.errors import ConfigError, NotFound

pytest.importorskip("databento_dbn")

from tests.adapters.feeds.dbn_maker import BOOK, INSTRUMENT, PX, START_NS, Row, header, mbo, packed, quotes

WHOLE = header() + mbo(BOOK)


def damaged(place: int, row: Row) -> bytes:
    rows = list(BOOK)
    rows[place] = row
    return header() + mbo(rows)


@pytest.mark.parametrize("content", [WHOLE, packed(WHOLE)], ids=["plain", "packed"])
def test_columns_are_those_of_the_schema(content: bytes) -> None:
    file = DbnFile(content)
    (block,) = file.blocks()
    assert (file.header.dataset, file.header.schema, file.header.symbols) == ("GLBX.MDP3", "mbo", ("ESM4",))
    assert (block.kind, block.numbers.tolist()) == ("MBOMsg", [1, 2, 3, 4, 5, 6, 7])
    assert block.rows["action"].tolist() == [b"R", b"A", b"A", b"M", b"T", b"F", b"C"]
    assert int(block.rows["price"][2]) == round(100.25 * PX)
    assert set(block.rows["instrument_id"].tolist()) == {INSTRUMENT}
    assert int(block.rows["ts_recv"][3]) == START_NS + 3_000


BAD_RECORDS: list[tuple[Row, str, str]] = [
    (("A", "B", 9, 100.0, 0, 0), "feed_value", "record 3, field size: '0' is no size"),
    (("A", "B", 9, 100.0, 2**32 - 1, 0), "feed_value", "record 3, field size"),
]


@pytest.mark.parametrize(("row", "code", "says"), BAD_RECORDS)
def test_record_that_cannot_be_is_named_by_number_and_field(row: Row, code: str, says: str) -> None:
    with pytest.raises(FeedFault, match=says) as caught:
        DbnFile(damaged(2, row)).counts()
    assert caught.value.code == code


def test_undefined_price_letters_and_times_are_refused() -> None:
    record = len(header()) + 2 * 56
    for offset, value, code, says in (
        (24, (2**63 - 1).to_bytes(8, "little"), "feed_value", "field price: '9223372036854775807' is no price"),
        (38, b"Z", "feed_value", "field action: 'Z' is not one of A, C, M, R, T, F, N"),
        (39, b"?", "feed_value", "field side"),
        (40, (1).to_bytes(8, "little"), "feed_value", "field ts_recv: '1' is no time of this century"),
        (40, (2**64 - 1).to_bytes(8, "little"), "feed_value", "is no time of this century"),
        (40, (START_NS - 5).to_bytes(8, "little"), "feed_out_of_order", "earlier than the record before it"),
    ):
        content = bytearray(WHOLE)
        content[record + offset : record + offset + len(value)] = value
        with pytest.raises(FeedFault, match="record 3, ") as caught:
            DbnFile(bytes(content)).counts()
        assert caught.value.code == code
        assert says in str(caught.value)
        log = FaultLog(skip=True)
        assert DbnFile(bytes(content), log).counts() == {"MBOMsg": len(BOOK) - 1}
        assert log.counts == {code: 1}


def test_trade_of_a_quote_schema_needs_a_price_and_a_size() -> None:
    row = ("T", 100.0, 2, 99.0, 5, 101.0, 5)
    content = bytearray(header("mbp-1") + quotes([row, row, row]))
    second = len(header("mbp-1")) + 80
    content[second + 16 : second + 24] = (2**63 - 1).to_bytes(8, "little")
    content[second + 80 + 24 : second + 80 + 28] = bytes(4)
    log = FaultLog(skip=True)
    assert DbnFile(bytes(content), log).counts() == {"MBP1Msg": 1}
    assert [(bad.number, bad.field) for bad in log.rows] == [(2, "price"), (3, "size")]


def test_cut_file_is_found_out_packed_or_not() -> None:
    for content in (WHOLE[:-10], packed(WHOLE)[:-40]):
        with pytest.raises(FeedFault) as caught:
            DbnFile(content).counts()
        assert caught.value.code == "feed_truncated"
    log = FaultLog(skip=True)
    assert DbnFile(WHOLE[:-10], log).counts() == {"MBOMsg": len(BOOK) - 1}
    assert "record 7" in log.summary()


def test_record_of_impossible_length_stops_the_reading() -> None:
    content = bytearray(WHOLE)
    content[len(header()) + 56] = 0
    with pytest.raises(FeedFault, match="cannot be decoded") as caught:
        DbnFile(bytes(content)).counts()
    assert caught.value.code == "feed_record"


@pytest.mark.parametrize("content", [b"not a DBN file at all", b"PAR1" * 10, b"\x1f\x8b"])
def test_file_of_another_kind_is_refused(content: bytes) -> None:
    with pytest.raises(FeedFault, match="is not a DBN file") as caught:
        DbnFile(content)
    assert caught.value.code == "feed_kind"


def test_missing_file_and_missing_library_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        DbnFile(tmp_path / "none.dbn")
    real = builtins.__import__

    def refuse(name: str, *args: object, **keywords: object) -> object:
        if name == "databento_dbn":
            raise ImportError(name)
        return real(name, *args, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ConfigError, match=r"pip install sottovoce\[dbn\]"):
        DbnFile(WHOLE)


@pytest.mark.parametrize("seed", range(8))
def test_damage_at_random_is_a_fault_or_harmless_and_never_a_crash(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(100):
        content = bytearray(rng.choice([WHOLE, packed(WHOLE)]))
        for _ in range(rng.randint(1, 3)):
            content[rng.randrange(len(content))] = rng.randrange(256)
        assert outcome(bytes(content[: rng.randint(4, len(content))])).startswith(("feed_", "read "))


def outcome(content: bytes) -> str:
    """How reading ended: the fault's code, or how many records were good. Anything else is raised."""
    try:
        return f"read {DbnFile(content, FaultLog(skip=True)).counts().total()}"
    except FeedFault as fault:
        return fault.code


# Records of each file. Source: README of the data set databento_dbn.
PUBLISHED = [
    ("esh4-glbx-mdp3-20231224.mbo", {"MBOMsg": 8_725}),
    ("orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02", {"MBOMsg": 13_796}),
    ("futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02", {"MBP1Msg": 2_288}),
    ("futures_trades_2024-07-01T23-58_2024-07-02T00-02", {"TradeMsg": 120}),
    ("futures_ohlcv-1m_2024-07-01T23-40_2024-07-02T00-10", {"OHLCVMsg": 60}),
    ("definition-glbx-es-fut", {"InstrumentDefMsg": 2}),
]


@pytest.mark.parametrize(("name", "records"), PUBLISHED)
def test_published_record_counts(market_data: Path, name: str, records: dict[str, int]) -> None:
    assert DbnFile(market_data / "databento_dbn" / f"{name}.dbn.zst").counts() == records


def test_every_fixture_decodes(market_data: Path) -> None:
    kinds = set[str]()
    paths = sorted((market_data / "databento_dbn/fixtures").iterdir())
    for path in paths:
        kinds |= set(DbnFile(path).counts())
    assert len(paths) == 18
    assert {"StatMsg", "StatusMsg", "ImbalanceMsg", "MBP10Msg", "CBBOMsg", "BBOMsg", "CMBP1Msg"} <= kinds
