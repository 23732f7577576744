"""A name's profile from facts and from a tape, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.queues import QueueMarket
from sottovoce.adapters.queues.calibration import measure, profile_of
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Tape
from tests.adapters.queues.trading import QUICK, market
from tests.adapters.simulated.names import DAY_NS, OPEN_NS, SESSION_NS, TICK, name, sessions

CLOSE_NS = OPEN_NS + SESSION_NS


def recorded(made: QueueMarket) -> Tape:
    made.advance(OPEN_NS + DAY_NS)
    return made.tape("SMALL")


@pytest.mark.parametrize("missing", ["close", "adv", "sigma"])
def test_name_without_a_fact_is_refused_by_the_facts_name(missing: str) -> None:
    unknown = {"close": name(close=None), "adv": name(adv=None), "sigma": name(sigma=None)}[missing]
    with pytest.raises(ModelError, match="cannot be simulated") as caught:
        profile_of(unknown, "2026-01-05")
    assert caught.value.code == "sim_fact_missing"


def test_quoted_spread_sets_the_grid() -> None:
    """Two basis points of 50 dollars are one tick; forty are twenty, quoted in steps of seven."""
    fine, wide = (profile_of(name(spread_bps=bps), "2026-01-05") for bps in (2.0, 40.0))
    assert (fine.grid, fine.spread_steps) == (1, 1.0)
    assert wide.grid == 7
    assert wide.grid * wide.spread_steps == pytest.approx(20.0)


def test_busier_name_has_more_orders_and_deeper_queues() -> None:
    quiet, busy = (profile_of(name(adv=adv, spread_bps=2.0), "2026-01-05") for adv in (3e5, 3e7))
    assert busy.trades > quiet.trades
    assert busy.depth_qty > quiet.depth_qty


def test_tape_gives_back_what_it_was_made_from() -> None:
    got = measure(recorded(market(3)), OPEN_NS, CLOSE_NS)
    profile = profile_of(name(), "2026-01-05")
    assert got.trades == pytest.approx(profile.trades, rel=0.5)
    assert got.mean_qty == pytest.approx(profile.mean_qty, rel=0.2)
    assert got.depth_qty == pytest.approx(profile.depth_qty, rel=0.6)
    assert got.sigma == pytest.approx(profile.sigma, rel=0.5)


def test_market_calibrated_on_a_tape_resembles_it() -> None:
    busy = recorded(QueueMarket([name(adv=4e6, sigma=0.01)], sessions(1), 3, compiled=QUICK))
    found = measure(busy, OPEN_NS, CLOSE_NS)
    again = QueueMarket([name()], sessions(1), 4, measured={"SMALL": found}, compiled=QUICK)
    copy = measure(recorded(again), OPEN_NS, CLOSE_NS)
    assert copy.trades == pytest.approx(found.trades, rel=0.5)
    assert copy.spread == pytest.approx(found.spread, rel=0.3)
    assert copy.mean_qty == pytest.approx(found.mean_qty, rel=0.25)
    assert copy.depth_qty == pytest.approx(found.depth_qty, rel=0.5)


def test_tape_of_a_few_trades_cannot_be_measured() -> None:
    few = np.arange(5) * 10**9 + OPEN_NS
    flat = np.full(5, 50 * 10**6)
    none = np.zeros(5, dtype=np.int64)
    tape = Tape(
        instrument_id="SMALL",
        quote_ns=few,
        bid=flat,
        ask=flat + TICK,
        trade_ns=few,
        trade_px=flat,
        trade_qty=none + 100,
        trade_own=none,
        trade_kind=none,
    )
    with pytest.raises(ModelError, match="5 lit trades") as caught:
        measure(tape, OPEN_NS, CLOSE_NS)
    assert caught.value.code == "tape_too_short"
