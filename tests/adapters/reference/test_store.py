"""A desk's own file is the next version, whole or not at all, and what is wrong with it is named by its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sottovoce.adapters.reference.store import ReferenceStore, load_shipped
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.errors import ConfigError, MalformedMessage, NotFound, SottovoceError
from sottovoce.core.instrument import Fact, known, tick_at

LONDON = {
    "country": "GB",
    "currency": "GBP",
    "price_scale": 1_000_000,
    "calendar": "XLON",
    "listing_mics": ["XLON"],
    "ticks": [["2018-01-03", None, "0", "0.0001", "desk"]],
    "lots": [["2018-01-03", None, "0", 1, "desk"]],
}
ROW = {"symbol": "VOD LN", "name": "Vodafone Group", "adv": [60_000_000, "2026-01-02", "desk"]}


@pytest.fixture(scope="module")
def shipped() -> ReferenceVersion:
    return load_shipped()


@pytest.fixture
def store(shipped: ReferenceVersion) -> ReferenceStore:
    return ReferenceStore(shipped)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def document(*rows: object, **changes: object) -> str:
    whole = {
        "format": 1,
        "as_of": "2026-01-02",
        "sources": {"desk": "our market data desk"},
        "markets": {"LN": LONDON},
        **changes,
    }
    lines = ",\n".join(json.dumps(row) for row in rows)
    return json.dumps(whole)[:-1] + f',\n"instruments": [\n{lines}\n]}}'


def refusal(store: ReferenceStore, path: Path) -> SottovoceError:
    """What loading says; nothing may have changed."""
    with pytest.raises(SottovoceError) as refused:
        store.load(path)
    assert store.current.version == 1
    return refused.value


def test_json_file_is_the_next_version(store: ReferenceStore, tmp_path: Path) -> None:
    version = store.load(write(tmp_path, "own.json", document(ROW)))
    assert (version.version, version.as_of, len(version.instruments)) == (2, "2026-01-02", 505)
    assert store.current is version
    vodafone = version.resolve("VOD LN")
    assert vodafone is not None
    assert (vodafone.instrument_id, vodafone.currency, vodafone.calendar) == ("VOD.LN", "GBP", "XLON")
    assert vodafone.adv == Fact(value=60_000_000, as_of="2026-01-02", source="our market data desk")
    assert vodafone.close is None
    assert tick_at(vodafone, 725_000, "2026-01-02") == 100
    assert version.resolve("VOD.XLON") is vodafone
    assert version.resolve("VOD") is None
    assert version.resolve("AAPL") is store.get_version(1).resolve("AAPL")


def test_csv_file_replaces_a_name_and_keeps_the_others(store: ReferenceStore, tmp_path: Path) -> None:
    text = "symbol,name,as_of,source,adv,close\naapl,Apple Inc.,2026-01-02,our desk,55000000,\n"
    version = store.load(write(tmp_path, "own.csv", text))
    apple = version.resolve("AAPL")
    assert apple is not None
    assert apple.adv == Fact(value=55_000_000.0, as_of="2026-01-02", source="our desk")
    assert apple.close is None
    assert len(version.instruments) == 504
    assert known(store.get_version(1).instruments[3].close) == 159.54


def test_file_alone_is_the_whole_master(store: ReferenceStore, tmp_path: Path) -> None:
    version = store.load(write(tmp_path, "own.csv", "symbol,name\nBRK/B US,Berkshire\n"), alone=True)
    assert [each.symbol for each in version.instruments] == ["BRK.B US"]


def test_same_content_has_the_same_digest_in_either_form(shipped: ReferenceVersion, tmp_path: Path) -> None:
    table = "symbol,name,as_of,source,adv,mic\nXYZ,Exwyzed,2026-01-02,our desk,1000000,XNAS\n"
    figures = {"adv": [1_000_000, "2026-01-02", "d"], "listing": ["XNAS", "2026-01-02", "d"]}
    row = {"name": "Exwyzed", "symbol": "XYZ US", **figures}
    text = document(row, sources={"d": "our desk"}, markets={})
    first = ReferenceStore(shipped).load(write(tmp_path, "own.csv", table))
    second = ReferenceStore(shipped).load(write(tmp_path, "own.json", text))
    assert first.digest == second.digest
    assert first.digest != shipped.digest


def test_one_figure_altered_alters_the_digest(store: ReferenceStore, tmp_path: Path) -> None:
    digests = []
    for adv in (1000, 1001):
        text = f"symbol,name,as_of,source,adv\nXYZ,Exwyzed,2026-01-02,desk,{adv}\n"
        digests.append(store.load(write(tmp_path, "own.csv", text)).digest)
    assert digests[0] != digests[1]
    assert store.current.version == 3


def test_order_of_lines_does_not_matter(shipped: ReferenceVersion, tmp_path: Path) -> None:
    lines = ["XYA,One", "XYB,Two"]
    one, two = (
        ReferenceStore(shipped).load(write(tmp_path, "own.csv", "\n".join(["symbol,name", *order])))
        for order in (lines, lines[::-1])
    )
    assert one.digest == two.digest


def test_a_version_never_loaded_is_not_found(store: ReferenceStore) -> None:
    assert store.get_version(1) is store.current
    with pytest.raises(NotFound, match="Version 2 of the instruments is not loaded; the latest is 1"):
        store.get_version(2)


def test_figure_marked_unusable_keeps_its_reason(store: ReferenceStore, tmp_path: Path) -> None:
    row = {**ROW, "shares_outstanding": [None, "2026-01-02", "desk"]}
    vodafone = store.load(write(tmp_path, "own.json", document(row))).resolve("VOD LN")
    assert vodafone is not None
    assert vodafone.shares_outstanding is not None
    assert known(vodafone.shares_outstanding) is None
    assert vodafone.shares_outstanding.source == "our market data desk"


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"name": "No symbol"}, "symbol", "reference_field"),
        ({**ROW, "colour": "red"}, "colour", "reference_field"),
        ({**ROW, "name": 7}, "name", "reference_field"),
        ({**ROW, "adv": 60_000_000}, "adv", "reference_field"),
        ({**ROW, "adv": ["60000000", "2026-01-02", "desk"]}, "adv", "reference_field"),
        ({**ROW, "adv": [6, "2026-01-02"]}, "adv", "reference_field"),
        ({**ROW, "adv": [6, "2026-01-02", "desk", 1]}, "adv", "reference_field"),
        ({**ROW, "adv": [0, "2026-01-02", "desk"]}, "adv", "reference_figure"),
        ({**ROW, "sigma_daily": [-0.1, "2026-01-02", "desk"]}, "sigma_daily", "reference_figure"),
        ({**ROW, "sigma_daily": [1.3, "2026-01-02", "desk"]}, "sigma_daily", "reference_figure"),
        ({**ROW, "adv": [2e12, "2026-01-02", "desk"]}, "adv", "reference_figure"),
        ({**ROW, "adv": [6, "2026-02-30", "desk"]}, "adv", "reference_date"),
        ({**ROW, "adv": [6, "yesterday", "desk"]}, "adv", "reference_date"),
        ({**ROW, "adv": [6, "2026-01-02", "somebody"]}, "adv", "reference_source"),
        ({**ROW, "listing": ["London", "2026-01-02", "desk"]}, "listing", "reference_listing"),
        ({**ROW, "listing": ["XLON", "2026-01-02", "somebody"]}, "listing", "reference_source"),
        ({**ROW, "symbol": "vod ln"}, "symbol", "reference_symbol"),
        ({**ROW, "symbol": "VOD"}, "symbol", "reference_symbol"),
        ({**ROW, "symbol": "SAN SM"}, "symbol", "reference_market"),
        (ROW, "symbol", "reference_duplicate"),
    ],
)
def test_bad_line_of_json_is_named(store: ReferenceStore, tmp_path: Path, row: object, field: str, code: str) -> None:
    """The bad row is the second, on line 4: the document's own line, "instruments", the first row, then it."""
    error = refusal(store, write(tmp_path, "own.json", document(ROW, row)))
    assert error.code == code
    assert f"own.json, line 4, {field}" in str(error)
    assert "Traceback" not in str(error)


