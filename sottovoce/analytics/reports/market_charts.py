"""Charts of what markets show on their tape: memory, diffusion, the day's shape, tails, clustering, order flow.

Each takes the markets in the order of the page; a simulated one is drawn solid in its ink, a recorded one dashed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor, log10
from typing import cast

import numpy as np

from sottovoce.analytics.market_facts import diffusion, minute_returns, trade_signs, volume_curve
from sottovoce.analytics.market_facts.measured import Measured
from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, keyed, number, svg

WIDTH, HEIGHT = 880, 300
SIMULATED_INKS = (INKS["buy"], INKS["sell"], INKS["gain"])
RECORDED_INKS = (INKS["ink"], INKS["market"], INKS["muted"])
DASHES = {"trades": [1, 0], "mids": [5, 4]}
TAIL_POINTS = 60
FAINTEST = 1e-4
"""An autocorrelation of signs below this is not drawn."""
LAGS_SHOWN = 60
TAIL_FROM, TAIL_TO = 0.5, 1e-4


def inks(markets: Sequence[Measured]) -> dict[str, object]:
    """The colour of each market by name."""
    own = {False: iter(SIMULATED_INKS), True: iter(RECORDED_INKS)}
    return {market.name: next(own[market.recorded]) for market in markets}


def dashes(markets: Sequence[Measured]) -> dict[str, object]:
    """Solid for simulated, dashed for recorded."""
    return {market.name: [6, 4] if market.recorded else [1, 0] for market in markets}


def lines(markets: Sequence[Measured], rows: Callable[[Measured], list[Row]], across: Spec, up: Spec) -> Spec:
    """One line a market; rows have x and y."""
    drawn = [row | {"market": market.name} for market in markets for row in rows(market)]
    return {
        "data": data(drawn),
        "width": WIDTH,
        "height": HEIGHT,
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": across,
            "y": up,
            "color": stroked(keyed("market", inks(markets))),
            "strokeDash": stroked(keyed("market", dashes(markets))),
        },
    }


def stroked(channel: Spec) -> Spec:
    """A channel whose legend shows a piece of line."""
    return channel | {"legend": {"symbolType": "stroke", "symbolSize": 500}}


def logarithmic(channel: Spec, low: float, high: float) -> Spec:
    """The channel on a log scale from low to high, with lines at 1, 2 and 5 times the powers of ten."""
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    steps = (1, 2, 5) if len(powers) <= 4 else (1,)
    values = [each for power in powers for step in steps if low <= (each := step * 10.0**power) <= high]
    axis = cast(Spec, channel["axis"]) | {"values": values}
    return channel | {"scale": {"type": "log", "domain": [low, high]}, "axis": axis}


def sign_memory(name: str, markets: Sequence[Measured]) -> str:
    """Autocorrelation of trade signs in bins of lags, both axes logarithmic."""
    across = logarithmic(number("x", "lag, trades"), 10, 500)
    up = logarithmic(number("y", "autocorrelation of trade signs", format="~g"), FAINTEST, 1)
    return svg(lines(markets, _memory, across, up), name, "Autocorrelation of trade signs against lag")


def _memory(market: Measured) -> list[Row]:
    log_lag, level = trade_signs.binned(trade_signs.autocorrelation([facts.signs for facts in market.facts]))
    lags = np.exp(log_lag).tolist()
    return [{"x": lag, "y": each} for lag, each in zip(lags, level.tolist(), strict=True) if each > FAINTEST]


def signature(name: str, markets: Sequence[Measured]) -> str:
    """Realised variance per second against the sampling interval; the mid's over ten minutes is one."""
    rows = [row | {"market": market.name} for market in markets for row in _signature(market)]
    levels = [float(str(row["y"])) for row in rows] or [1.0]
    spec: Spec = {
        "data": data(rows),
        "width": WIDTH,
        "height": HEIGHT,
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": logarithmic(number("x", "sampling interval, seconds", format="~g"), 1, 1200),
            "y": logarithmic(
                number("y", "variance per second, mid at 10 min = 1", format="~g"), min(levels) / 1.1, max(levels) * 1.1
            ),
            "color": stroked(keyed("market", inks(markets))),
            "strokeDash": stroked(keyed("of", dict(DASHES))),
        },
    }
    return svg(spec, name, "Signature plots of trade prices and mids")


def _signature(market: Measured) -> list[Row]:
    mids = diffusion.signature([facts.mid_signature for facts in market.facts])
    trades = diffusion.signature([facts.trade_signature for facts in market.facts])
    one = diffusion.at_length(mids, diffusion.MEET_S)
    return [
        {"x": seconds, "y": value / one, "of": of}
        for of, curve in (("trades", trades), ("mids", mids))
        for seconds, value in zip(diffusion.SIGNATURE_S, curve.tolist(), strict=True)
        if one > 0 and value > 0
    ]


