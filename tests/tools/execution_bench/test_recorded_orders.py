"""The arms on a recorded day: an order that keeps to the clock is done by its end where the touch shows little."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.tape.loader import load_day
from sottovoce.adapters.tape.replayed import ReplayedMarket
from sottovoce.core.enums import Side
from sottovoce.runtime.markets import TAPE, config_for
from tools.execution_bench.arms import TWAP
from tools.execution_bench.learned import UNATTENDED
from tools.execution_bench.playing import Asked, played
from tools.execution_bench.sessions import at_minute, calendar, day, instrument

DATE, FROM_MIN, TO_MIN, QTY = "2013-10-08", 121, 241, 46_500
"""4 % of what IBM traded in these two hours."""


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_twap_is_done_by_its_end(market_data: Path, side: Side) -> None:
    """Resting clips that are pulled unfilled make it late, and it crosses; it used to leave 6 and 15 % of the order."""
    folder, name, session = market_data / "us_equity_taq_ticks", instrument("IBM US"), day(DATE)
    market = ReplayedMarket(name, [load_day(folder, name.symbol, session, name.price_scale)])
    order = Asked(side=side, qty=QTY, start_ns=at_minute(session, FROM_MIN), end_ns=at_minute(session, TO_MIN))
    config = config_for(f"{TAPE}{folder}", [name], calendar(), DATE, UNATTENDED)
    found = played(market, name, session, TWAP, order, config, label="IBM", seed=0, size="medium", adv=4_000_000.0)
    assert found.filled >= 0.99 * QTY
