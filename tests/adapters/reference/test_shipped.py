"""What is shipped: 504 names, each figure with date and source, nothing that no source says."""

from __future__ import annotations

import csv
import json
import math
import re
from itertools import pairwise
from pathlib import Path

import pytest

from sottovoce.adapters.reference.document import FIGURES
from sottovoce.adapters.reference.store import SHIPPED, load_shipped
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.instrument import Fact, Instrument, known, lot_at, tick_at
from sottovoce.core.ports import ReferenceData

DIGEST = "20468bbfa778fff6eaf25a161c2c1390285f6d9bc1cc3f5c7af6e56ca2169a31"
SHARE_CLASSES = "BF.B BRK.B DISCA DISCK FOX FOXA GOOG GOOGL NWS NWSA UA UAA".split()


@pytest.fixture(scope="module")
def shipped() -> ReferenceVersion:
    return load_shipped()


def get(shipped: ReferenceVersion, symbol: str) -> Instrument:
    found = shipped.resolve(symbol)
    assert found is not None
    return found


def facts_of(instrument: Instrument) -> dict[str, Fact]:
    return {name: fact for name in FIGURES if (fact := getattr(instrument, name)) is not None}


def test_all_names_load_as_version_one(shipped: ReferenceVersion) -> None:
    assert shipped.version == 1
    assert shipped.as_of == "2018-02-07"
    assert len(shipped.instruments) == 504
    assert len({each.symbol for each in shipped.instruments}) == 504


def test_file_is_small() -> None:
    assert SHIPPED.stat().st_size < 300_000


def test_digest_is_stable(shipped: ReferenceVersion) -> None:
    """A change of the facts changes this line, on purpose, and is seen in review."""
    assert shipped.digest == load_shipped().digest == DIGEST


def test_apple_is_what_the_source_says(shipped: ReferenceVersion) -> None:
    """Source: note of origin of the facts (AAPL close 159.54, ADV 42,138,739, sigma 1.31 %, 5.218e9 shares)."""
    apple = get(shipped, "AAPL")
    assert (apple.instrument_id, apple.symbol, apple.name) == ("AAPL.US", "AAPL US", "Apple Inc.")
    assert (apple.currency, apple.country, apple.calendar, apple.mic) == ("USD", "US", "XNYS", "XNAS")
    assert (apple.price_scale, apple.asset_class, apple.sector) == (
        1_000_000,
        "equity",
        "Information Technology",
    )
    assert (known(apple.close), known(apple.adv)) == (159.54, 42_138_739)
    assert (known(apple.sigma_daily), known(apple.sigma_daily_long)) == (0.013132, 0.011964)
    assert known(apple.shares_outstanding) == 5_217_583_000
    assert apple.adv is not None
    assert apple.adv.as_of == "2018-02-07"
    assert "daily bars" in apple.adv.source


def test_every_figure_has_a_date_and_a_source(shipped: ReferenceVersion) -> None:
    for instrument in shipped.instruments:
        facts = facts_of(instrument)
        assert {"close", "adv", "sigma_daily", "shares_outstanding"} <= set(facts), instrument.symbol
        for name, fact in facts.items():
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", fact.as_of), (instrument.symbol, name)
            assert len(fact.source) > 20, (instrument.symbol, name)


def test_figures_are_in_their_units(shipped: ReferenceVersion) -> None:
    for instrument in shipped.instruments:
        sigma, adv, close = known(instrument.sigma_daily), known(instrument.adv), known(instrument.close)
        assert sigma is not None
        assert adv is not None
        assert close is not None
        assert 0.002 < sigma < 0.1
        assert 10_000 < adv < 10**9
        assert 1 < close < 10_000


def test_share_count_of_a_share_class_is_null_with_its_reason(shipped: ReferenceVersion) -> None:
    unusable = []
    for instrument in shipped.instruments:
        fact = instrument.shares_outstanding
        assert fact is not None
        if fact.value is None:
            assert fact.source.startswith("not usable: ")
            unusable.append(instrument.symbol.removesuffix(" US"))
    assert unusable == SHARE_CLASSES


