"""Venue scores: what they charge for, how they are quantised and how ties end."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce.core.errors import ModelError
from sottovoce.models.scoring import ScoreWeights, VenueCandidate, preferring, rank, score

NEUTRAL = VenueCandidate(mic="XNYS", improvement=0, fee=0, latency_ns=0, fill_probability=1.0, displayed=1_000)
candidates = st.builds(
    VenueCandidate,
    mic=st.sampled_from(["ARCX", "BATS", "XBOS", "XNAS", "XNYS"]),
    improvement=st.integers(-20_000, 20_000),
    fee=st.integers(-3_000, 3_000),
    latency_ns=st.integers(0, 20_000_000),
    fill_probability=st.floats(0.0, 1.0),
    displayed=st.integers(0, 5_000),
    adverse=st.integers(-10_000, 10_000),
)


def test_never_ranked_by_rebate() -> None:
    """T-RTE-10: cost A 0.0076, B 0.004775 dollars a share, so the venue that pays no rebate wins."""
    a = VenueCandidate(
        mic="AAAA",
        improvement=0,
        fee=-2_000,
        adverse=6_000,
        latency_ns=0,
        fill_probability=0.55,
        displayed=100,
    )
    b = VenueCandidate(
        mic="BBBB", improvement=0, fee=500, adverse=3_000, latency_ns=0, fill_probability=0.85, displayed=100
    )
    best, runner_up = rank([a, b], 100, ScoreWeights(miss=12_000))
    assert (best.mic, runner_up.mic) == ("BBBB", "AAAA")
    assert runner_up.score == -7_600
    assert best.score == pytest.approx(-4_775, abs=1)


@pytest.mark.parametrize(
    ("change", "effect"),
    [
        ({"improvement": 5_000}, 5_000),
        ({"fee": 3_000}, -3_000),
        ({"fee": -2_000}, 2_000),
        ({"adverse": 700}, -700),
        ({"latency_ns": 3_000_000}, -300),
        ({"fill_probability": 0.5}, -2_500),
        ({"displayed": 600}, -400),
        ({"displayed": 0}, -1_000),
        ({"displayed": 5_000}, 0),
    ],
)
def test_each_factor_alone(change: dict[str, int], effect: int) -> None:
    assert score(NEUTRAL, 1_000).score == 0
    assert score(replace(NEUTRAL, **change), 1_000).score == effect


@given(candidate=candidates, needed=st.integers(1, 10_000))
def test_parts_are_integers_that_add_up(candidate: VenueCandidate, needed: int) -> None:
    found = score(candidate, needed)
    parts = (found.price, found.fee, found.adverse, found.miss, found.latency, found.size)
    assert all(type(part) is int for part in (*parts, found.score))
    assert found.score == sum(parts)


@given(offered=st.lists(candidates, max_size=6), needed=st.integers(1, 10_000))
def test_order_given_does_not_matter(offered: list[VenueCandidate], needed: int) -> None:
    ranked = rank(offered, needed)
    keys = [(-each.score, each.mic) for each in ranked]
    assert keys == sorted(keys)
    assert [(each.score, each.mic) for each in rank(offered[::-1], needed)] == [
        (each.score, each.mic) for each in ranked
    ]


def test_ties_go_by_mic_and_a_speck_of_float_does_not_decide() -> None:
    near = [
        replace(NEUTRAL, mic="XNYS", improvement=5_000, fill_probability=0.7 + 1e-12),
        replace(NEUTRAL, mic="BATS", improvement=5_000, fill_probability=0.7),
    ]
    assert [each.mic for each in rank(near, 100)] == ["BATS", "XNYS"]


@pytest.mark.parametrize("probability", [-0.1, 1.1, float("nan")])
def test_impossible_probability_is_refused(probability: float) -> None:
    with pytest.raises(ModelError) as refused:
        rank([replace(NEUTRAL, fill_probability=probability)], 100)
    assert refused.value.code == "out_of_range"


def test_nothing_to_place_is_refused_and_nowhere_to_place_is_empty() -> None:
    assert rank([], 100) == []
    with pytest.raises(ModelError) as refused:
        rank([NEUTRAL], 0)
    assert refused.value.code == "not_positive"


@given(
    offered=st.lists(candidates, min_size=1, max_size=6),
    preferred=st.sets(st.sampled_from(["ARCX", "XNAS", "XNYS"])),
    bonus=st.integers(0, 5_000),
)
def test_a_preference_costs_no_more_than_its_bonus(
    offered: list[VenueCandidate], preferred: set[str], bonus: int
) -> None:
    plain = rank(offered, 1_000)
    found = preferring(plain, preferred, bonus)
    own = {(each.mic, each.score - each.preferred) for each in found}
    assert own == {(each.mic, each.score) for each in plain}
    assert found[0].score - found[0].preferred >= plain[0].score - bonus
    assert [(-each.score, each.mic) for each in found] == sorted((-each.score, each.mic) for each in found)
    assert all(each.preferred == (bonus if each.mic in preferred else 0) for each in found)