def day_volume(name: str, markets: Sequence[Measured]) -> str:
    """Part of continuous volume in each half hour."""
    across = number("x", "hours after the open", tickCount=7, format="~g")
    up = number("y", "part of continuous volume", format="%") | {"scale": {"zero": True}}
    spec = lines(markets, _volume, across, up)
    spec["mark"] = {"type": "line", "strokeWidth": 2, "interpolate": "step-after"}
    return svg(spec, name, "Volume by half hour")


def _volume(market: Measured) -> list[Row]:
    curve = volume_curve.shares([facts.volume for facts in market.facts]).tolist()
    return [{"x": at / 2, "y": share} for at, share in enumerate([*curve, curve[-1]])]


def tails(name: str, markets: Sequence[Measured]) -> str:
    """How often one-minute returns exceed a multiple of their standard deviation, both axes logarithmic."""
    far = max([10.0, *(float(str(row["x"])) for market in markets for row in _tail(market))])
    across = logarithmic(number("x", "one-minute return, standard deviations", format="~g"), TAIL_FROM, far)
    up = logarithmic(number("y", "part of minutes beyond", format="~%"), TAIL_TO, 1)
    return svg(lines(markets, _tail, across, up), name, "Tails of one-minute returns")


def _tail(market: Measured) -> list[Row]:
    returns = np.concatenate([facts.minutes for facts in market.facts])
    returns = returns[np.isfinite(returns)]
    sizes = np.sort(np.abs(returns)) / returns.std()
    beyond = 1.0 - np.arange(sizes.size) / sizes.size
    kept = np.unique(np.round(np.geomspace(1, sizes.size, TAIL_POINTS)).astype(np.int64))
    return [
        {"x": float(sizes[-at]), "y": float(beyond[-at])}
        for at in kept
        if sizes[-at] >= TAIL_FROM and beyond[-at] >= TAIL_TO
    ]


def clustering(name: str, markets: Sequence[Measured]) -> str:
    """Autocorrelation of absolute one-minute returns without their time of day, against lag."""
    across = number("x", "lag, minutes")
    up = number("y", "autocorrelation of |return|") | {"scale": {"zero": True}}
    return svg(lines(markets, _clustering, across, up), name, "Autocorrelation of absolute returns against lag")


def _clustering(market: Measured) -> list[Row]:
    days = [facts.minutes for facts in market.facts]
    curve = minute_returns.memory_of_size(days, LAGS_SHOWN)
    return [{"x": lag, "y": value} for lag, value in enumerate(curve.tolist(), 1) if np.isfinite(value)]


def order_flow(name: str, markets: Sequence[Measured]) -> str | None:
    """Mean move of the mid by twentieths of order-flow imbalance; None where no tape has sizes."""
    measured = [market for market in markets if any(facts.flow for facts in market.facts)]
    if not measured:
        return None
    across = number("x", "imbalance over ten seconds, in twice the depth")
    up = number("y", "move of the mid, ticks")
    spec = lines(measured, _flow, across, up)
    return svg(spec, name, "Move of the mid against order-flow imbalance")


def _flow(market: Measured) -> list[Row]:
    blocks = [block for facts in market.facts for block in facts.flow]
    flow = np.concatenate([block.flow for block in blocks])
    move = np.concatenate([block.move for block in blocks])
    groups = np.array_split(np.argsort(flow, kind="stable"), 20)
    return [{"x": float(flow[each].mean()), "y": float(move[each].mean())} for each in groups if each.size]


def spread_and_volatility(name: str, markets: Sequence[Measured]) -> str:
    """Mean spread by tenths of the five-minute volatility, each over its own mean."""
    across = number("x", "volatility over five minutes, mean = 1")
    up = number("y", "spread, mean = 1")
    spec = lines(markets, _spread, across, up)
    return svg(spec, name, "Spread against volatility")


def _spread(market: Measured) -> list[Row]:
    spread = np.concatenate([facts.spread.spread for facts in market.facts])
    moved = np.concatenate([facts.spread.volatility for facts in market.facts])
    if not spread.size or moved.mean() <= 0:
        return []
    groups = np.array_split(np.argsort(moved, kind="stable"), 10)
    return [
        {"x": float(moved[each].mean() / moved.mean()), "y": float(spread[each].mean() / spread.mean())}
        for each in groups
        if each.size
    ]