def test_what_no_source_says_is_null(shipped: ReferenceVersion) -> None:
    assert [each.symbol for each in shipped.instruments if each.sigma_daily_long is None] == [
        *("BHF US", "BHGE US", "DWDP US", "DXC US")
    ]
    assert [each.symbol for each in shipped.instruments if each.spread_bps] == ["BAC US", "IBM US"]
    assert sum(each.momentum_20d is not None for each in shipped.instruments) == 288
    assert get(shipped, "KO").momentum_20d is None
    assert get(shipped, "MSFT").mic is None
    assert {each.mic for each in shipped.instruments} == {None, "XNAS", "XNYS"}


def test_listing_is_told_with_its_origin(shipped: ReferenceVersion) -> None:
    ibm = get(shipped, "IBM")
    assert ibm.mic == "XNYS"
    assert ibm.notes[0].startswith("primary listing XNYS as of 2018-02-07: ticker history")
    assert get(shipped, "MSFT").notes == ()


def test_tick_and_lot_are_those_of_the_date(shipped: ReferenceVersion) -> None:
    apple = get(shipped, "AAPL")
    assert tick_at(apple, 159_540_000, "2018-02-07") == 10_000
    assert tick_at(apple, 999_900, "2018-02-07") == 100
    assert lot_at(apple, 300_000_000, "2018-02-07") == 100
    assert lot_at(apple, 300_000_000, "2025-11-03") == 40
    assert lot_at(apple, 250_000_000, "2025-11-03") == 100


def test_rules_not_seen_in_a_source_say_so(shipped: ReferenceVersion) -> None:
    apple = get(shipped, "AAPL")
    assert all("unverified" in rule.source for rule in apple.ticks)
    assert all("unverified" in rule.source for rule in apple.lots)


def test_version_serves_the_port(shipped: ReferenceVersion) -> None:
    port: ReferenceData = shipped
    assert port.version == 1
    assert port.get("BRK.B.US") is port.resolve("BRK/B")
    assert port.get("BRK.B") is None


@pytest.mark.data
def test_shipped_figures_are_the_facts(shipped: ReferenceVersion, market_data: Path) -> None:
    columns = {
        "close": "close",
        "adv": "adv20_mean",
        "sigma_daily": "sigma_daily_60d",
        "sigma_daily_long": "sigma_daily_250d",
        "shares_outstanding": "shares_outstanding_2018_02",
    }
    with (market_data / "us_equity_reference/facts_2018-02-07.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(shipped.instruments)
    for row in rows:
        instrument = get(shipped, row["symbol"])
        for name, column in columns.items():
            value = known(getattr(instrument, name))
            unusable = name == "shares_outstanding" and row["symbol"] in SHARE_CLASSES
            expected = None if unusable or not row[column] else float(row[column])
            assert value == expected, (row["symbol"], name)


@pytest.mark.data
def test_figures_recompute_from_daily_bars(shipped: ReferenceVersion, market_data: Path) -> None:
    """60-day volatility, 20-day volume and momentum of every name the bars have, from the closes alone."""
    polars = pytest.importorskip("polars", reason="polars is not installed")
    bars = polars.read_parquet(market_data / "us_daily_sp500/sp500_daily_2013_2018.parquet").sort("date")
    checked = 0
    for (name,), frame in bars.group_by("Name"):
        instrument = shipped.resolve(name)
        if instrument is None:
            assert name == "APTV"
            continue
        closes, volumes = frame["close"].to_list()[-61:], frame["volume"].to_list()[-20:]
        returns = [math.log(b / a) for a, b in pairwise(closes)]
        mean = math.fsum(returns) / 60
        sigma = math.sqrt(math.fsum((each - mean) ** 2 for each in returns) / 59)
        assert known(instrument.sigma_daily) == pytest.approx(sigma, rel=1e-4)
        assert known(instrument.adv) == pytest.approx(sum(volumes) / 20, abs=1)
        assert known(instrument.momentum_20d) == pytest.approx(math.log(closes[-1] / closes[-21]), abs=1e-6)
        checked += 1
    assert checked == 285


def test_one_line_holds_one_instrument() -> None:
    lines = [line for line in SHIPPED.read_text("utf-8").splitlines() if '"symbol"' in line]
    assert len(lines) == 504
    assert json.loads(lines[0].rstrip(","))["symbol"] == "A US"
