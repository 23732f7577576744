"""The watch over the market: doubt, conditions and their ends."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.condition_commands import MarketCondition
from sottovoce.core.market import MarketState, Quote, Unusable
from sottovoce.models.market_watch import MarketWatch, WatchConfig

SECOND = 1_000_000_000
START = 1_760_000_000 * SECOND
MID = 100_000_000
MAX_AGE = 60 * SECOND


def state(mid: int = MID, at_s: float = 0, **changes: object) -> MarketState:
    """A sound state of one name, seconds after START."""
    sound = MarketState(
        instrument_id="ACME",
        seq=1,
        quoted_ns=START + int(at_s * SECOND),
        bid=mid - 10_000,
        bid_size=500,
        ask=mid + 10_000,
        ask_size=500,
        last_px=mid,
        volume=0,
        phase="open",
        venues=(),
    )
    return msgspec.structs.replace(sound, **changes)


def look(watch: MarketWatch, at_s: float, of: MarketState) -> list[MarketCondition]:
    return watch.look(START + int(at_s * SECOND), {"ACME": of})


def watching(close: int = MID, **changes: int) -> MarketWatch:
    return MarketWatch(WatchConfig(**changes), {"ACME": close}, MAX_AGE)


def quoted(watch: MarketWatch, at_s: float, of: MarketState) -> Quote | Unusable:
    return watch.view(START + int(at_s * SECOND), {"ACME": of}).quote("ACME")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"phase": "halted"}, "market_halted"),
        ({"gap": "messages 10 to 12"}, "feed_gap"),
        ({"bid": 0}, "one_sided_quote"),
        ({"ask": -5}, "one_sided_quote"),
        ({"bid": MID + 10_000}, "crossed_quote"),
        ({"bid": MID + 20_000}, "crossed_quote"),
        ({"quoted_ns": START - 61 * SECOND}, "stale_quote"),
        ({"bid_size": 2_000_000_000}, "implausible_quote"),
    ],
)
def test_each_unsound_state_is_said_once_and_its_end_too(changes: dict[str, Any], code: str) -> None:
    watch = watching()
    (said,) = look(watch, 0, state(**changes))
    assert (said.code, said.instrument_id) == (code, "ACME")
    assert look(watch, 0.1, state(**changes)) == []
    assert look(watch, 0.2, state(at_s=0.2)) == []
    (over,) = look(watch, 1.2, state(at_s=1.2))
    assert (over.code, over.detail) == ("normal", f"after {code}")


def test_a_closed_market_is_no_condition() -> None:
    assert look(watching(), 0, state(phase="closed")) == []


def test_a_relapse_before_it_is_settled_keeps_the_condition() -> None:
    watch = watching()
    look(watch, 0, state(phase="halted"))
    assert look(watch, 1, state(at_s=1)) == []
    assert look(watch, 1.5, state(phase="halted")) == []
    assert look(watch, 2, state(at_s=2)) == []
    assert [each.code for each in look(watch, 3, state(at_s=3))] == ["normal"]


def test_a_price_one_three_thousandth_of_yesterdays_is_not_believed() -> None:
    """The bands and prints of June 2024: 627,400 dollars quoted at 185.10."""
    watch = watching(close=627_400_000_000)
    wrong = state(mid=185_100_000, last_px=627_300_000_000)
    verdict = quoted(watch, 0, wrong)
    assert isinstance(verdict, Unusable)
    assert verdict.code == "implausible_quote"
    assert all(px in verdict.detail for px in ("185100000", "627300000000", "627400000000"))
    assert [each.code for each in look(watch, 0, wrong)] == ["implausible_quote"]


def test_trades_that_agree_for_a_minute_are_believed() -> None:
    watch, fallen = watching(), MID // 2
    for at_s in (0, 30, 59):
        assert isinstance(quoted(watch, at_s, state(mid=fallen, at_s=at_s)), Unusable)
    assert isinstance(quoted(watch, 60, state(mid=fallen, at_s=60)), Quote)
    assert isinstance(quoted(watch, 61, state(mid=MID, at_s=61)), Unusable)


def test_trades_that_stop_agreeing_begin_again() -> None:
    watch, fallen = watching(), MID // 2
    quoted(watch, 0, state(mid=fallen))
    quoted(watch, 30, state(mid=fallen, at_s=30, last_px=MID))
    assert isinstance(quoted(watch, 61, state(mid=fallen, at_s=61)), Unusable)


def test_the_last_good_price_is_kept_with_its_age() -> None:
    watch = watching()
    quoted(watch, 0, state())
    verdict = quoted(watch, 12.5, state(mid=MID * 2, at_s=12.5, last_px=MID))
    assert isinstance(verdict, Unusable)
    assert f"last good {MID}, 12.5 s old" in verdict.detail


@pytest.mark.parametrize(("sign", "said"), [(1, "+3.00 %"), (-1, "-3.00 %")])
def test_three_percent_in_five_minutes_is_a_fast_market(sign: int, said: str) -> None:
    watch = watching()
    look(watch, 0, state())
    assert look(watch, 150, state(mid=MID + sign * 29_000 * 100, at_s=150)) == []
    (fast,) = look(watch, 300, state(mid=MID + sign * 30_000 * 100, at_s=300))
    assert fast.code == "fast_market"
    assert fast.move_ppm == sign * 30_000
    assert fast.detail.startswith(said)


def test_the_same_move_over_longer_is_not() -> None:
    watch = watching()
    look(watch, 0, state())
    assert look(watch, 301, state(mid=MID + 30_000 * 100, at_s=301)) == []


def test_a_fast_market_is_over_after_a_calm_minute() -> None:
    watch = watching(move_s=10)
    look(watch, 0, state())
    moved = MID + 4_000_000
    assert [each.code for each in look(watch, 5, state(mid=moved, at_s=5))] == ["fast_market"]
    assert look(watch, 16, state(mid=moved, at_s=16)) == []
    assert look(watch, 75, state(mid=moved, at_s=75)) == []
    assert [each.code for each in look(watch, 76, state(mid=moved, at_s=76))] == ["normal"]


@given(st.lists(st.tuples(st.integers(1, 20), st.integers(95, 105)), max_size=60))
def test_changes_alternate_and_the_move_is_that_of_the_window(path: list[tuple[int, int]]) -> None:
    """Against every mid of the last five minutes, compared one by one; and never the same word twice running."""
    watch, at_s = watching(calm_s=0, look_ms=1_000), 0
    seen: list[tuple[int, int]] = []
    word = "normal"
    for gap_s, percent in path:
        at_s += gap_s
        mid = MID * percent // 100
        seen = [(then, px) for then, px in [*seen, (at_s, mid)] if at_s - then <= 300]
        wide = max(abs(mid - px) * 1_000_000 // px for _, px in seen) >= 30_000
        for said in look(watch, at_s, state(mid=mid, at_s=at_s)):
            assert said.code != word
            word = said.code
        assert (word == "fast_market") is wide


@pytest.mark.parametrize("changes", [{"look_ms": 0}, {"move_ppm": -1}, {"calm_s": -1}])
def test_figures_that_switch_the_watch_off_are_refused(changes: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        WatchConfig(**changes)


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"bands": (95_000_000, MID - 10_000), "bid": MID - 10_000}, []),
        ({"bands": (95_000_000, 105_000_000)}, []),
        ({"bands": (MID - 5_000_000, MID - 5_000), "bid": MID - 5_000, "ask": MID - 4_000}, []),
        ({"bands": (95_000_000, MID), "bid": MID, "ask": MID + 1}, ["limit_state"]),
        ({"bands": (MID, 105_000_000), "bid": MID - 10_000, "ask": MID + 10_000}, []),
    ],
)
def test_touch_at_a_believed_band_is_a_limit_state(changes: dict[str, Any], codes: list[str]) -> None:
    """PT-19: at the upper band with the bid; a band the market is beyond is not believed, and no state of anything."""
    watch = watching()
    look(watch, 0, state())
    assert [each.code for each in look(watch, 5, state(at_s=5, **changes))] == codes


def test_limit_state_ends_when_the_touch_leaves_the_band() -> None:
    watch = watching()
    bands = (95_000_000, MID)
    assert [each.code for each in look(watch, 0, state(bid=MID, ask=MID + 1, bands=bands))] == ["limit_state"]
    away: dict[str, Any] = {"bands": bands, "bid": MID - 20_000, "ask": MID - 10_000}
    assert look(watch, 5, state(at_s=5, **away)) == []
    assert [each.code for each in look(watch, 10, state(at_s=10, **away))] == ["normal"]
