"""Volume and volatility as known on the eve: geometric, exponentially weighted, and blind to the day itself."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.calibration.normalise import DailyHistory, ewma_sigma, geometric_adv, normalised
from tests.analytics.calibration.finished import one

DATES = (*(f"2026-02-{day:02}" for day in range(1, 29)), "2026-03-02", "2026-03-03")


def history(**changes: np.ndarray) -> dict[str, DailyHistory]:
    rng = np.random.default_rng(3)
    columns = {"volume": rng.uniform(1e5, 3e5, 30), "close": 40 * np.exp(0.01 * rng.standard_normal(30).cumsum())}
    return {"AAA": DailyHistory(dates=DATES, **(columns | changes))}


def test_the_geometric_mean_forgives_one_wild_day() -> None:
    volume = np.full(20, 1e6)
    volume[7] = 1e9
    assert geometric_adv(volume) == pytest.approx(1e6 * 1000 ** (1 / 20))


def test_a_steady_move_has_its_own_volatility() -> None:
    close = 10 * np.exp(0.015 * np.cumsum([0.0, *[(-1) ** day for day in range(20)]]))
    assert ewma_sigma(close) == pytest.approx(0.015)


def test_yesterday_counts_more_than_last_month() -> None:
    moves = np.full(21, 0.0)
    early, late = moves.copy(), moves.copy()
    early[1], late[20] = 0.05, 0.05
    then, now = ewma_sigma(np.exp(early.cumsum())), ewma_sigma(np.exp(late.cumsum()))
    assert then is not None
    assert now is not None
    assert now > 1.5 * then


def test_the_day_of_the_order_and_after_are_never_read() -> None:
    before = normalised(one(), history())
    wild = history()
    wild["AAA"].volume[28:], wild["AAA"].close[28:] = 1e12, 1e6
    assert normalised(one(), wild) == before
    assert before.adv == pytest.approx(geometric_adv(history()["AAA"].volume[:28]))


def test_too_short_a_history_leaves_the_order_as_it_came() -> None:
    early = one(date="2026-02-20")
    assert normalised(early, history()) == early
    assert normalised(one(symbol="BBB"), history()) == one(symbol="BBB")


@pytest.mark.parametrize("figures", [np.full(19, 1.0), np.array([1.0] * 19 + [0.0]), np.full(20, np.nan)])
def test_a_history_with_holes_gives_nothing(figures: np.ndarray) -> None:
    assert geometric_adv(figures) is None
    assert ewma_sigma(figures) is None
