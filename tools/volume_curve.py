"""Compute the default US volume curve of models/volume.py from a real consolidated tape.

Input: the trade files of BAC, IBM and SPY (2013-10-07 to 2013-10-09, seven symbol-days) in the data folder
`us_equity_taq_ticks`, found through SOTTOVOCE_DATA (default ../shared/data).

How: official open and close values are not trades and are dropped. Continuous volume is every print from
09:30 to
16:00 New York except auction, average-price, prior-reference-price and derivatively priced prints, in 26
bins of 15 minutes. Auction volume is that of the venue with most shares in opening or closing prints.
A name's shares are the mean over its days; the curve is the mean over names, each counting once. Auction
shares come from the two stocks only: on the ETF auctions play another part, and one of its closing auctions
is absent from the file.

Run: python tools/volume_curve.py
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import polars as pl

from sottovoce.models.arrays import FloatArray

OPEN_MS, CLOSE_MS, BINS = 34_200_000, 57_600_000, 26
NOT_A_TRADE = 0x1000000 | 0x4000000
OPENING, CLOSING = 0x40, 0x80
NOT_CONTINUOUS = OPENING | CLOSING | 0x200 | 0x100000 | 0x2000000
STOCKS = ("BAC", "IBM")


def main() -> int:
    """Print the curve; exit 2 where the data is absent."""
    root = Path(os.environ.get("SOTTOVOCE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    paths = sorted((root / "us_equity_taq_ticks").glob("*_trades.parquet"))
    if not paths:
        print(f"No trade files under {root}; set SOTTOVOCE_DATA.", file=sys.stderr)
        return 2
    days: dict[str, list[FloatArray]] = {}
    for path in paths:
        symbol = path.name.split("_")[0]
        days.setdefault(symbol, []).append(day_volumes(path))
        print_day(path.name, days[symbol][-1])
    print_curve(days)
    return 0


def day_volumes(path: Path) -> FloatArray:
    """Shares of one day: opening auction, 26 continuous bins, closing auction; shape (28,)."""
    trades = pl.read_parquet(path).filter((pl.col("cond") & NOT_A_TRADE) == 0)
    regular = trades.filter(
        ((pl.col("cond") & NOT_CONTINUOUS) == 0) & pl.col("time_ms").is_between(OPEN_MS, CLOSE_MS - 1)
    )
    edges = np.linspace(OPEN_MS, CLOSE_MS, BINS + 1)
    bins, _ = np.histogram(regular["time_ms"], bins=edges, weights=regular["size"])
    return np.concatenate([[auction(trades, OPENING)], bins, [auction(trades, CLOSING)]])


def auction(trades: pl.DataFrame, bit: int) -> int:
    """Shares of the venue with most shares in prints carrying the bit."""
    prints = trades.filter((pl.col("cond") & bit) != 0)
    return max(prints.group_by("exchange").agg(pl.col("size").sum())["size"].to_list(), default=0)


def mean(rows: list[FloatArray]) -> FloatArray:
    """The mean row."""
    return np.asarray(np.stack(rows).mean(axis=0), dtype=np.float64)


def print_day(name: str, volumes: FloatArray) -> None:
    """One line a day: totals and auction shares of the day's volume."""
    total = volumes.sum()
    print(f"{name:28} volume {total:>13,.0f}  open {volumes[0] / total:.4f}  close {volumes[-1] / total:.4f}")


def print_curve(days: dict[str, list[FloatArray]]) -> None:
    """The figures for the code."""
    continuous = [mean([day[1:-1] / day[1:-1].sum() for day in each]) for each in days.values()]
    auctions = mean([mean([day / day.sum() for day in days[name]]) for name in STOCKS])
    opening, closing = auctions[0], auctions[-1]
    print(f"open auction share  {opening:.4f}")
    print(f"close auction share {closing:.4f}")
    shares = np.round(mean(continuous), 4)
    shares[BINS // 2] += round(1 - shares.sum(), 4)  # the rounding error goes to the quiet middle
    print("continuous shares  ", ", ".join(f"{share:.4f}" for share in shares), f" sum {shares.sum():.4f}")


if __name__ == "__main__":
    raise SystemExit(main())
