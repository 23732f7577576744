"""The reference price through the day, limit states, pauses and straddles."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.matching.port import Touch
from sottovoce.models.protections.luld import Luld, LuldChange, LuldState
from sottovoce.models.protections.luld_bands import Bands, Tier
from sottovoce.models.protections.luld_reference import LuldReference

HOURS = Session(date="2026-11-20", open_ns=0, close_ns=390 * NS_PER_MINUTE)
DOLLAR = 1_000_000
NORMAL = Touch(100 * DOLLAR, 1, 100 * DOLLAR + 10_000, 1)
AT_UPPER = Touch(105 * DOLLAR, 1, 106 * DOLLAR, 1)
AT_LOWER = Touch(94 * DOLLAR, 1, 95 * DOLLAR, 1)
NOON = 120 * NS_PER_MINUTE


def stock() -> Luld:
    """Tier 1 at 100: bands 95 and 105."""
    return Luld(HOURS, Tier.ONE, 100 * DOLLAR, 100 * DOLLAR)


def states(changes: object) -> list[tuple[LuldState, int]]:
    assert isinstance(changes, list | tuple)
    return [(each.state, each.at_ns) for each in changes if isinstance(each, LuldChange)]


def test_reference_moves_only_by_one_per_cent() -> None:
    reference = LuldReference(100 * DOLLAR, 0)
    reference.trade(100_999_999, NS_PER_MINUTE)
    assert reference.at(NS_PER_MINUTE) == 100 * DOLLAR
    reference.trade(101_000_001, NS_PER_MINUTE)
    assert reference.at(NS_PER_MINUTE) == 101 * DOLLAR


def test_reference_is_kept_for_thirty_seconds() -> None:
    reference = LuldReference(100 * DOLLAR, 0)
    reference.trade(105 * DOLLAR, NS_PER_SECOND)
    assert reference.at(30 * NS_PER_SECOND - 1) == 100 * DOLLAR
    assert reference.at(30 * NS_PER_SECOND) == 105 * DOLLAR


def test_reference_forgets_trades_of_five_minutes_ago_and_stays_without_any() -> None:
    reference = LuldReference(100 * DOLLAR, 0)
    reference.trade(90 * DOLLAR, 0)
    reference.trade(110 * DOLLAR, NS_PER_MINUTE)
    assert reference.at(NS_PER_MINUTE) == 100 * DOLLAR
    assert reference.at(5 * NS_PER_MINUTE) == 110 * DOLLAR
    assert reference.at(60 * NS_PER_MINUTE) == 110 * DOLLAR


@given(trades=st.lists(st.tuples(st.integers(50_000_000, 150_000_000), st.integers(0, 200)), max_size=25))
def test_reference_equals_the_rule_done_by_hand(trades: list[tuple[int, int]]) -> None:
    """Recomputed from all trades after each one, with exact fractions."""
    reference, at_ns, seen = LuldReference(100 * DOLLAR, 0), 0, []
    current, since_ns = 100 * DOLLAR, 0
    for px, wait_s in trades:
        at_ns += wait_s * NS_PER_SECOND
        seen.append((at_ns, px))
        reference.trade(px, at_ns)
        window = [each for when, each in seen if when > at_ns - 5 * NS_PER_MINUTE]
        mean = Fraction(sum(window), len(window))
        if at_ns - since_ns >= 30 * NS_PER_SECOND and abs(mean - current) >= Fraction(current, 100):
            current, since_ns = int(mean + Fraction(1, 2)), at_ns
        assert reference.at(at_ns) == current


def test_bid_at_the_upper_band_is_a_limit_state_that_pauses_after_fifteen_seconds() -> None:
    monitor = stock()
    assert monitor.quote(NORMAL, NOON) == []
    assert states(monitor.quote(AT_UPPER, NOON + 1)) == [(LuldState.LIMIT, NOON + 1)]
    assert (monitor.last.up, monitor.last.until_ns) == (True, NOON + 1 + 15 * NS_PER_SECOND)
    assert monitor.advance(NOON + 15 * NS_PER_SECOND) == []
    due_ns = NOON + 1 + 15 * NS_PER_SECOND
    assert states(monitor.advance(due_ns + 7)) == [(LuldState.PAUSED, due_ns)]
    assert monitor.last.until_ns == due_ns + 5 * NS_PER_MINUTE
    assert monitor.last.bands == Bands(95 * DOLLAR, 105 * DOLLAR)


def test_offer_at_the_lower_band_is_a_limit_state_and_leaving_it_ends_it() -> None:
    monitor = stock()
    assert states(monitor.quote(AT_LOWER, NOON)) == [(LuldState.LIMIT, NOON)]
    assert not monitor.last.up
    assert states(monitor.quote(NORMAL, NOON + 14 * NS_PER_SECOND)) == [(LuldState.NORMAL, NOON + 14 * NS_PER_SECOND)]
    assert monitor.advance(NOON + NS_PER_MINUTE) == []


def test_a_new_limit_state_counts_from_its_own_beginning() -> None:
    monitor = stock()
    monitor.quote(AT_UPPER, NOON)
    monitor.quote(NORMAL, NOON + 10 * NS_PER_SECOND)
    monitor.quote(AT_UPPER, NOON + 12 * NS_PER_SECOND)
    assert states(monitor.advance(NOON + 20 * NS_PER_SECOND)) == []
    assert states(monitor.advance(NOON + 27 * NS_PER_SECOND)) == [(LuldState.PAUSED, NOON + 27 * NS_PER_SECOND)]


def test_bands_stand_still_in_a_limit_state() -> None:
    monitor = stock()
    monitor.quote(AT_UPPER, NOON)
    assert monitor.trade(105 * DOLLAR, NOON + NS_PER_SECOND) == []
    assert monitor.bands_at(NOON + 10 * NS_PER_SECOND) == Bands(95 * DOLLAR, 105 * DOLLAR)


@pytest.mark.parametrize(
    "touch",
    [
        Touch(105 * DOLLAR, 1, 104 * DOLLAR, 1),
        Touch(0, 0, 0, 0),
        Touch(104_990_000, 1, 105 * DOLLAR, 1),
        Touch(95 * DOLLAR, 1, 95_010_000, 1),
    ],
    ids=["crossed", "empty", "offer at the upper band", "bid at the lower band"],
)
def test_what_is_no_limit_state(touch: Touch) -> None:
    assert stock().quote(touch, NOON) == []


@pytest.mark.parametrize(
    ("touch", "up"),
    [(Touch(94_990_000, 1, 100 * DOLLAR, 1), False), (Touch(100 * DOLLAR, 1, 105_010_000, 1), True)],
)
def test_straddle_trades_on_and_may_be_paused_by_the_primary(touch: Touch, up: bool) -> None:
    monitor = stock()
    assert states(monitor.quote(touch, NOON)) == [(LuldState.STRADDLE, NOON)]
    assert monitor.last.up is up
    assert monitor.advance(NOON + NS_PER_MINUTE) == []
    assert states(monitor.pause(NOON + NS_PER_MINUTE, up=up)) == [(LuldState.PAUSED, NOON + NS_PER_MINUTE)]
    assert monitor.pause(NOON + NS_PER_MINUTE, up=up) == []


def test_reopening_price_is_the_new_reference() -> None:
    monitor = stock()
    monitor.quote(AT_UPPER, NOON)
    monitor.advance(NOON + NS_PER_MINUTE)
    assert monitor.quote(NORMAL, NOON + 2 * NS_PER_MINUTE) == []
    monitor.reopen(108 * DOLLAR, NOON + 6 * NS_PER_MINUTE)
    assert monitor.state is LuldState.NORMAL
    assert monitor.bands_at(NOON + 6 * NS_PER_MINUTE) == Bands(102_600_000, 113_400_000)


def test_pause_near_the_close_lasts_until_it() -> None:
    monitor = stock()
    late_ns = HOURS.close_ns - 10 * NS_PER_MINUTE
    monitor.quote(Touch(110 * DOLLAR, 1, 111 * DOLLAR, 1), late_ns)
    monitor.advance(late_ns + 15 * NS_PER_SECOND)
    assert (monitor.state, monitor.last.until_ns) == (LuldState.PAUSED, HOURS.close_ns)


def test_bands_move_with_the_reference_and_double_late() -> None:
    monitor = stock()
    monitor.trade(102 * DOLLAR, NOON)
    assert monitor.bands_at(NOON) == Bands(96_900_000, 107_100_000)
    assert monitor.bands_at(HOURS.close_ns - NS_PER_MINUTE) == Bands(91_800_000, 112_200_000)


def test_reference_must_be_a_price() -> None:
    with pytest.raises(ModelError):
        LuldReference(0, 0)
