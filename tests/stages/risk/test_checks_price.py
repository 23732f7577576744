"""Prices at their bounds, markets without one, the chase in small steps (PT-05, 06, 07, 19, 20, 26)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Side
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.risk import checks_price
from sottovoce.stages.risk.state import RiskState, Running
from tests.scenarios.small_desk import ACME, MID, OPEN_NS, TICK, instrument, market_state
from tests.stages.risk.cases import PARENT, child, make, on_order, order, told

COLLARS = on_order(
    collar_liquid_ppm=30_000, collar_other_ppm=50_000, collar_low_price_ppm=100_000, low_price=5,
    liquid_adv_qty=1_000_000,
)  # fmt: skip
UP, DOWN = MID + MID * 3 // 100, MID - MID * 3 // 100


@pytest.mark.parametrize(
    ("side", "px", "passes"),
    [
        (Side.BUY, UP - 1, True),
        (Side.BUY, UP, True),
        (Side.BUY, UP + 1, False),
        (Side.BUY, 1, True),
        (Side.SELL, DOWN + 1, True),
        (Side.SELL, DOWN, True),
        (Side.SELL, DOWN - 1, False),
        (Side.SELL, 10 * MID, True),
        (Side.SELL_SHORT, DOWN - 1, False),
    ],
)
def test_collar_stops_only_what_reaches_through_the_market(side: Side, px: int, passes: bool) -> None:
    case = make(*COLLARS, of=order(side=side, limit_px=px))
    assert told(checks_price.collar, case) == ([] if passes else ["price_collar"])


@pytest.mark.parametrize(
    ("adv", "mid", "ppm"),
    [(1e6, MID, 30_000), (999_999.0, MID, 50_000), (1e6, 4_990_000, 100_000), (None, MID, 50_000)],
)
def test_collar_by_class_of_name(adv: float | None, mid: int, ppm: int) -> None:
    edge = mid + mid * ppm // 1_000_000
    for px, found in ((edge, []), (edge + 1, ["price_collar"])):
        case = make(*COLLARS, of=order(limit_px=px), name=instrument("ACME", adv), market=market_state(mid=mid))
        assert told(checks_price.collar, case) == found


@pytest.mark.parametrize(("px", "found"), [(MID * 8 // 10, []), (MID * 8 // 10 - 1, ["passive_far"])])
def test_far_passive_price_is_noted(px: int, found: list[str]) -> None:
    assert told(checks_price.passive, make(*on_order(passive_warn_ppm=200_000), of=order(limit_px=px))) == found


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phase": "halted"}, "market_halted"),
        ({"phase": "closed"}, "market_closed"),
        ({"bid": 0}, "one_sided_quote"),
        ({"ask": 0}, "one_sided_quote"),
        ({"bid": MID, "ask": MID}, "crossed_quote"),
        ({"quoted_ns": OPEN_NS - 61 * NS_PER_SECOND}, "stale_quote"),
    ],
)
def test_market_that_is_no_price(changes: dict[str, object], code: str) -> None:
    case = make(market=msgspec.structs.replace(market_state(), **changes))
    assert told(checks_price.market, case) == [code]
    assert told(checks_price.market, make(market=None)) == ["no_market_data"]


NO_QUOTE = msgspec.structs.replace(market_state(), bid=0)
NO_CLOSE = msgspec.structs.replace(ACME, close=None)


@pytest.mark.parametrize(
    ("market", "name", "expected"),
    [
        (market_state(), ACME, (MID, "mid", 0)),
        (NO_QUOTE, ACME, (MID, "last", 0)),
        (msgspec.structs.replace(NO_QUOTE, last_px=0), ACME, (50_000_000, "close", -1)),
        (None, ACME, (50_000_000, "close", -1)),
        (None, NO_CLOSE, (0, "none", -1)),
    ],
)
def test_reference_price_is_mid_then_last_then_close(
    market: MarketState | None, name: Instrument, expected: tuple[int, str, int]
) -> None:
    found = make(market=market, name=name).reference
    assert (found.px, found.kind, found.age_ns) == expected


def test_no_reference_at_all_stops_the_order() -> None:
    assert told(checks_price.reference, make(market=None, name=NO_CLOSE)) == ["no_reference"]
    assert told(checks_price.reference, make()) == []


@pytest.mark.parametrize(("age_ns", "found"), [(2 * NS_PER_SECOND, []), (2 * NS_PER_SECOND + 1, ["stale_price"])])
def test_liquid_name_wants_a_younger_price(age_ns: int, found: list[str]) -> None:
    rows = on_order(price_age_liquid_ns=2 * NS_PER_SECOND, liquid_adv_qty=1_000_000)
    market = msgspec.structs.replace(market_state(), quoted_ns=OPEN_NS - age_ns)
    assert told(checks_price.fresh, make(*rows, market=market)) == found
    assert told(checks_price.fresh, make(*rows, market=market, name=instrument("ACME", 1_000.0))) == []


@pytest.mark.parametrize(
    ("side", "beyond", "found"),
    [
        (Side.BUY, 0, []),
        (Side.BUY, 1, ["protection_price"]),
        (Side.SELL, 0, []),
        (Side.SELL, 1, ["protection_price"]),
    ],
)
def test_unpriced_order_trades_near_the_touch(side: Side, beyond: int, found: list[str]) -> None:
    touch = MID + side.sign * TICK
    px = touch + side.sign * (touch // 100 + beyond)
    rows = on_order(protection_ppm=10_000)
    assert told(checks_price.protection, make(*rows, of=order(side=side), one=child(limit_px=px, side=side))) == found
    limited = order(side=side, limit_px=px)
    assert told(checks_price.protection, make(*rows, of=limited, one=child(limit_px=px, side=side))) == []


# the chase ------------------------------------------------------------------------------------------------

DRIFT = on_order(
    drift_fast_ppm=15_000, drift_fast_ns=60 * NS_PER_SECOND, drift_slow_ppm=30_000, drift_slow_ns=600 * NS_PER_SECOND
)


def chase(step_ppm: int, every_s: float, side: Side = Side.BUY) -> int | None:
    """Prices that run away by so much a step; which step is stopped first, of forty."""
    state = RiskState(running={PARENT: Running()})
    running = state.running[PARENT]
    for step in range(40):
        ts_ns = OPEN_NS + int(step * every_s * NS_PER_SECOND)
        px = MID + side.sign * MID * step_ppm * step // 1_000_000
        whose = order(side=side)
        if told(
            checks_price.drift, make(*DRIFT, of=whose, one=child(limit_px=px, side=side), state=state, ts_ns=ts_ns)
        ):
            return step
        running.fast.add(checks_price.slot(ts_ns, 60 * NS_PER_SECOND), px)
        running.slow.add(checks_price.slot(ts_ns, 600 * NS_PER_SECOND), px)
    return None


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_twenty_small_steps_are_held_at_the_eighth(side: Side) -> None:
    assert chase(2_000, 1.0, side) == 8


def test_slow_chase_is_held_over_ten_minutes() -> None:
    """0.2 % every half minute never makes 1.5 % in a minute, and makes 3 % in eight minutes."""
    assert chase(2_000, 30.0) == 16


def test_calm_prices_and_prices_that_come_towards_us_are_not_a_chase() -> None:
    assert chase(0, 1.0) is None
    assert chase(-2_000, 1.0) is None
    assert chase(1_000, 60.0) is None