def test_line_is_right_when_a_row_takes_several(store: ReferenceStore, tmp_path: Path) -> None:
    text = document(ROW, {**ROW, "symbol": "BP LN", "adv": [0, "2026-01-02", "desk"]})
    spread = text.replace('"name": "Vodafone Group"', '\n"name":\n"Vodafone Group"', 1)
    assert "line 6, adv" in str(refusal(store, write(tmp_path, "own.json", spread)))


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("", "line 1", "reference_json"),
        ("{\n\n'x': 1}", "line 3", "reference_json"),
        ('{"format": 1,\n"as_of": NaN}', "line 2", "reference_json"),
        (document({**ROW, "adv": 1}).replace("1}", "1e999}"), "line 3, adv", "reference_field"),
        (document(format=2), "line 1, format", "reference_format"),
        (document(as_of="today"), "line 1, as_of", "reference_date"),
        (document(sources=["desk"]), "line 1, sources", "reference_field"),
        (document(owner="me"), "owner", "reference_field"),
        (document(markets={"LN": {**LONDON, "price_scale": "big"}}), "price_scale", "reference_field"),
        (document(markets={"LN": {**LONDON, "price_scale": 3}}), "markets.LN", "reference_market"),
        (
            document(markets={"LN": {**LONDON, "ticks": [["2018-01-03", None, "0", "0", "desk"]]}}),
            "markets.LN",
            "reference_market",
        ),
        (
            document(markets={"LN": {**LONDON, "ticks": [["2018-01-03", None, "0", "NaN", "desk"]]}}),
            "markets.LN",
            "reference_market",
        ),
        (
            document(markets={"LN": {**LONDON, "lots": [["soon", None, "0", 1, "desk"]]}}),
            "markets.LN",
            "reference_market",
        ),
        (
            document(markets={"LN": {**LONDON, "lots": [["2018-01-03", None, "0", 1, "whom"]]}}),
            "markets.LN",
            "reference_market",
        ),
    ],
)
def test_bad_json_document_is_named(store: ReferenceStore, tmp_path: Path, text: str, place: str, code: str) -> None:
    error = refusal(store, write(tmp_path, "own.json", text))
    assert error.code == code
    assert "own.json" in str(error)
    assert place in str(error)


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("", "line 1, symbol", "reference_field"),
        ("symbol,adv\n", "line 1, name", "reference_field"),
        ("symbol,name,colour\n", "line 1, colour", "reference_field"),
        ("symbol,name,adv,adv\n", "line 1, adv", "reference_field"),
        ("symbol,name\nXYZ\n", "line 2", "reference_csv"),
        ("symbol,name\nXYZ,Exwyzed,more\n", "line 2", "reference_csv"),
        ('symbol,name\nXYZ,"Exwyzed\n', "line 2", "reference_csv"),
        ("symbol,name\nXYZ,\n", "line 2, name", "reference_field"),
        ("symbol,name\nXYZ,One\n\nXYZ US,Two\n", "line 4, symbol: XYZ US is on line 2", "reference_duplicate"),
        ("symbol,name\nX;Z,Exwyzed\n", "line 2, symbol", "reference_symbol"),
        ("symbol,name\nSAN SM,Santander\n", "line 2, symbol", "reference_market"),
        ("symbol,name,adv\nXYZ,Exwyzed,1000\n", "line 2, as_of", "reference_field"),
        ("symbol,name,as_of,adv\nXYZ,Exwyzed,2026-01-02,1000\n", "line 2, source", "reference_field"),
        ("symbol,name,as_of,source,adv\nXYZ,E,02/01/2026,desk,1000\n", "line 2, adv", "reference_date"),
        ("symbol,name,as_of,source,adv\nXYZ,E,2026-01-02,desk,nan\n", "line 2, adv", "reference_figure"),
        ("symbol,name,as_of,source,adv\nXYZ,E,2026-01-02,desk,1e999\n", "line 2, adv", "reference_figure"),
        ('symbol,name,as_of,source,adv\nXYZ,E,2026-01-02,desk,"1,000"\n', "line 2, adv", "reference_figure"),
        ("symbol,name,as_of,source,adv\nXYZ,E,2026-01-02,desk,-1\n", "line 2, adv", "reference_figure"),
        ("symbol,name,as_of,source,adv\nXYZ,E,2026-01-02,desk,１０\n", "line 2, adv", "reference_figure"),
        ("symbol,name,as_of,source,mic\nXYZ,E,2026-01-02,desk,NYSE!\n", "line 2, listing", "reference_listing"),
    ],
)
def test_bad_csv_is_named(store: ReferenceStore, tmp_path: Path, text: str, place: str, code: str) -> None:
    error = refusal(store, write(tmp_path, "own.csv", text))
    assert error.code == code
    assert f"own.csv, {place}" in str(error)


