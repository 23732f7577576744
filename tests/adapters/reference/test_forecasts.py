"""Forecasts laid over the instruments: the next version, whole or not at all, and what is wrong named by its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sottovoce.adapters.reference.store import ReferenceStore, load_shipped
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.errors import ConfigError, SottovoceError
from sottovoce.core.forecast import Forecast
from sottovoce.core.instrument import Instrument

ROW: dict[str, object] = {
    "symbol": "AAPL", "figure": "volume", "date": "2018-02-08", "value": 61e6, "low": 42e6, "high": 83e6,
    "model": "arma", "window": "2017-01-03 to 2018-02-07", "n": 276, "made": "2018-02-07",
}  # fmt: skip
HEADER = "symbol,figure,date,value,low,high,model,window,n,made"


@pytest.fixture(scope="module")
def shipped() -> ReferenceVersion:
    return load_shipped()


@pytest.fixture
def store(shipped: ReferenceVersion) -> ReferenceStore:
    return ReferenceStore(shipped)


def write(folder: Path, *rows: dict[str, object], name: str = "ahead.json") -> Path:
    path = folder / name
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(f'{{"forecasts": [\n{lines}\n]}}\n', "utf-8")
    return path


def table(folder: Path, *lines: str) -> Path:
    path = folder / "ahead.csv"
    path.write_text("\n".join((HEADER, *lines)) + "\n", "utf-8")
    return path


def of(version: ReferenceVersion, symbol: str) -> Instrument:
    found = version.resolve(symbol)
    assert found is not None
    return found


def refusal(store: ReferenceStore, path: Path) -> SottovoceError:
    """What loading says; nothing may have changed."""
    with pytest.raises(SottovoceError) as refused:
        store.load_forecasts(path)
    assert store.current.version == 1
    assert not any(each.forecasts for each in store.current.instruments)
    return refused.value


def test_a_file_is_the_next_version_of_the_same_instruments(store: ReferenceStore, tmp_path: Path) -> None:
    version = store.load_forecasts(
        write(tmp_path, ROW, ROW | {"symbol": "BRK.B US", "figure": "spread", "value": 2.5, "low": 2, "high": 4})
    )
    assert (version.version, store.current) == (2, version)
    given = {name: value for name, value in ROW.items() if name != "symbol"}
    assert of(version, "AAPL").forecasts == (Forecast(**given),)  # type: ignore[arg-type]
    assert of(version, "BRK/B").forecasts[0].figure == "spread"
    assert of(version, "MSFT") is of(store.get_version(1), "MSFT")
    assert of(version, "AAPL").adv == of(store.get_version(1), "AAPL").adv


def test_facts_loaded_again_keep_what_was_forecast(store: ReferenceStore, tmp_path: Path) -> None:
    store.load_forecasts(write(tmp_path, ROW))
    own = tmp_path / "own.csv"
    own.write_text("symbol,name\nAAPL US,Apple\nMSFT US,Microsoft\n", "utf-8")
    version = store.load(own)
    assert len(of(version, "AAPL").forecasts) == 1
    assert store.load(own, alone=True).forecasts_digest == ""


def test_a_record_begun_without_them_opens_with_them(store: ReferenceStore, tmp_path: Path) -> None:
    shipped = store.current
    version = store.load_forecasts(write(tmp_path, ROW))
    assert version.digest == shipped.digest
    assert shipped.forecasts_digest == ""
    other = ReferenceStore(shipped).load_forecasts(write(tmp_path, ROW | {"value": 62e6}))
    assert len({version.forecasts_digest, other.forecasts_digest, ""}) == 3


def test_a_later_file_replaces_the_same_session_and_keeps_the_rest(store: ReferenceStore, tmp_path: Path) -> None:
    store.load_forecasts(write(tmp_path, ROW, ROW | {"date": "2018-02-09"}))
    version = store.load_forecasts(write(tmp_path, ROW | {"value": 50e6}))
    assert version.version == 3
    assert [(each.date, each.value) for each in of(version, "AAPL").forecasts] == [
        ("2018-02-08", 50e6),
        ("2018-02-09", 61e6),
    ]


def test_csv_says_the_same_as_json(store: ReferenceStore, shipped: ReferenceVersion, tmp_path: Path) -> None:
    line = "AAPL,volume,2018-02-08,61000000,42000000,83e6,arma,2017-01-03 to 2018-02-07,276,2018-02-07"
    volatility = "AAPL US,volatility,2018-02-08,0.02,,,ewma,2017-01-03 to 2018-02-07,276,2018-02-07"
    rows = table(tmp_path, line, "", volatility)
    found = of(store.load_forecasts(rows), "AAPL").forecasts
    by_json = of(ReferenceStore(shipped).load_forecasts(write(tmp_path, ROW)), "AAPL").forecasts
    assert found[1] == by_json[0]
    assert (found[0].figure, found[0].low, found[0].value) == ("volatility", None, 0.02)


@pytest.mark.parametrize(
    ("changes", "said", "code"),
    [
        (
            {"symbol": "AAPPL"},
            "line 3, symbol: 'AAPPL' is not a known instrument; near it are AAPL US",
            "forecast_symbol",
        ),
        ({"symbol": "ZZZZZZ9"}, "load the instrument first", "forecast_symbol"),
        ({}, "line 3, figure: the volume of AAPL on 2018-02-08 is on line 2 already", "forecast_twice"),
        ({"symbol": "aapl us"}, "on line 2 already", "forecast_twice"),
        ({"symbol": "MSFT", "value": -1}, "line 3: value -1.0 cannot be", "reference_field"),
        ({"symbol": "MSFT", "value": "many"}, "line 3, value: Expected float, got str", "reference_field"),
        ({"symbol": "MSFT", "figure": "price"}, "line 3: figure 'price'", "reference_field"),
        ({"symbol": "MSFT", "low": 70e6}, "is not between low", "reference_field"),
        ({"symbol": "MSFT", "n": 2.5}, "line 3, n: Expected int", "reference_field"),
        ({"symbol": "MSFT", "hihg": 1}, "line 3, hihg: Object contains unknown field", "reference_field"),
        ({"symbol": "MSFT", "made": "yesterday"}, "made 'yesterday' is not a day", "reference_field"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_nothing_is_loaded(
    store: ReferenceStore, tmp_path: Path, changes: dict[str, object], said: str, code: str
) -> None:
    error = refusal(store, write(tmp_path, ROW, ROW | changes))
    assert said in str(error)
    assert "Nothing was loaded" in str(error)
    assert error.code == code


@pytest.mark.parametrize(
    ("line", "said", "code"),
    [
        ("AAPL,volume,2018-02-08,nan,,,arma,w,276,2018-02-07", "line 2: value nan cannot be", "reference_field"),
        ("AAPL,volume,2018-02-08,6e7,,,arma,w,many,2018-02-07", "line 2, n: Expected int", "reference_field"),
        ("AAPL,volume,2018-02-08,,,,arma,w,276,2018-02-07", "line 2, value: Object missing", "reference_field"),
        ("AAPL,volume,2018-02-08,6e7", "line 2: 4 cells where the header has 10", "reference_csv"),
        ('AAPL,volume,2018-02-08,6e7,,,"arma,w,276', "not valid CSV", "reference_csv"),
    ],
)
def test_a_bad_line_of_a_table_is_refused(
    store: ReferenceStore, tmp_path: Path, line: str, said: str, code: str
) -> None:
    error = refusal(store, table(tmp_path, line))
    assert said in str(error)
    assert error.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"forecasts": [', "reference_json"),
        ('{"forecast": []}', "reference_field"),
        ('{"forecasts": {}}', "reference_field"),
        ("[]", "reference_field"),
    ],
)
def test_a_file_of_another_shape_is_refused(store: ReferenceStore, tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "ahead.json"
    path.write_text(text, "utf-8")
    assert refusal(store, path).code == code


def test_a_missing_file_or_another_kind_is_refused_by_name(store: ReferenceStore, tmp_path: Path) -> None:
    for name in ("none.json", "ahead.toml"):
        error = refusal(store, tmp_path / name)
        assert isinstance(error, ConfigError)
        assert name in str(error)
