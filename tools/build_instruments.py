"""Build the shipped instrument master, sottovoce/adapters/reference/instruments.json, from the shared data.

Input, under SOTTOVOCE_DATA (default ../shared/data):
  us_equity_reference/facts_2018-02-07.csv   504 names: close, volume, volatility, name, sector, shares
  us_daily_sp500                             daily bars of 286 names: recomputes the figures, gives momentum
  us_equity_bars                             daily bars of a few more names; ticker history with the listing
  us_equity_taq_ticks                        quotes of IBM and BAC: quoted spread; auctions confirm the listing
  reference/iso10383_mic_2025-02.csv         confirms that the listing venues are American and active

Every figure of the facts file is recomputed where the bars have the name, and the build stops at a difference.
The bars hold rows with vendor errors (a close halved, high below low, no volume); a window that touches one is
refused. What no source says is left out. Firms with several share classes have one market capitalisation
divided by the price of one class, so their share count is null, with that reason.

Run: python tools/build_instruments.py [--check]      --check compares and writes nothing
"""

from __future__ import annotations

import csv
import json
import math
import os
import sys
from pathlib import Path

import polars as pl

ROOT = Path(__file__).resolve().parent.parent
DATA = (ROOT / os.environ.get("SOTTOVOCE_DATA", "../shared/data")).resolve()
TARGET = ROOT / "sottovoce/adapters/reference/instruments.json"

AS_OF = "2018-02-07"
SHARES_AS_OF = "2018-02-08"
NAMES = 504
ADV_DAYS, SIGMA_DAYS, SIGMA_LONG_DAYS, MOMENTUM_DAYS = 20, 60, 250, 20
TOLERANCE = 1e-4
PRICE_GAP_MAX = 0.15
OPEN_MS, CLOSE_MS = 34_200_000, 57_600_000
SPREAD_SYMBOLS = ("BAC", "IBM")
LISTING_CODES = {"N": "XNYS", "Q": "XNAS"}
US_LISTING_MICS = ("ARCX", "BATS", "XASE", "XNAS", "XNYS")

SHARE_CLASSES = tuple("BF.B BRK.B DISCA DISCK FOX FOXA GOOG GOOGL NWS NWSA UA UAA".split())
"""Names of which two classes are listed in the facts, or whose ticker names a class."""

SOURCES = {
    "facts": "daily bars of the S&P 500, 2013-02-08 to 2018-02-07 (CNuge/kaggle-code, MIT), as computed there",
    "bars": "daily bars of the S&P 500, 2013-02-08 to 2018-02-07 (CNuge/kaggle-code, MIT), recomputed",
    "lean": "unadjusted daily bars (QuantConnect/Lean, Apache-2.0)",
    "financials": "market capitalisation / price (datasets/s-and-p-500-companies-financials, ODC-PDDL, c9f83a9)",
    "share_class": "not usable: the vendor divides the whole firm's market capitalisation by one class's price",
    "ticker_history": "ticker history of the primary listing (QuantConnect/Lean, Apache-2.0)",
    "nbbo": "mean time-weighted quoted spread, 09:30-16:00, 2013-10 (AlgoSeek in QuantConnect/Lean, Apache-2.0)",
    "rule_612": "$0.01 from $1, $0.0001 below: SEC Rule 612 of Regulation NMS; start date from memory, unverified",
    "lot_100": "100 shares: the customary round lot; start date set to that of the tick table, unverified",
    "round_lot": "SEC round lots by last month's average close, in force 2025-11: from memory, unverified",
}
ROUND_LOTS_FROM = "2025-11-03"
US_MARKET: dict[str, object] = {
    "country": "US",
    "currency": "USD",
    "price_scale": 1_000_000,
    "calendar": "XNYS",
    "listing_mics": US_LISTING_MICS,
    "ticks": [
        ["2001-04-09", None, "0", "0.0001", "rule_612"],
        ["2001-04-09", None, "1", "0.01", "rule_612"],
    ],
    "lots": [
        ["2001-04-09", ROUND_LOTS_FROM, "0", 100, "lot_100"],
        [ROUND_LOTS_FROM, None, "0", 100, "round_lot"],
        [ROUND_LOTS_FROM, None, "250.000001", 40, "round_lot"],
        [ROUND_LOTS_FROM, None, "1000.000001", 10, "round_lot"],
        [ROUND_LOTS_FROM, None, "10000.000001", 1, "round_lot"],
    ],
}
NOTE = (
    "504 members of the S&P 500 as of 2018-02-07; computed facts, each with its date and source. "
    "Rebuild with tools/build_instruments.py."
)

Figure = list[float | str | None]
"""[value, date, source], as the file has it."""


def main(arguments: list[str]) -> int:
    """Write the file, or compare it; exit 1 where it differs, 2 where the data is absent."""
    if not (DATA / "us_equity_reference").is_dir():
        print(f"No reference data under {DATA}; set SOTTOVOCE_DATA.", file=sys.stderr)
        return 2
    text = build()
    if "--check" in arguments:
        same = TARGET.read_text("utf-8") == text
        print(f"{TARGET.name} is {'as built' if same else 'not what the data gives'}")
        return 0 if same else 1
    TARGET.write_text(text, "utf-8")
    print(f"{TARGET.name}: {len(text.encode())} bytes")
    return 0


