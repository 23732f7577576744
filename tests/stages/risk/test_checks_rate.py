"""Messages per second and orders that run by themselves (PT-09, PT-10)."""

from __future__ import annotations

import pytest

from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.risk import checks_rate
from sottovoce.stages.risk.book_routes import count
from sottovoce.stages.risk.state import RiskState, Running
from sottovoce.stages.risk.windows import Window
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.risk.cases import PARENT, child, make, on_order, order, told

RATES = {"strategy_rate": 50, "instrument_rate": 20, "trader_rate": 100, "session_rate": 100}


def sent(messages: int, ts_ns: int = OPEN_NS) -> RiskState:
    """So many messages of the order have left at a moment."""
    state = RiskState(orders={PARENT: order()})
    for _ in range(messages):
        count(state, state.rates, PARENT, ts_ns)
    return state


@pytest.mark.parametrize("name", RATES)
@pytest.mark.parametrize("reserve_ppm", [0, 200_000])
def test_new_orders_use_their_part_of_a_rate(name: str, reserve_ppm: int) -> None:
    most = RATES[name] * (1_000_000 - reserve_ppm) // 1_000_000
    for messages, found in ((most - 1, []), (most, ["message_rate"])):
        rows = on_order(**{name: RATES[name]}, cancel_reserve_ppm=reserve_ppm)
        assert told(checks_rate.message_rate, make(*rows, one=child(), state=sent(messages))) == found


def test_a_second_later_there_is_room_again() -> None:
    rows, state = on_order(strategy_rate=10), sent(10)
    for later_ns, found in ((900_000_000, ["message_rate"]), (NS_PER_SECOND, [])):
        case = make(*rows, one=child(), state=state, ts_ns=OPEN_NS + later_ns)
        assert told(checks_rate.message_rate, case) == found


def test_another_order_has_a_rate_of_its_own() -> None:
    rows = on_order(strategy_rate=10)
    busy = Window()
    busy.add(OPEN_NS // checks_rate.SLOT_NS, 10)
    elsewhere = RiskState(rates={"order:Q": busy})
    assert told(checks_rate.message_rate, make(*rows, one=child(), state=elsewhere)) == []


@pytest.mark.parametrize(("fills", "entries", "found"), [(499, 49, []), (500, 0, ["rerun"]), (0, 50, ["rerun"]),
                                                         (500, 50, ["rerun", "rerun"])])  # fmt: skip
def test_running_by_itself_too_long(fills: int, entries: int, found: list[str]) -> None:
    rows = on_order(rerun_fills=500, rerun_entries=50, rerun_window_ns=10 * NS_PER_SECOND)
    running = Running()
    running.fills.add(OPEN_NS // NS_PER_SECOND, fills)
    running.reentries.add(OPEN_NS // NS_PER_SECOND, entries)
    state = RiskState(running={PARENT: running})
    assert told(checks_rate.rerun, make(*rows, one=child(), state=state)) == found
    later = make(*rows, one=child(), state=state, ts_ns=OPEN_NS + 10 * NS_PER_SECOND)
    assert told(checks_rate.rerun, later) == []
