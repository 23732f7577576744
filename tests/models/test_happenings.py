"""Scheduled events: what they do to pace and price at each time, and which cannot be played."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ConfigError
from sottovoce.core.ports import Session
from sottovoce.models.happenings import (
    EVERY_NAME,
    EarningsJump,
    MarketEvent,
    TradingHalt,
    VolatilityBurst,
    between,
    checked,
    concerning,
    halts,
    intensity,
    moved,
)

SECOND = 1_000_000_000
SESSION = Session(date="2026-01-05", open_ns=1_000 * SECOND, close_ns=5_000 * SECOND)
JUMP = EarningsJump(instrument_id="A", at_ns=2_000 * SECOND, move=0.04, factor=3.0, fade_s=100.0)
HALT = TradingHalt(instrument_id="A", at_ns=3_000 * SECOND, duration_ns=300 * SECOND)
BURST = VolatilityBurst(instrument_id=EVERY_NAME, at_ns=4_000 * SECOND, duration_ns=100 * SECOND, factor=2.5)


def test_a_name_hears_its_own_events_and_those_of_the_market() -> None:
    assert concerning([JUMP, HALT, BURST], "A") == (JUMP, HALT, BURST)
    assert concerning([JUMP, HALT, BURST], "B") == (BURST,)
    assert halts([JUMP, HALT, BURST]) == [HALT]
    assert between([JUMP, HALT, BURST], JUMP.at_ns, HALT.at_ns) == [JUMP]


def test_jump_moves_at_once_and_for_good() -> None:
    times = np.array([1_999, 2_000, 4_000]) * SECOND
    assert moved([JUMP, HALT, BURST], times).tolist() == [0.0, 0.04, 0.04]


def test_intensity_rises_with_news_and_fades_and_is_flat_in_a_burst() -> None:
    times = np.array([1_999, 2_000, 2_100, 4_000, 4_099, 4_100]) * SECOND
    found = intensity([JUMP, HALT, BURST], times, SESSION.open_ns)
    assert found == pytest.approx([1.0, 3.0, 1 + 2 / np.e, 2.5, 2.5, 1.0], abs=1e-6)


def test_events_are_put_in_order_of_time() -> None:
    assert checked([BURST, HALT, JUMP], [SESSION]) == (JUMP, HALT, BURST)


@pytest.mark.parametrize(
    "event",
    [
        EarningsJump(instrument_id="A", at_ns=0, move=1.5),
        EarningsJump(instrument_id="A", at_ns=0, move=0.1, factor=0.5),
        EarningsJump(instrument_id="A", at_ns=0, move=0.1, fade_s=0.0),
        TradingHalt(instrument_id="A", at_ns=3_000 * SECOND, duration_ns=0),
        TradingHalt(instrument_id="A", at_ns=4_900 * SECOND, duration_ns=200 * SECOND),
        TradingHalt(instrument_id="A", at_ns=0, duration_ns=1),
        VolatilityBurst(instrument_id="A", at_ns=0, duration_ns=SECOND, factor=0.0),
        VolatilityBurst(instrument_id="A", at_ns=0, duration_ns=-1, factor=2.0),
    ],
)
def test_event_that_cannot_be_played_is_refused_by_name(event: MarketEvent) -> None:
    with pytest.raises(ConfigError) as caught:
        checked([event], [SESSION])
    assert caught.value.code == "sim_event_impossible"
    assert type(event).__name__ in str(caught.value)
