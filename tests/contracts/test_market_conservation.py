"""Whatever is sent to a market, in whatever order: each answer adds up, and nothing is working after the close."""

from __future__ import annotations

import random

import pytest

from sottovoce.core.enums import OrdType, Side, TimeInForce
from tests.contracts.market_cases import CASES
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk, MarketCase


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("seed", range(4))
def test_quantities_add_up_under_random_orders_and_cancels(case: MarketCase, seed: int) -> None:
    dice = random.Random(seed)
    desk = Desk(case, case.make())
    desk.run(case.open_ns + SECOND_NS)
    venues = [facts.venue for facts in desk.market.venues()]
    for _ in range(120):
        desk.run(desk.now_ns + dice.randrange(1, 150) * SECOND_NS)
        if dice.random() < 0.3 and desk.sent:
            desk.cancel(dice.choice(list(desk.sent)))
            continue
        state, side = desk.state(), dice.choice([Side.BUY, Side.SELL])
        px = dice.choice([state.bid, state.ask]) + dice.randrange(-3, 4) * case.tick
        ord_type = dice.choice([OrdType.LIMIT, OrdType.LIMIT, OrdType.MARKET, OrdType.PEGGED])
        desk.send(
            dice.choice([1, 100, 700, 5_000]),
            px,
            side=side,
            venue=dice.choice(venues),
            ord_type=ord_type,
            tif=dice.choice(list(TimeInForce)),
            min_qty=dice.choice([0, 0, 200]),
        )
    desk.run(case.close_ns + MINUTE_NS)
    desk.check()
    for order in desk.sent:
        assert desk.reports[order], f"{order} was never answered"
        assert desk.last(order).leaves_qty == 0, f"{order} is still working after the close"
    fills = [report for reports in desk.reports.values() for report in reports if report.last_qty]
    assert len({report.liquidity for report in fills}) >= 2
