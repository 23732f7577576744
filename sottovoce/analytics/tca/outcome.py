"""What was forecast against what happened; our part of the volume; where the price went after the order.

The realised cost is against arrival, as the forecast is: trading plus fees in bps of filled × arrival. z is the
residual over one standard deviation of one order's outcome, the forecast's timing risk: an order's cost is mostly
price noise, so one residual says little of the model.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.analytics.tca.account import Account, in_bps
from sottovoce.analytics.tca.benchmark_prices import Window, own_average
from sottovoce.analytics.tca.columns import FillColumns
from sottovoce.analytics.tca.market_tape import MarketTape, mids_after, prints
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.core.errors import ModelError
from sottovoce.core.orders import CURVE_ONE
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.benchmarks import ImpactMeasured, measured_impact, rpm
from sottovoce.models.exact_sums import exact_sum

POST_NS = 30 * NS_PER_MINUTE


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """bps of arrival value, positive = cost. None with the reason where there was no forecast or no fill."""

    realised_bps: float | None
    expected_bps: float | None = None
    low_bps: float | None = None
    high_bps: float | None = None
    interval: str = ""
    residual_bps: float | None = None
    z: float | None = None
    inside: bool | None = None
    model_version: str = ""
    reason: str = ""


class Participation(msgspec.Struct, frozen=True, kw_only=True):
    """Shares traded by us and by others in the order's window; both ratios, labelled."""

    own_qty: int
    others_qty: int | None
    of_market: float | None
    of_others: float | None
    rpm: float | None
    reason: str = ""


class PostTrade(msgspec.Struct, frozen=True, kw_only=True):
    """The mid half an hour after the last fill (price units), and Almgren's I, J and J − I/2 of it."""

    px: int | None
    impact: ImpactMeasured | None
    reason: str = ""


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """Cumulative shares wanted by the plan and filled, at the plan's times; gap is filled − wanted."""

    ts_ns: tuple[int, ...]
    wanted: tuple[int, ...]
    filled: tuple[int, ...]

    @property
    def gap_max(self) -> int:
        """The largest lead or lag in shares, signed."""
        gaps = [have - want for want, have in zip(self.wanted, self.filled, strict=True)]
        return max(gaps, key=abs, default=0)


def outcome_of(order: TcaOrder, account: Account) -> Outcome:
    """Forecast against outcome."""
    realised = in_bps(account.trading + account.fees, account.arrival_notional)
    forecast = order.forecast
    if forecast is None:
        return Outcome(realised_bps=realised, reason="no forecast was made")
    known = Outcome(
        realised_bps=realised,
        expected_bps=forecast.expected_cost_bps,
        low_bps=forecast.low_bps,
        high_bps=forecast.high_bps,
        interval=forecast.interval,
        model_version=forecast.model_version,
    )
    if realised is None:
        return msgspec.structs.replace(known, reason="nothing filled")
    residual = realised - forecast.expected_cost_bps
    return msgspec.structs.replace(
        known,
        residual_bps=residual,
        z=residual / forecast.timing_risk_bps if forecast.timing_risk_bps > 0 else None,
        inside=forecast.low_bps <= realised <= forecast.high_bps,
        reason="" if account.filled >= order.final_qty else "the forecast is for the whole order; it filled in part",
    )


def participation_of(order: TcaOrder, fills: FillColumns, tape: MarketTape | None, window: Window) -> Participation:
    """Our share of the volume while the order could trade, and how our price ranks in it."""
    own = exact_sum(fills.qty)
    if tape is None:
        return Participation(own_qty=own, others_qty=None, of_market=None, of_others=None, rpm=None, reason="no tape")
    others = prints(tape, window.start_ns, window.end_ns, window.auctions) & (tape.trade_own == 0)
    volume = exact_sum(tape.trade_qty[others])
    average = own_average(fills)
    ranked = average is not None and volume > 0
    return Participation(
        own_qty=own,
        others_qty=volume,
        of_market=own / (own + volume) if own + volume else None,
        of_others=own / volume if volume else None,
        rpm=rpm(order.side.sign, average.px, tape.trade_px[others], tape.trade_qty[others])
        if ranked and average is not None
        else None,
        reason="" if volume else "nobody else traded while the order could",
    )


def post_trade_of(order: TcaOrder, fills: FillColumns, tape: MarketTape | None) -> PostTrade:
    """The price half an hour after the last fill, from the tape or as given."""
    average = own_average(fills)
    if average is None:
        return PostTrade(px=None, impact=None, reason="nothing filled")
    px = order.given.get("post_px")
    if tape is not None:
        seen = int(mids_after(tape, fills.ts_ns[-1:], POST_NS)[0])
        px = seen if seen > 0 else px
    if px is None:
        reason = "no tape" if tape is None else "the session was over within half an hour of the last fill"
        return PostTrade(px=None, impact=None, reason=reason)
    try:
        return PostTrade(px=px, impact=measured_impact(order.side.sign, average.px, order.arrival_px, px))
    except ModelError as error:
        return PostTrade(px=px, impact=None, reason=str(error))


def progress_of(order: TcaOrder, fills: FillColumns) -> Progress | None:
    """The plan's cumulative target against what had filled; None without a schedule."""
    if order.schedule is None or not order.schedule.edges_ns:
        return None
    edges = np.array(order.schedule.edges_ns, dtype=np.int64)
    done = np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(fills.qty)])
    filled = done[np.searchsorted(fills.ts_ns, edges, side="right")]
    wanted = [order.final_qty * part // CURVE_ONE for part in order.schedule.curve]
    return Progress(ts_ns=tuple(edges.tolist()), wanted=tuple(wanted), filled=tuple(filled.tolist()))
