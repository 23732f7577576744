"""A horizon cut by the clock: its volume whole, its labels the times its buckets end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.session_buckets import session_buckets
from sottovoce.models.volume import US_EQUITY, fit_to_session, volume_curve


def test_a_session_in_ten_minutes() -> None:
    found = session_buckets(US_EQUITY, 1.0, 39)
    assert (found.labels[0], found.labels[-1]) == ("09:40", "16:00")
    assert found.volume_days[:3].sum() == pytest.approx(0.0737 + 0.0676, rel=1e-3)


def test_two_days_say_which() -> None:
    found = session_buckets(US_EQUITY, 2.0, 4)
    assert found.labels == ("day 1 12:45", "day 1 16:00", "day 2 12:45", "day 2 16:00")
    assert found.volume_days[:2] == pytest.approx(found.volume_days[2:])


@given(st.floats(0.05, 5.0), st.integers(1, 60))
def test_nothing_is_lost(days: float, buckets: int) -> None:
    found = session_buckets(US_EQUITY, days, buckets)
    whole = int(days)
    assert len(found.labels) == buckets
    assert whole - 1e-9 <= found.volume_days.sum() <= whole + 1 + 1e-9
    assert (found.volume_days > 0).all()


def test_an_early_close_ends_early() -> None:
    short = fit_to_session(US_EQUITY, 570 * NS_PER_MINUTE, 780 * NS_PER_MINUTE)
    assert session_buckets(short, 1.0, 7).labels[-1] == "13:00"


def test_a_bucket_without_volume_is_refused() -> None:
    curve = volume_curve(name="gap", origin="test", edges_ns=(0, 10**12, 2 * 10**12), shares=(1.0, 0.0))
    with pytest.raises(ModelError) as refused:
        session_buckets(curve, 1.0, 4)
    assert refused.value.code == "no_volume"
