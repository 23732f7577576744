"""One order measured: its account, benchmarks, venues, forecast against outcome. The same path for any size."""

from __future__ import annotations

import msgspec

from sottovoce.analytics.tca.account import Account, account_of, in_bps
from sottovoce.analytics.tca.benchmark_prices import Benchmark, Window, benchmark_table, window_of
from sottovoce.analytics.tca.columns import FillColumns, columns_of
from sottovoce.analytics.tca.market_tape import MarketTape
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.analytics.tca.outcome import (
    Outcome,
    Participation,
    PostTrade,
    Progress,
    outcome_of,
    participation_of,
    post_trade_of,
    progress_of,
)
from sottovoce.analytics.tca.venues import VenueRow, venue_tables

BENCHMARK_OF = {"VWAP": "interval_vwap", "POV": "interval_vwap", "TWAP": "twap", "IS": "arrival", "CLOSE": "close"}
"""What each strategy is meant to be judged by; anything else by arrival."""


class OrderTca(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Everything measured of one order."""

    order: TcaOrder
    fills: FillColumns
    account: Account
    window: Window
    benchmarks: tuple[Benchmark, ...]
    benchmark: str
    participation: Participation
    outcome: Outcome
    post_trade: PostTrade
    progress: Progress | None
    venues: tuple[VenueRow, ...]
    kinds: tuple[VenueRow, ...]

    @property
    def shortfall_bps(self) -> float | None:
        """Implementation shortfall, bps of ordered × decision price."""
        return in_bps(self.account.total, self.account.decision_notional)


def measure(order: TcaOrder, tape: MarketTape | None, fills: FillColumns | None = None) -> OrderTca:
    """Measure one order; fills may come as columns (of any length) in place of order.fills.

    Raises: ModelError for fills or prices that cannot be.
    """
    columns = columns_of(order, tape) if fills is None else fills
    account = account_of(order, columns, tape)
    window = window_of(order, columns)
    rows, kinds = venue_tables([(order, columns)])
    return OrderTca(
        order=order,
        fills=columns,
        account=account,
        window=window,
        benchmarks=benchmark_table(order, columns, tape),
        benchmark=BENCHMARK_OF.get(order.strategy, "arrival"),
        participation=participation_of(order, columns, tape, window),
        outcome=outcome_of(order, account),
        post_trade=post_trade_of(order, columns, tape),
        progress=progress_of(order, columns),
        venues=rows,
        kinds=kinds,
    )