def build() -> str:
    """The text of the file: one line an instrument, figures in the order of the format."""
    bars, lean = read_bars(), read_lean_bars()
    rows = [row_of(fact, bars, lean) for fact in read_facts()]
    add_listings(rows)
    add_spreads(rows)
    head = {"format": 1, "as_of": AS_OF, "note": NOTE, "sources": SOURCES}
    market = {name: value for name, value in US_MARKET.items() if name not in ("ticks", "lots")}
    rules = [f'"{name}": [\n   {joined(US_MARKET[name])}]' for name in ("ticks", "lots")]
    us = ",\n   ".join([json.dumps(market)[1:-1], *rules])
    opening = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    return f'{opening},\n "markets": {{"US": {{\n   {us}}}}},\n "instruments": [\n   {joined(rows)}\n ]\n}}\n'


def joined(rows: object) -> str:
    """Rows of an array, one a line."""
    require(isinstance(rows, list), "an array")
    parts = [json.dumps(row, ensure_ascii=False) for row in rows] if isinstance(rows, list) else []
    return ",\n   ".join(parts)


def read_facts() -> list[dict[str, str]]:
    """Rows of the facts file, judged: one date, no name twice, prices of both vendors near each other."""
    with (DATA / "us_equity_reference/facts_2018-02-07.csv").open(encoding="utf-8", newline="") as file:
        facts = list(csv.DictReader(file))
    require(len({fact["symbol"] for fact in facts}) == len(facts) == NAMES, "504 names, none twice")
    for fact in facts:
        symbol, close = fact["symbol"], float(fact["close"])
        require(fact["as_of"] == AS_OF, f"{symbol} dated {AS_OF}")
        gap = abs(float(fact["price_in_financials_2018_02"]) / close - 1)
        require(gap < PRICE_GAP_MAX, f"{symbol}: the two vendors' prices {gap:.1%} apart")
        turnover = float(fact["adv20_mean"]) / float(fact["shares_outstanding_2018_02"])
        require(1e-4 < turnover < 0.1, f"{symbol}: {turnover:.2%} of the firm a day")
        require(0.002 < float(fact["sigma_daily_60d"]) < 0.1, f"{symbol}: plausible volatility")
    return sorted(facts, key=lambda fact: fact["symbol"])


def row_of(fact: dict[str, str], bars: dict[str, pl.DataFrame], lean: dict[str, pl.DataFrame]) -> dict[str, object]:
    """One line of the file; what is recomputed must agree with the facts."""
    symbol = fact["symbol"]
    given = {
        "close": float(fact["close"]),
        "adv": float(fact["adv20_mean"]),
        "sigma_daily": float(fact["sigma_daily_60d"]),
    }
    if fact["sigma_daily_250d"]:
        given["sigma_daily_long"] = float(fact["sigma_daily_250d"])
    source = "facts"
    if symbol in bars:
        source = "bars"
        for name, value in recomputed(symbol, bars[symbol], given).items():
            agrees = math.isclose(value, given[name], rel_tol=TOLERANCE)
            require(agrees, f"{symbol} {name}: facts {given[name]}, bars {value}")
    row: dict[str, object] = {"symbol": f"{symbol} US", "name": fact["name"], "sector": fact["sector_2018"]}
    row |= {name: [shown(value), AS_OF, source] for name, value in given.items()}
    row["shares_outstanding"] = shares(fact)
    momentum = momentum_of(symbol, bars, lean, given["close"])
    return row if momentum is None else row | {"momentum_20d": momentum}


def shares(fact: dict[str, str]) -> Figure:
    """Shares outstanding; null with the reason where the firm has several classes."""
    if fact["symbol"] in SHARE_CLASSES:
        return [None, SHARES_AS_OF, "share_class"]
    return [shown(float(fact["shares_outstanding_2018_02"])), SHARES_AS_OF, "financials"]


def read_bars() -> dict[str, pl.DataFrame]:
    """Daily bars by name in order of date, each row marked bad where it cannot be a day's bar."""
    prices = ("open", "high", "low", "close")
    bars = pl.read_parquet(DATA / "us_daily_sp500/sp500_daily_2013_2018.parquet").sort("Name", "date")
    bars = bars.with_columns(
        bad=pl.any_horizontal(
            *(pl.col(name).is_null() for name in (*prices, "volume")),
            (pl.col("volume") <= 0).fill_null(True),
            (pl.col("low") > pl.min_horizontal("open", "close")).fill_null(True),
            (pl.col("high") < pl.max_horizontal("open", "close")).fill_null(True),
        )
    )
    return {str(name): frame for (name,), frame in bars.group_by("Name", maintain_order=True)}


