"""Earlier days' volume over the clock."""

from __future__ import annotations

import pytest

from sottovoce.adapters.tape.curve import mean_volume_shares, tape_curve, volume_shares
from sottovoce.core.errors import ModelError
from sottovoce.models.volume import cumulative_fraction
from tests.adapters.tape.synthetic import SESSION, trades

CLOSE_S = 23_400.0
HOUR_NS = 3_600_000_000_000


def test_volume_shares_follow_the_clock_and_sum_to_one() -> None:
    rows = trades([(0, 10.0, 500, "N", 0x40), (1, 10, 300, "N", 1), (CLOSE_S - 1, 10, 100, "D", 1)])
    shares = volume_shares(rows, SESSION, bins=4)
    assert shares.tolist() == [0.75, 0.0, 0.0, 0.25]
    other = trades([(1, 10, 100, "N", 1)])
    assert mean_volume_shares([(rows, SESSION), (other, SESSION)], bins=4).tolist() == [0.875, 0, 0, 0.125]


def test_volume_curve_of_no_days_or_no_buckets_is_refused() -> None:
    with pytest.raises(ModelError):
        mean_volume_shares([])
    with pytest.raises(ModelError):
        volume_shares(trades([(1, 10, 100, "N", 1)]), SESSION, bins=0)


def test_curve_for_planning_keeps_the_exchange_clock_and_the_auctions_apart() -> None:
    rows = trades(
        [
            (0, 10, 100, "N", 0x40),
            (1, 10, 600, "N", 1),
            (CLOSE_S - 1, 10, 200, "D", 1),
            (CLOSE_S + 9, 10, 100, "N", 0x80),
        ]
    )
    curve = tape_curve("TST", [(rows, SESSION)], bins=2)
    assert curve.edges_ns == (9 * HOUR_NS + HOUR_NS // 2, 12 * HOUR_NS + 3 * HOUR_NS // 4, 16 * HOUR_NS)
    assert curve.shares == pytest.approx((0.75, 0.25), abs=1e-12)
    assert (curve.open_auction, curve.close_auction) == (0.1, 0.1)
    assert cumulative_fraction(curve, 16 * HOUR_NS) == 1.0
    assert "2013-10-08" in curve.origin
