"""Everything a tape alone can show, session by session, and the figures of the gates from it.

SessionFacts is small and made where the session ran, so that the tape itself need not be kept or sent on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import msgspec
import numpy as np

from sottovoce.analytics.market_facts import diffusion, minute_returns, order_flow, quoted_spread, volume_curve
from sottovoce.analytics.market_facts import trade_signs as signs
from sottovoce.analytics.market_facts.columns import SessionColumns, log_mids, log_trade_prices
from sottovoce.analytics.market_facts.diffusion import WindowSums, window_sums
from sottovoce.analytics.market_facts.pooling import Estimate, pooled
from sottovoce.models.arrays import FloatArray

VARIANCE_STEP_S, VARIANCE_WINDOW_S = 10, 600
NO_FLOW = "no sizes at the touch, or nothing moved"


class SessionFacts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What one session adds to every figure; see the families for shapes."""

    signs: signs.SignSums
    variance: WindowSums
    mid_signature: WindowSums
    trade_signature: WindowSums
    volume: volume_curve.DayVolume
    spread: quoted_spread.SpreadSums
    minutes: FloatArray
    flow: tuple[order_flow.FlowBlock, ...]
    quotes: int
    trades: int


def session_facts(session: SessionColumns) -> SessionFacts:
    """Measure one session."""
    return SessionFacts(
        signs=signs.sign_sums(signs.order_signs(session)),
        variance=window_sums(log_mids(session, VARIANCE_STEP_S), [VARIANCE_WINDOW_S // VARIANCE_STEP_S]),
        mid_signature=window_sums(log_mids(session, 1), diffusion.SIGNATURE_S),
        trade_signature=window_sums(log_trade_prices(session, 1), diffusion.SIGNATURE_S),
        volume=volume_curve.day_volume(session),
        spread=quoted_spread.spread_sums(session),
        minutes=minute_returns.minute_returns(session),
        flow=tuple(order_flow.flow_blocks(session)),
        quotes=int(session.quote_ns.size),
        trades=int(session.trade_ns.size),
    )


def tape_estimates(facts: Sequence[SessionFacts]) -> Mapping[str, Estimate]:
    """The figure of every gate that needs a tape only, by the gate's key."""
    mids, trades = [each.mid_signature for each in facts], [each.trade_signature for each in facts]
    both = list(zip(trades, mids, strict=True))
    volume, spread = [each.volume for each in facts], [each.spread for each in facts]
    note = _sign_note(facts)
    minutes, flow = [each.minutes for each in facts], [each.flow for each in facts]
    return {
        "sign_memory": pooled([each.signs for each in facts], signs.memory_exponent, note, missing=note),
        "diffusivity": pooled([each.variance for each in facts], diffusion.variance_ratio),
        "signature_fall": pooled(trades, lambda parts: diffusion.largest_rise(diffusion.signature(parts))),
        "signature_start": pooled(both, lambda parts: _over(parts, diffusion.SIGNATURE_S[0])),
        "signature_meet": pooled(both, lambda parts: _over(parts, diffusion.MEET_S)),
        "signature_flat": pooled(mids, lambda parts: diffusion.unevenness(diffusion.signature(parts))),
        "volume_open": pooled(volume, lambda days: volume_curve.edge_over_midday(days, 0)),
        "volume_close": pooled(volume, lambda days: volume_curve.edge_over_midday(days, -1)),
        "auction_share": pooled(volume, volume_curve.closing_share),
        "spread": pooled(spread, quoted_spread.mean_bps, f"{quoted_spread.mean_ticks(spread):.2f} ticks"),
        "spread_link": pooled(spread, quoted_spread.volatility_link),
        "fat_tails": pooled(minutes, minute_returns.hill_exponent, "the largest 2 % of absolute returns"),
        "clustering": pooled(minutes, minute_returns.clustering, missing="fewer than two sessions"),
        "flow_r_squared": pooled(flow, order_flow.mean_r_squared, missing=NO_FLOW),
        "flow_slope": pooled(flow, order_flow.slope_times_depth, missing=NO_FLOW),
    }


def _over(parts: Sequence[tuple[WindowSums, WindowSums]], seconds: int) -> float:
    """Signature of trade prices over that of mids at one window."""
    trades, mids = zip(*parts, strict=True)
    return diffusion.at_length(diffusion.signature(trades), seconds) / diffusion.at_length(
        diffusion.signature(mids), seconds
    )


def _sign_note(facts: Sequence[SessionFacts]) -> str:
    """What is behind the exponent, or where the memory ends."""
    log_lag, level = signs.binned(signs.autocorrelation([each.signs for each in facts]))
    gone = np.flatnonzero(~(level > 0))
    if gone.size:
        return f"no memory left at lag {np.exp(log_lag[gone[0]]):.0f}"
    return f"C(10) {level[0]:.3f}, C(500) {level[-1]:.4f}"


def daily_volatility(facts: Sequence[SessionFacts]) -> float:
    """Open-to-close volatility from ten-minute moves of the mid, as a fraction; NaN without quotes."""
    place = diffusion.SIGNATURE_S.index(diffusion.MEET_S)
    per_second = float(diffusion.signature([each.mid_signature for each in facts])[place])
    seconds = float(np.mean([each.mid_signature.steps for each in facts]))
    return (per_second * seconds) ** 0.5 if isfinite(per_second) else float("nan")


def daily_volume(facts: Sequence[SessionFacts]) -> float:
    """Mean shares a session, auctions included."""
    return float(np.mean([each.volume.total for each in facts]))