def recomputed(symbol: str, bars: pl.DataFrame, wanted: dict[str, float]) -> dict[str, float]:
    """The same figures from the bars; stops at a window with a bad row."""
    require(str(bars["date"][-1]) == AS_OF, f"{symbol}: bars to {AS_OF}")
    returns = bars["close"].log().diff()
    windows = {"close": 1, "adv": ADV_DAYS, "sigma_daily": SIGMA_DAYS, "sigma_daily_long": SIGMA_LONG_DAYS}
    for name in wanted:
        bad = bars["bad"].tail(windows[name] + 1).any()
        require(not bad, f"{symbol}: a row with a vendor error in the window of {name}")
    values: dict[str, object] = {
        "close": bars["close"][-1],
        "adv": bars["volume"].tail(ADV_DAYS).mean(),
        "sigma_daily": returns.tail(SIGMA_DAYS).std(),
        "sigma_daily_long": returns.tail(SIGMA_LONG_DAYS).std(),
    }
    return {name: as_float(values[name]) for name in wanted}


def read_lean_bars() -> dict[str, pl.DataFrame]:
    """Unadjusted daily closes up to the date of the facts, dollars, by name."""
    bars = pl.read_parquet(DATA / "us_equity_bars/daily_trade.parquet").sort("symbol", "datetime")
    bars = bars.with_columns(date=pl.col("datetime").str.slice(0, 8), close=pl.col("close") / 10_000)
    bars = bars.filter(pl.col("date") <= AS_OF.replace("-", ""))
    return {str(name): frame for (name,), frame in bars.group_by("symbol", maintain_order=True)}


def momentum_of(
    symbol: str, bars: dict[str, pl.DataFrame], lean: dict[str, pl.DataFrame], close: float
) -> Figure | None:
    """Log return over 20 sessions to the date of the facts, where a series of bars ends at their close."""
    for source, frames in (("bars", bars), ("lean", lean)):
        frame = frames.get(symbol)
        if frame is not None and math.isclose(frame["close"][-1], close, abs_tol=0.005):
            start = frame["close"][-1 - MOMENTUM_DAYS]
            return [round(math.log(frame["close"][-1] / start), 6), AS_OF, source]
    return None


def add_listings(rows: list[dict[str, object]]) -> None:
    """Primary listing where a ticker history says which exchange the name was on at the date of the facts."""
    active = active_us_mics()
    require(set(US_LISTING_MICS) <= active, "listing venues are active American codes")
    by_symbol = {str(row["symbol"]): row for row in rows}
    for path in sorted((DATA / "us_equity_bars/map_files").glob("*.csv")):
        lines = [line.split(",") for line in path.read_text("utf-8").split()]
        current = next((cells for cells in lines[1:] if cells[0] >= AS_OF.replace("-", "")), [])
        row = by_symbol.get(f"{current[1].upper()} US") if len(current) > 2 else None
        if row is not None and current[2] in LISTING_CODES:
            row["listing"] = [LISTING_CODES[current[2]], AS_OF, "ticker_history"]


def active_us_mics() -> set[str]:
    """Active market identifier codes of the United States."""
    with (DATA / "reference/iso10383_mic_2025-02.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["mic"] for row in rows if row["iso_country_code"] == "US" and row["status"] == "ACTIVE"}


def add_spreads(rows: list[dict[str, object]]) -> None:
    """Quoted spread of the names whose national best bid and offer is at hand, mean over its days."""
    by_symbol = {str(row["symbol"]): row for row in rows}
    for symbol in SPREAD_SYMBOLS:
        paths = sorted((DATA / "us_equity_taq_ticks").glob(f"{symbol}_*_quotes.parquet"))
        days = [path.name.split("_")[1] for path in paths]
        mean_bps = sum(spread_bps(path) for path in paths) / len(paths)
        last = f"{days[-1][:4]}-{days[-1][4:6]}-{days[-1][6:]}"
        by_symbol[f"{symbol} US"]["spread_bps"] = [round(mean_bps, 4), last, "nbbo"]


def spread_bps(path: Path) -> float:
    """Time-weighted spread of one day in basis points of the mid; crossed moments are left out."""
    quotes = pl.read_parquet(path).sort("time_ms", maintain_order=True)
    sides = quotes.select(
        "time_ms",
        *(pl.when(pl.col(name) > 0).then(pl.col(name)).forward_fill().alias(name) for name in ("bid", "ask")),
    )
    timed = sides.with_columns(
        start=pl.col("time_ms").clip(OPEN_MS, CLOSE_MS),
        end=pl.col("time_ms").shift(-1).fill_null(CLOSE_MS).clip(OPEN_MS, CLOSE_MS),
    ).filter((pl.col("end") > pl.col("start")) & (pl.col("ask") >= pl.col("bid")))
    weight = timed["end"] - timed["start"]
    bps = (timed["ask"] - timed["bid"]) / ((timed["ask"] + timed["bid"]) / 2) * 1e4
    return as_float((bps * weight).sum()) / as_float(weight.sum())


def shown(value: float) -> float:
    """A whole number without its decimals."""
    return int(value) if value.is_integer() else value


def as_float(value: object) -> float:
    """A number of a frame as float."""
    require(isinstance(value, int | float), f"a number, not {value!r}")
    return float(str(value))


def require(condition: bool, what: str) -> None:
    """Stop the build where the data is not what it is said to be."""
    if not condition:
        raise SystemExit(f"the data does not keep to: {what}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
