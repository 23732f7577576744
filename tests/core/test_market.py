"""The market view: a price when there is one, and a reason when there is not."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.market import MarketState, MarketView, Quote, Unusable
from sottovoce.core.reasons import REASONS

NOW_NS, MAX_AGE_NS = 1_000_000_000_000, 5_000_000_000
SOUND = MarketState(
    instrument_id="ACME", seq=9, quoted_ns=NOW_NS, bid=49_990_000, bid_size=300, ask=50_010_001, ask_size=200,
    last_px=50_000_000, volume=1_000, phase="open", venues=(),
)  # fmt: skip


def judged(**changes: object) -> Quote | Unusable:
    state = msgspec.structs.replace(SOUND, **changes)
    return MarketView(NOW_NS, {"ACME": state}, MAX_AGE_NS).quote("ACME")


def test_sound_quote_is_a_price() -> None:
    assert judged() == Quote(bid=49_990_000, bid_size=300, ask=50_010_001, ask_size=200, mid=50_000_000)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bid": 0}, "one_sided_quote"),
        ({"ask": 0}, "one_sided_quote"),
        ({"bid": -1}, "one_sided_quote"),
        ({"bid": 50_010_001}, "crossed_quote"),
        ({"bid": 50_010_002}, "crossed_quote"),
        ({"phase": "halted"}, "market_halted"),
        ({"phase": "closed"}, "market_closed"),
        ({"quoted_ns": NOW_NS - MAX_AGE_NS - 1}, "stale_quote"),
    ],
)
def test_unusable_quote_says_why(changes: dict[str, object], code: str) -> None:
    found = judged(**changes)
    assert isinstance(found, Unusable)
    assert found.code == code
    assert code in REASONS


def test_quote_as_old_as_allowed_is_still_a_price() -> None:
    assert isinstance(judged(quoted_ns=NOW_NS - MAX_AGE_NS), Quote)
    assert isinstance(judged(bid=50_010_000), Quote)


def test_unknown_name_has_no_market_data() -> None:
    view = MarketView(NOW_NS, {}, MAX_AGE_NS)
    found = view.quote("ACME")
    assert isinstance(found, Unusable)
    assert found.code == "no_market_data"
    assert (view.state("ACME"), view.feed_seq("ACME")) == (None, 0)


def test_view_judges_once() -> None:
    states = {"ACME": SOUND}
    view = MarketView(NOW_NS, states, MAX_AGE_NS)
    first = view.quote("ACME")
    states.clear()
    assert view.quote("ACME") is first
