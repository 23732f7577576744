"""Fills a second through cost analysis, beside the same figures by a data frame library's as-of joins.

One order of a million fills on a tape of five million quotes: its account (seven parts, exact), the mid and the
half-spread each fill met, mids 1 s, 10 s, 1 min and 5 min after, and its venue table. The opponent looks up the
same five mids with join_asof and sums the same parts, in floats. `python -m benchmarks.tca`.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter
from typing import Any

import numpy as np

from sottovoce.analytics.tca.account import account_of
from sottovoce.analytics.tca.columns import MARKOUTS_NS, FillColumns, with_quotes
from sottovoce.analytics.tca.market_tape import UNKNOWN, MarketTape, read_tape
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.analytics.tca.venues import venue_tables
from sottovoce.core.enums import Side, VenueKind
from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_HOUR

FILLS, QUOTES = 1_000_000, 5_000_000
REPEATS = 7
SPAN_NS = 6 * NS_PER_HOUR
TICK = 10_000


def made_tape(count: int = QUOTES) -> Tape:
    """A day of quotes: a seeded walk, two ticks wide."""
    dice = np.random.default_rng(1)
    ns = np.sort(dice.integers(0, SPAN_NS, count))
    bid = 100_000_000 + np.cumsum(dice.integers(-1, 2, count)) * TICK
    none = np.zeros(0, dtype=np.int64)
    return Tape(
        instrument_id="I1", quote_ns=ns, bid=bid, ask=bid + 2 * TICK, trade_ns=none, trade_px=none, trade_qty=none,
        trade_own=none, trade_kind=none,
    )  # fmt: skip


def made_fills(tape: MarketTape, count: int = FILLS) -> tuple[TcaOrder, FillColumns]:
    """One order and its fills at four venues, within a tick of the mid."""
    dice = np.random.default_rng(2)
    ns = np.sort(dice.integers(SPAN_NS // 100, SPAN_NS * 9 // 10, count))
    mid = tape.mid[np.searchsorted(tape.quote_ns, ns) - 1]
    unknown = np.full(count, UNKNOWN, dtype=np.int64)
    qty = dice.integers(1, 5, count) * 100
    fills = FillColumns(
        ts_ns=ns, qty=qty, px=mid + dice.integers(-1, 2, count) * TICK, mid=unknown, half_spread=unknown,
        fee=qty * 2_000, auction=np.zeros(count, dtype=np.bool_), venue=dice.integers(0, 4, count),
        venues=tuple((f"LIT{index}", VenueKind.LIT) for index in range(4)), markouts={},
    )  # fmt: skip
    order = TcaOrder(
        parent_id="P", symbol="S", instrument_id="I1", side=Side.BUY, order_qty=int(qty.sum()),
        decision_px=100_000_000, arrival_px=100_010_000, arrival_ns=0,
    )  # fmt: skip
    return order, fills


def ours(order: TcaOrder, fills: FillColumns, tape: MarketTape) -> float:
    """The whole measurement; returns the spread paid, in currency, to compare."""
    quoted = with_quotes(fills, tape)
    rows, _ = venue_tables([(order, quoted)])
    account = account_of(order, quoted, tape)
    if sum(row.filled_qty for row in rows) != account.filled or account.parts["spread"] is None:
        raise SystemExit("the venue table and the account disagree")
    return float(account.parts["spread"]) / order.price_scale


def opponent(order: TcaOrder, fills: FillColumns, tape: Tape) -> Callable[[], float]:
    """The same look-ups and sums in polars, frames made beforehand."""
    import polars as pl

    quotes = pl.DataFrame({"ns": np.asarray(tape.quote_ns), "bid": np.asarray(tape.bid), "ask": np.asarray(tape.ask)})
    quotes = quotes.set_sorted("ns")
    ours_ = pl.DataFrame({"ns": fills.ts_ns, "qty": fills.qty, "px": fills.px, "venue": fills.venue}).set_sorted("ns")

    def mids(delay: int) -> Any:
        keyed = ours_.select((pl.col("ns") + delay).alias("ns")).set_sorted("ns")
        joined = keyed.join_asof(quotes, on="ns", allow_exact_matches=delay > 0)
        return joined.select(mid=(pl.col("bid") + pl.col("ask")) / 2, half=(pl.col("ask") - pl.col("bid")) / 2)

    def run() -> float:
        met = mids(0)
        after = {name: mids(delay).get_column("mid") for name, delay in MARKOUTS_NS.items()}
        frame = ours_.with_columns(met.get_columns()).with_columns(**after)
        sums = frame.select(
            spread=(pl.col("qty") * pl.col("half")).sum(),
            instantaneous=(pl.col("qty") * (pl.col("px") - pl.col("mid"))).sum(),
            drift=(pl.col("qty") * (pl.col("mid") - order.arrival_px)).sum(),
        )
        by_venue = frame.group_by("venue").agg(
            *[(pl.col("qty") * (pl.col(name) - pl.col("px"))).sum().alias(name) for name in MARKOUTS_NS],
            (pl.col("qty") * (pl.col("px") - pl.col("mid"))).sum().alias("effective"),
        )
        return float(sums["spread"][0]) / order.price_scale if by_venue.height == 4 else 0.0

    return run


def timed(work: Callable[[], float], repeats: int = REPEATS) -> tuple[list[float], float]:
    """Seconds of each repeat after one to warm up, sorted, and what it answered."""
    answer = work()
    seconds = []
    for _ in range(repeats):
        start = perf_counter()
        work()
        seconds.append(perf_counter() - start)
    return sorted(seconds), answer


def line(name: str, seconds: list[float]) -> str:
    """Fills a second: the middle repeat, and the slowest and quickest."""
    rate = [FILLS / each / 1e6 for each in seconds]
    return f"{name:<28} {rate[len(rate) // 2]:6.2f} M fills/s   ({rate[-1]:.2f} to {rate[0]:.2f}, {len(rate)} repeats)"


def main() -> None:
    """Print both rates and their ratio."""
    tape = made_tape()
    market = read_tape(tape)
    order, fills = made_fills(market)
    own, own_answer = timed(lambda: ours(order, fills, market))
    print(f"TCA of {FILLS:,} fills on {QUOTES:,} quotes: account, quote at each fill, four markouts, venue table")
    print(line("sottovoce", own))
    try:
        theirs, their_answer = timed(opponent(order, fills, tape))
    except ImportError:
        print("polars is not installed: no opponent")
        return
    print(line("polars join_asof, group_by", theirs))
    middle = len(own) // 2
    print(f"ratio {theirs[middle] / own[middle]:.2f}   (same spread paid: {abs(own_answer - their_answer) < 0.01})")


if __name__ == "__main__":
    main()
