"""Toxic counterparties: off unless asked for, harmful to hidden and to one-sided orders, stopped by a minimum."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.adapters.simulated.toxic import Toxicity
from sottovoce.core.enums import OrdType, TimeInForce
from tests.adapters.simulated.names import OPEN_NS, SESSION_NS, TICK, name, sessions
from tests.contracts.market_cases import SIMULATED
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk

IOC = TimeInForce.IMMEDIATE_OR_CANCEL
PINGER = Toxicity(pinger=True)
RUNNER = Toxicity(front_runner=True)
QUIET = Toxicity()


def market(toxic: Toxicity, seed: int) -> SimulatedMarket:
    return SimulatedMarket([name()], sessions(1), seed, toxic=toxic)


def digest(toxic: Toxicity) -> str:
    played = market(toxic, 3)
    played.advance(OPEN_NS + SESSION_NS)
    return played.tape_digest("SMALL")


def test_nobody_is_there_unless_asked_for() -> None:
    plain = SimulatedMarket([name()], sessions(1), 3)
    plain.advance(OPEN_NS + SESSION_NS)
    assert digest(QUIET) == plain.tape_digest("SMALL")


@pytest.mark.parametrize("toxic", [PINGER, RUNNER])
def test_those_who_are_there_trade_and_the_same_seed_is_the_same_market(toxic: Toxicity) -> None:
    assert digest(toxic) == digest(toxic) != digest(QUIET)


def test_where_the_market_is_stopped_to_look_changes_nothing_they_do() -> None:
    often = market(Toxicity(pinger=True, front_runner=True), 3)
    for step in range(1, 400):
        often.advance(OPEN_NS + SESSION_NS * step // 399)
    assert often.tape_digest("SMALL") == digest(Toxicity(pinger=True, front_runner=True))


def hidden(toxic: Toxicity, seed: int, minimum: int) -> float:
    """Mid two hours after a large hidden buy came to a pool, in ticks."""
    desk = Desk(SIMULATED, market(toxic, seed))
    desk.run(OPEN_NS + 30 * MINUTE_NS)
    desk.send(200_000, 0, venue="SIMD", ord_type=OrdType.PEGGED, min_qty=minimum)
    mids = []
    for minute in range(40, 150, 5):
        desk.run(OPEN_NS + minute * MINUTE_NS)
        mids.append((desk.state().bid + desk.state().ask) / 2 / TICK)
    return float(np.mean(mids))


def aggressive(toxic: Toxicity, seed: int) -> float:
    """Average price paid for 24,000 shares in an hour, in ticks."""
    desk = Desk(SIMULATED, market(toxic, seed))
    for number in range(240):
        desk.run(OPEN_NS + 30 * MINUTE_NS + number * 15 * SECOND_NS)
        desk.send(100, 0, ord_type=OrdType.MARKET, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS)
    fills = [report for reports in desk.reports.values() for report in reports if report.last_qty]
    return sum(fill.last_px * fill.last_qty for fill in fills) / sum(fill.last_qty for fill in fills) / TICK


def test_pinger_moves_the_price_against_a_hidden_order_without_a_minimum_quantity() -> None:
    """Paired seeds: +1.9 ticks (2.5 % of a day's volatility) with a standard error of 0.2 over twelve."""
    moves = [hidden(PINGER, seed, 0) - hidden(QUIET, seed, 0) for seed in range(5)]
    assert np.mean(moves) > 1.0
    assert min(moves) > 0


def test_pinger_does_not_find_an_order_with_a_minimum_quantity_above_its_own() -> None:
    """Paired seeds: 0.05 ticks with a standard error of 0.06 over twelve."""
    moves = [hidden(PINGER, seed, 300) - hidden(QUIET, seed, 300) for seed in range(5)]
    assert abs(np.mean(moves)) < 0.4


def test_front_runner_makes_a_one_sided_order_dearer() -> None:
    """Paired seeds: +1.2 ticks (1.6 % of a day's volatility) with a standard error of 0.2 over twelve."""
    costs = [aggressive(RUNNER, seed) - aggressive(QUIET, seed) for seed in range(5)]
    assert np.mean(costs) > 0.4
    assert min(costs) > 0
