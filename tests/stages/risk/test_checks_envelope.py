"""A running order against its plan, and figures against their age (AT-06, PT-26)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Tactic
from sottovoce.core.instrument import Fact
from sottovoce.core.units import NS_PER_DAY, NS_PER_SECOND
from sottovoce.stages.risk import checks_envelope, checks_size
from sottovoce.stages.risk.state import RiskState, Running, Sample
from tests.scenarios.small_desk import ACME, OPEN_NS, market_state
from tests.stages.risk.cases import PARENT, child, make, on_order, told

ROWS = on_order(envelope_ppm=20_000, envelope_ns=60 * NS_PER_SECOND)
NOW_NS = OPEN_NS + 60 * NS_PER_SECOND


def traded(ours: int, cap_ppm: int = 100_000) -> RiskState:
    """An order capped at a tenth that has traded so much in the last minute."""
    start = Sample(ts_ns=OPEN_NS, market_volume=50_000, filled=1_000)
    return RiskState(running={PARENT: Running(cap_ppm=cap_ppm, filled=1_000 + ours, flow=[start])})


@pytest.mark.parametrize(
    ("ours", "found"), [(0, []), (1_200, []), (1_201, ["participation_over"]), (10_000, ["participation_over"])]
)
def test_two_points_above_the_cap_for_a_minute_is_too_much(ours: int, found: list[str]) -> None:
    """The market traded 10,000 in that minute."""
    market = market_state(volume=60_000, ts_ns=NOW_NS)
    case = make(*ROWS, one=child(), state=traded(ours), market=market, ts_ns=NOW_NS)
    assert told(checks_envelope.participation, case) == found
    assert told(checks_envelope.participation_early, case) == found


def test_less_than_a_window_a_cap_of_none_and_an_auction_say_nothing() -> None:
    market = market_state(volume=60_000, ts_ns=NOW_NS)
    early = make(*ROWS, one=child(), state=traded(9_000), market=market, ts_ns=NOW_NS - 1)
    free = make(*ROWS, one=child(), state=traded(9_000, cap_ppm=0), market=market, ts_ns=NOW_NS)
    auction = child(tactic=Tactic.AUCTION)
    cross = make(*ROWS, one=auction, state=traded(9_000), market=market, ts_ns=NOW_NS)
    for case in (early, free, cross):
        assert told(checks_envelope.participation, case) == []


def test_samples_cover_a_window_and_are_few() -> None:
    running = Running()
    for second in range(600):
        checks_envelope.sampled(running, OPEN_NS + second * NS_PER_SECOND, second, 60 * NS_PER_SECOND)
        assert len(running.flow) <= checks_envelope.SAMPLES + 2
    last_ns = OPEN_NS + 599 * NS_PER_SECOND
    found = checks_envelope.sample_before(running, last_ns - 60 * NS_PER_SECOND)
    assert found is not None
    assert last_ns - found.ts_ns < 70 * NS_PER_SECOND


@pytest.mark.parametrize(
    ("as_of", "days"),
    [("2018-02-12", 0), ("2018-02-09", 1), ("2018-02-07", 3), ("2018-02-06", 4), ("2018-02-13", 0), ("soon", None)],
)
def test_weekdays_since_a_date(as_of: str, days: int | None) -> None:
    """The small desk's day is Monday the 12th of February 2018."""
    assert checks_size.weekdays_since(as_of, OPEN_NS // NS_PER_DAY) == days


@pytest.mark.parametrize(("as_of", "found"), [("2018-02-07", []), ("2018-02-06", ["adv_stale"]), ("", ["adv_stale"])])
def test_old_daily_volume_is_not_judged_by(as_of: str, found: list[str]) -> None:
    fact = Fact(value=1e7, as_of=as_of, source="made up for a test")
    case = make(*on_order(adv_age_days=3), name=msgspec.structs.replace(ACME, adv=fact))
    assert told(checks_size.adv_age, case) == found


@pytest.mark.parametrize(("ours", "found"), [(1_200, []), (1_300, ["participation_over"])])
def test_what_our_other_orders_print_is_no_market_to_hide_in(ours: int, found: list[str]) -> None:
    """The feed shows 50,000 shares of a block of ours besides: 12 % stays the most of the other 8,800."""
    state = traded(ours)
    state.own["ACME"] = 50_000 + ours
    market = market_state(volume=50_000 + 50_000 + 8_800 + ours, ts_ns=NOW_NS)
    case = make(*ROWS, one=child(), state=state, market=market, ts_ns=NOW_NS)
    assert told(checks_envelope.participation, case) == found
