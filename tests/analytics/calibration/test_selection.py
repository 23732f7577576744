"""Which parents are fitted, and under which reason the others are counted."""

from __future__ import annotations

import pytest

from sottovoce.analytics.calibration.selection import choose
from tests.analytics.calibration.finished import one


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quantity": 0.0}, "nothing filled"),
        ({"average_px": float("nan")}, "no arrival or average price"),
        ({"adv": None}, "no average daily volume"),
        ({"sigma_daily": 0.0}, "no daily volatility"),
        ({"event": True}, "day of an event"),
        ({"quantity": 0.5}, "smaller than a millionth of a day"),
        ({"average_px": 80.0}, "cost beyond 25 daily volatilities"),
        ({"strategy": "VWAP"}, "bound to a benchmark (VWAP, close)"),
        ({"strategy": "CLOSE"}, "bound to a benchmark (VWAP, close)"),
        ({"shares_outstanding": None}, "no shares outstanding"),
        ({"post_px": None}, "no price half an hour after"),
        ({"duration_days": 0.0}, "no duration in volume time"),
        ({"post_days": 0.1}, "post price not after the last fill"),
    ],
)
def test_an_order_the_almgren_form_cannot_use_is_counted(changes: dict[str, object], reason: str) -> None:
    chosen = choose([one(), one(**changes)], "almgren")
    assert chosen.parents == (one(),)
    assert chosen.dropped == {reason: 1}


@pytest.mark.parametrize("changes", [{"strategy": "VWAP"}, {"post_px": None}, {"shares_outstanding": None}])
def test_a_law_of_size_alone_keeps_it(changes: dict[str, object]) -> None:
    assert choose([one(**changes)], "square_root").parents == (one(**changes),)


def test_days_of_events_are_kept_on_request() -> None:
    assert choose([one(event=True)], "square_root", keep_events=True).dropped == {}


def test_the_order_of_the_file_does_not_matter() -> None:
    first, second = one(parent_id="A", date="2026-03-03"), one(parent_id="B", date="2026-03-02")
    assert choose([first, second], "almgren").parents == choose([second, first], "almgren").parents == (second, first)
