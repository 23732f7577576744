"""Other ways to write the same shortfall: Perold, Wagner and Edwards, and the market's share of the drift.

All take the slice that `shortfall` takes and give price units × shares, positive = worse, equal in total.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import fsum

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.models.exact_sums import exact_dot, exact_sum
from sottovoce.models.guards import finite
from sottovoce.models.shortfall import Amount, ShortfallSlice, check, perold_total, unfilled


class Perold(msgspec.Struct, frozen=True, kw_only=True):
    """Execution and opportunity against the decision price, and the two portfolios: total = paper − actual.

    paper: gain of the whole order done at the decision price; actual: gain of what was done, after fees.
    """

    execution: Amount
    opportunity: Amount
    fees: Amount
    total: Amount
    paper: Amount
    actual: Amount


class WagnerEdwards(msgspec.Struct, frozen=True, kw_only=True):
    """Delay, trading against arrival, opportunity against arrival, fees."""

    delay: Amount
    trading: Amount
    opportunity: Amount
    fees: Amount
    total: Amount


class DriftSplit(msgspec.Struct, frozen=True, kw_only=True):
    """The mid's drift from arrival to the fills, split into the market's move times beta and the rest."""

    market: Amount
    residual: Amount
    drift: Amount


def perold(piece: ShortfallSlice) -> Perold:
    """Perold 1988: execution s·S(P̄ − P_d), opportunity on what did not fill, fees."""
    check(piece)
    sign, decision = piece.side_sign, piece.decision_px
    filled = exact_sum(piece.fills.qty)
    value = exact_dot(piece.fills.qty, piece.fills.px)
    execution = sign * (value - filled * decision)
    total = perold_total(piece)
    # Quantity given up early is marked at its own price in both portfolios.
    left = sum(given.qty * given.px for given in piece.given_up) + unfilled(piece) * piece.end_px
    paper = sign * (left + filled * piece.end_px - piece.ordered * decision)
    return Perold(
        execution=execution,
        opportunity=total - execution - piece.fees,
        fees=piece.fees,
        total=total,
        paper=paper,
        actual=paper - total,
    )


def wagner_edwards(piece: ShortfallSlice) -> WagnerEdwards:
    """Wagner and Edwards 1993, Kissell's expanded shortfall: delay, trading, opportunity, fees."""
    check(piece)
    sign, arrival = piece.side_sign, piece.arrival_px
    filled = exact_sum(piece.fills.qty)
    delay = sign * piece.ordered * (arrival - piece.decision_px)
    trading = sign * (exact_dot(piece.fills.qty, piece.fills.px) - filled * arrival)
    total = perold_total(piece)
    return WagnerEdwards(
        delay=delay,
        trading=trading,
        opportunity=total - delay - trading - piece.fees,
        fees=piece.fees,
        total=total,
    )


def market_split(piece: ShortfallSlice, index_returns: Sequence[float], beta: float) -> DriftSplit:
    """Market part s Σ q·P_a·β·R of the drift, R the index return from arrival to each fill, as fractions.

    The market part is a model's figure, rounded to an integer; the rest is permanent impact and alpha.
    """
    check(piece)
    columns, sign, arrival = piece.fills, piece.side_sign, piece.arrival_px
    if len(index_returns) != columns.qty.size:
        raise ModelError("Give one index return for each fill.", code="shapes_differ")
    finite("Beta", beta)
    pairs = zip(columns.qty.tolist(), index_returns, strict=True)
    weighted = fsum(qty * finite("Index return", each) for qty, each in pairs)
    market = sign * round(weighted * beta * arrival)
    drift = sign * (exact_dot(columns.qty, columns.mid) - exact_sum(columns.qty) * arrival)
    return DriftSplit(market=market, residual=drift - market, drift=drift)
