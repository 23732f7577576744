"""T-SIM-3: the spread of a market without intelligence, its dimensional laws, and its anti-persistent mids."""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.models.flow.zero_intelligence import ZeroIntelligence, play
from tools.figure_row import Row, near, within

SPREADS = {0.01: 0.250, 0.05: 0.319, 0.10: 0.386, 0.25: 0.557, 0.50: 0.818}
"""Time-average spread in units of mu/alpha, by delta/mu."""

MARKET_ORDERS = 400_000
PART = 0.03


def slow_rows() -> Iterator[Row]:
    """Spreads by delta/mu within 3 %, doubled and halved rates, and the variance of short steps over long ones."""
    found = {ratio: play(ZeroIntelligence(delta=ratio), MARKET_ORDERS, 1) for ratio in SPREADS}
    for ratio, expected in SPREADS.items():
        yield near("T-SIM-3", f"s α/μ at δ/μ = {ratio:g}", found[ratio].spread, expected, PART * expected)
    usual = found[0.25].spread
    faster = play(ZeroIntelligence(mu=2.0, delta=0.5, reach=12.0), MARKET_ORDERS, 2).spread
    thicker = play(ZeroIntelligence(alpha=2.0, delta=0.25, tick=0.002), MARKET_ORDERS, 2).spread
    yield near("T-SIM-3", "spread with μ doubled, over the spread", faster / usual, 2.0, 2 * PART)
    yield near("T-SIM-3", "spread with α doubled, over the spread", thicker / usual, 0.5, PART / 2)
    mids = found[0.05].mids
    ratio = float((mids[1:] - mids[:-1]).var() / ((mids[100:] - mids[:-100]).var() / 100))
    yield within("T-SIM-3", "Var(lag 1) over Var(lag 100)/100 of mids at δ/μ = 0.05", ratio, 3.0, None, 2)