def test_csv_that_is_not_text_is_named(store: ReferenceStore, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"symbol,name\nXYZ,\xff\n")
    assert "own.csv, line 2: the text is not UTF-8" in str(refusal(store, path))


def test_json_that_is_not_text_is_named(store: ReferenceStore, tmp_path: Path) -> None:
    path = tmp_path / "own.json"
    path.write_bytes(document(ROW).encode().replace(b"Vodafone", b"\xff\xfe"))
    assert "own.json, line 3" in str(refusal(store, path))


def test_csv_of_a_spreadsheet_with_byte_order_mark_is_read(store: ReferenceStore, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xef\xbb\xbfsymbol,name\r\nXYZ,Exwyzed\r\n")
    assert store.load(path).resolve("XYZ") is not None


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("own.xlsx", "neither .json nor .csv"),
        ("absent.csv", "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_is_a_sentence(
    store: ReferenceStore, tmp_path: Path, name: str, sentence: str
) -> None:
    error = refusal(store, tmp_path / name)
    assert isinstance(error, ConfigError)
    assert error.code == "reference_file"
    assert sentence in str(error)


def test_errors_are_of_the_file_not_of_the_program(store: ReferenceStore, tmp_path: Path) -> None:
    error = refusal(store, write(tmp_path, "own.json", "[]"))
    assert isinstance(error, MalformedMessage)
    assert error.exit_code == 2


def test_a_file_too_large_is_refused_unread(
    store: ReferenceStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sottovoce.adapters.reference.store.FILE_BYTES_MAX", 10)
    error = refusal(store, write(tmp_path, "own.csv", "symbol,name\nXYZ,Exwyzed\n"))
    assert (error.code, "larger than 10 bytes" in str(error)) == ("reference_file", True)
