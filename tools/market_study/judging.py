"""From what the seeds said to the figures of the gates: units, the bucket of the spread, and the explanations."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import numpy as np

from sottovoce.analytics.market_facts.gates import gates_for
from sottovoce.analytics.market_facts.measured import Measured, simulated
from sottovoce.analytics.market_facts.paired_orders import PairedOrder
from sottovoce.analytics.market_facts.passive_fills import Probe
from sottovoce.analytics.market_facts.tape_facts import daily_volatility, daily_volume
from sottovoce.core.instrument import Instrument, known, tick_at
from tools.market_study.explanations import EXPLANATIONS
from tools.market_study.study import SeedResult

SPREAD_PER_TRADE_VOLATILITY = (1.0, 2.0)
"""Spread over the volatility of one trade, where no spread of the name is known (Wyart et al. 2008)."""


def measured(name: str, instrument: Instrument, date: str, results: Sequence[SeedResult]) -> Measured:
    """Pool the seeds of one generator and judge them."""
    facts = [result.facts for result in results]
    volatility, volume = daily_volatility(facts), daily_volume(facts)
    return simulated(
        name,
        facts,
        [order for result in results for order in _paired(result, volatility, volume)],
        _probes(results),
        [result.differs for result in results if result.differs is not None],
        gates_for(*spread_bucket(instrument, date)),
        EXPLANATIONS.get(name, {}),
    )


def spread_bucket(instrument: Instrument, date: str) -> tuple[float, float]:
    """Where the spread of a name should lie, bps: half to twice the quoted one where a fact gives it.

    Else SPREAD_PER_TRADE_VOLATILITY times the volatility of a trade of a round lot, a tick at least.
    """
    quoted = known(instrument.spread_bps)
    if quoted is not None:
        return quoted / 2, quoted * 2
    close, adv, sigma = (known(fact) or 0.0 for fact in (instrument.close, instrument.adv, instrument.sigma_daily))
    px = round(close * instrument.price_scale)
    tick_bps = tick_at(instrument, px, date) / px * 1e4
    per_trade = sigma * 1e4 / sqrt(max(adv / 100, 1.0))
    low, high = (each * per_trade for each in SPREAD_PER_TRADE_VOLATILITY)
    return max(tick_bps, low), max(2 * tick_bps, high)


def _paired(result: SeedResult, volatility: float, volume: float) -> list[PairedOrder]:
    """The orders of one seed in daily volumes and volatilities, those that filled at all."""
    return [
        PairedOrder(
            session=order.seed,
            size=order.filled / volume,
            participation=order.participation,
            done=order.filled / order.asked,
            impact=order.impact / volatility,
            cost=order.cost / volatility,
            later=None if order.later is None else order.later / volatility,
        )
        for order in result.orders
        if order.filled
    ]


def _probes(results: Sequence[SeedResult]) -> list[Probe]:
    """Places in the queue as multiples of what the venue displayed on average when probes joined."""
    raw = [probe for result in results for probe in result.probes]
    shown: dict[str, list[int]] = {}
    for probe in raw:
        shown.setdefault(probe.venue, []).append(probe.ahead)
    usual = {venue: float(np.mean(ahead)) for venue, ahead in shown.items()}
    return [
        Probe(
            session=probe.seed,
            ahead=probe.ahead / usual[probe.venue],
            filled=probe.filled,
            seconds=probe.seconds,
            markout_bps=probe.markout_bps,
        )
        for probe in raw
    ]
