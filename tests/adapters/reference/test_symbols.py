"""A symbol is found as people write it, and a text that is none finds nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.reference.symbols import instrument_id, is_canonical, readings

SHIPPED = load_shipped()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AAPL", "AAPL.US"),
        ("aapl", "AAPL.US"),
        ("AAPL US", "AAPL.US"),
        ("aapl us", "AAPL.US"),
        ("  AAPL   US ", "AAPL.US"),
        ("AAPL US Equity", "AAPL.US"),
        ("AAPL.US", "AAPL.US"),
        ("AAPL.XNAS", "AAPL.US"),
        ("ＡＡＰＬ", "AAPL.US"),
        ("BRK.B", "BRK.B.US"),
        ("BRK/B", "BRK.B.US"),
        ("BRK-B", "BRK.B.US"),
        ("brk b", "BRK.B.US"),
        ("BRK.B US", "BRK.B.US"),
        ("BRK/B US", "BRK.B.US"),
        ("BRK B US", "BRK.B.US"),
        ("BRK.B.XNYS", "BRK.B.US"),
        ("MSFT.XNYS", "MSFT.US"),  # its listing is not known, so it is not contradicted
        ("F", "F.US"),
        ("IT", "IT.US"),
        ("T US", "T.US"),
    ],
)
def test_symbol_is_found_as_people_write_it(text: str, found: str) -> None:
    instrument = SHIPPED.resolve(text)
    assert instrument is not None
    assert instrument.instrument_id == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        ".",
        "US",
        "AAPL LN",
        "AAPL.L",
        "AAPL.XNYS",  # listed on Nasdaq
        "AAPL.XLON",
        "MSFT.XLON",
        "AAPLUS",
        "AAPL US US",
        "AAPL,MSFT",
        "AAPL; buy",
        "AАPL",  # the second letter is Cyrillic
        "Apple",
        "Apple Inc.",
        "Vodafone",
        "TSLA",
        "BRK",
        "BRK.A",
        "BRKB",
        "BRK..B",
        "EQUITY",
        "A" * 10_000,
        "AAPL\x00",
    ],
)
def test_what_is_not_in_the_master_is_not_guessed(text: str) -> None:
    assert SHIPPED.resolve(text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [("MSTF", "MSFT US"), ("APPL", "AAPL US"), ("BRKB", "BRK.B US"), ("apple", "AAPL US"), ("AAPL.XNYS", "AAPL US")],
)
def test_a_near_miss_is_suggested(text: str, meant: str) -> None:
    assert meant in SHIPPED.suggest(text)


def test_a_company_is_suggested_by_the_first_words_of_its_name() -> None:
    assert SHIPPED.suggest("american airlines") == ["AAL US"]
    assert SHIPPED.suggest("Bank of America")[0] == "BAC US"


@pytest.mark.parametrize("text", ["", "Vodafone", "VOD LN", "???", "9" * 1000])
def test_nothing_is_suggested_from_nothing(text: str) -> None:
    assert SHIPPED.suggest(text) == []


@given(st.sampled_from(SHIPPED.instruments), st.sampled_from([".", "/", "-", " "]), st.booleans(), st.booleans())
def test_every_spelling_of_every_name_finds_it(
    instrument: object, separator: str, lower: bool, with_market: bool
) -> None:
    assert instrument in SHIPPED.instruments
    symbol = getattr(instrument, "symbol", "")
    text = (symbol if with_market else symbol[:-3]).replace(".", separator)
    assert SHIPPED.resolve(text.lower() if lower else text) is instrument


@given(st.text(max_size=40))
def test_any_text_is_found_or_not_and_never_an_error(text: str) -> None:
    found = SHIPPED.resolve(text)
    assert found is None or found in SHIPPED.instruments
    assert len(SHIPPED.suggest(text)) <= 3


@given(st.text(alphabet="ABZ19./- x", max_size=12))
def test_readings_are_upper_case_words(text: str) -> None:
    for ticker, suffix in readings(text):
        assert ticker == ticker.upper().strip(".")
        assert len(suffix) in (0, 2, 4)


def test_id_and_form_of_a_canonical_symbol() -> None:
    assert instrument_id("BRK.B US") == "BRK.B.US"
    assert is_canonical("VOD LN")
    assert is_canonical("BRK.B US")
    for text in ("VOD", "vod LN", "VOD  LN", "VOD LON", "VOD.LN", "V OD LN", ""):
        assert not is_canonical(text)
