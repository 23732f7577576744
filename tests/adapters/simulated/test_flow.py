"""The background's draws: when orders come, whose they are, how busy and volatile a day is, what a name is worth."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.simulated import institutions
from sottovoce.adapters.simulated.arrivals import CHILDREN, arrivals
from sottovoce.adapters.simulated.fundamental import NEWS_NS, NEWS_VARIANCE, common_news, exposures, fundamental
from sottovoce.adapters.simulated.pace import Pace, pace_of
from sottovoce.adapters.simulated.profile import OVERNIGHT_VARIANCE, Profile, profile_of, volume_share
from sottovoce.adapters.simulated.seeds import MARKET_NAME
from sottovoce.adapters.simulated.streams import BUYER, INSTITUTIONAL, LIMIT, SELLER, Flow, session_flow
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.happenings import EarningsJump, VolatilityBurst
from tests.adapters.simulated.names import OPEN_NS, SECOND_NS, SESSION_NS, name, sessions

SESSION = sessions(1)[0]
PROFILE = profile_of(name(), SESSION.date)
NOON_NS = OPEN_NS + SESSION_NS // 2


def pace(seed: int, profile: Profile = PROFILE) -> Pace:
    return pace_of(profile, SESSION, seed, 0)


def flow(seed: int) -> Flow:
    return session_flow(PROFILE, SESSION, seed, 0, np.array([0.5, 0.5]), pace(seed))


def path(profile: Profile, seed: int) -> FloatArray:
    times = np.arange(OPEN_NS, OPEN_NS + SESSION_NS, 60 * SECOND_NS)
    return fundamental(profile, SESSION, seed, 0, pace(seed, profile), times)


def test_trading_and_variance_are_one_on_average_over_days() -> None:
    """Log-normal days: 400 of them know the mean trading within 1.5 %, the mean variance within 6 %."""
    days = [pace(seed) for seed in range(400)]
    assert np.mean([day.trading[-1] for day in days]) == pytest.approx(1.0, abs=0.045)
    assert np.mean([day.variance[-1] for day in days]) == pytest.approx(1.0, abs=0.18)


def test_busy_sessions_are_volatile_ones() -> None:
    days = [pace(seed) for seed in range(60)]
    both = np.array([(day.trading[-1], day.variance[-1]) for day in days])
    assert np.corrcoef(np.log(both), rowvar=False)[0, 1] > 0.7


def test_arrivals_reach_their_numbers_and_come_in_bursts() -> None:
    """Counts in ten seconds vary more than a Poisson process of the same pace would make them."""
    quiet = pace(3)
    expected = 20_000 * np.array([1.0, 1.0, 0.5])
    times = arrivals(np.random.default_rng(1), quiet, expected)
    for found, wanted in zip(times, expected * quiet.trading[-1], strict=True):
        assert len(found) == pytest.approx(wanted, rel=0.05)
        assert (np.diff(found) >= 0).all()
    assert (times.market >= OPEN_NS).all()
    assert (times.market < OPEN_NS + SESSION_NS).all()
    counts = np.histogram(times.market, quiet.edges_ns)[0]
    meant = np.diff(quiet.trading) * 20_000
    assert ((counts - meant) ** 2).mean() / meant.mean() > 1.5


def test_arrivals_do_not_explode() -> None:
    assert np.abs(np.linalg.eigvals(CHILDREN)).max() < 0.9


def test_lengths_of_parents_have_the_tail_of_a_power_law() -> None:
    """P(L > l) = l^-1.5: within 4 standard errors of 100,000 draws at l = 4, 16 and 64."""
    lengths = institutions.parent_lengths(np.random.default_rng(1), 100_000)
    for length in (4, 16, 64):
        chance = float(length) ** -institutions.TAIL
        error = (chance * (1 - chance) / 100_000) ** 0.5
        assert (lengths >= length).mean() == pytest.approx(chance, abs=4 * error)
    assert lengths.max() <= institutions.LENGTH_MAX


def test_signs_of_institutions_remember_as_lillo_mike_and_farmer_say() -> None:
    """C(lag) ~ lag^-gamma with gamma = TAIL - 1 = 0.5, on two million signs: slope of lags 5 to 200 within 0.15."""
    signs = np.concatenate([institutions.order_signs(np.random.default_rng(seed), 200_000) for seed in range(10)])
    lags = np.array([5, 10, 20, 50, 100, 200])
    memory = [float((signs[:-lag] * signs[lag:]).mean()) for lag in lags]
    assert -np.polyfit(np.log(lags), np.log(memory), 1)[0] == pytest.approx(institutions.TAIL - 1, abs=0.15)


def owners_of(found: Flow) -> IntArray:
    return found.back[found.code < LIMIT]


def test_market_orders_belong_to_institutions_in_their_part() -> None:
    owners = owners_of(flow(1))
    assert np.isin(owners, (BUYER, SELLER)).mean() == pytest.approx(INSTITUTIONAL, abs=0.03)


def test_same_seed_same_flow_and_another_seed_another() -> None:
    first, again, other = flow(1), flow(1), flow(2)
    assert all(np.array_equal(getattr(first, each), getattr(again, each)) for each in Flow.__struct_fields__)
    assert not np.array_equal(first.times_ns[:100], other.times_ns[:100])


def test_names_move_together_by_what_they_share() -> None:
    """Correlation of one-minute moves over 20 sessions: the product of the loadings on the market, within 0.08."""
    one, other = (profile_of(name(each, sigma=0.012), SESSION.date) for each in ("ONE", "OTHER"))
    moves = [np.concatenate([np.diff(path(each, seed)) for seed in range(20)]) for each in (one, other)]
    shared = exposures(one)[0] * exposures(other)[0]
    assert shared > 0.3
    assert np.corrcoef(moves)[0, 1] == pytest.approx(shared, abs=0.08)


def test_news_makes_its_part_of_the_variance() -> None:
    """One-minute moves over 60 sessions against NEWS_VARIANCE of the part of a day that is not overnight."""
    total = np.mean([(np.diff(path(PROFILE, seed)) ** 2).sum() for seed in range(60)])
    assert total == pytest.approx(NEWS_VARIANCE * (1.0 - OVERNIGHT_VARIANCE), rel=0.25)


def test_exposures_are_the_whole_of_a_name() -> None:
    for profile in (PROFILE, profile_of(name(sigma=0.004), SESSION.date)):
        assert sum(each**2 for each in exposures(profile)) == pytest.approx(1.0)


def test_a_jump_is_in_the_fundamental_to_the_digit() -> None:
    jump = EarningsJump(instrument_id="SMALL", at_ns=NOON_NS, move=0.03, factor=1.0)
    times = np.array([NOON_NS - 1, NOON_NS])
    plain, moved = (fundamental(PROFILE, SESSION, 1, 0, pace(1), times, events) for events in ((), (jump,)))
    assert np.log1p(PROFILE.sigma * moved) - np.log1p(PROFILE.sigma * plain) == pytest.approx([0.0, 0.03])


def test_a_burst_is_squared_in_the_variance_and_plain_in_the_trading() -> None:
    burst = VolatilityBurst(instrument_id="SMALL", at_ns=OPEN_NS, duration_ns=SESSION_NS, factor=2.0)
    usual, high = pace(1), pace_of(PROFILE, SESSION, 1, 0, (burst,))
    assert high.variance[-1] == pytest.approx(4 * usual.variance[-1])
    assert high.trading[-1] == pytest.approx(2 * usual.trading[-1])


def test_news_of_the_night_is_felt_from_the_open_and_calms_down() -> None:
    jump = EarningsJump(instrument_id="SMALL", at_ns=OPEN_NS - SESSION_NS, move=0.05, factor=3.0, fade_s=600.0)
    ratio = np.diff(pace_of(PROFILE, SESSION, 1, 0, (jump,)).trading) / np.diff(pace(1).trading)
    assert ratio[0] == pytest.approx(3.0, abs=0.05)
    assert ratio[-1] == pytest.approx(1.0, abs=0.01)


def test_names_of_the_same_facts_have_their_own_news() -> None:
    """What is left of each without the market's news is uncorrelated: within 4 / sqrt(389) over one session."""
    times = np.arange(OPEN_NS, OPEN_NS + SESSION_NS, 60 * SECOND_NS)
    shared = common_news(1, MARKET_NAME, 0, SESSION)[(times - OPEN_NS) // NEWS_NS]
    alone = [np.diff(path(profile_of(name(each), SESSION.date), 1) - exposures(PROFILE)[0] * shared) for each in "AB"]
    assert abs(float(np.asarray(np.corrcoef(alone))[0, 1])) < 4 / len(alone[0]) ** 0.5


@pytest.mark.parametrize("curve", [(), (0.2, 0.1, 0.1, 0.6)])
def test_curve_of_the_day_runs_from_nothing_to_all(curve: tuple[float, ...]) -> None:
    done = volume_share(curve, np.linspace(0.0, 1.0, 41))
    assert done[[0, -1]] == pytest.approx([0.0, 1.0])
    assert (np.diff(done) > 0).all()
    assert not curve or done[10] == pytest.approx(0.2)
