"""Gates: their ranges as the reference text has them, and judgements that can go either way."""

from __future__ import annotations

from math import sqrt

import pytest

from sottovoce.analytics.market_facts.gates import GATES, Gate, gates_for, judge
from sottovoce.analytics.market_facts.pooling import Estimate, pooled, unmeasured


def test_every_fact_of_the_reference_text_has_a_gate() -> None:
    facts = {gate.fact for gate in GATES}
    assert len(facts) == 12
    assert len({gate.key for gate in GATES}) == len(GATES)


@pytest.mark.parametrize(
    ("key", "allowed"),
    [
        ("impact_exponent", "[0.4, 0.7]"),
        ("impact_prefactor", "[0.3, 3]"),
        ("decay", "(0.3, 0.95)"),
        ("sign_memory", "[0.3, 0.8]"),
        ("diffusivity", "[0.8, 1.2]"),
        ("signature_flat", "≤ 0.25"),
        ("volume_open", "> 1.5"),
        ("auction_share", "[0.05, 0.15]"),
        ("fat_tails", "[2.5, 5]"),
        ("clustering", "> 0.05"),
        ("flow_r_squared", "> 0.4"),
        ("flow_slope", "[0.5, 2]"),
        ("markout", "< 0"),
        ("react_zero", "0"),
    ],
)
def test_ranges_are_those_published(key: str, allowed: str) -> None:
    """Source: reference text simulation.md §6."""
    assert {gate.key: gate.allowed for gate in GATES}[key] == allowed


def test_spread_is_judged_by_the_bucket_of_the_name() -> None:
    gate = next(gate for gate in gates_for(1.5, 3.0) if gate.key == "spread")
    assert gate.admits(1.5)
    assert not gate.admits(3.01)


def test_edge_of_a_strict_gate_is_outside() -> None:
    closed, strict = (
        Gate(key="a", fact="", measure="", low=0.0, high=1.0),
        Gate(key="b", fact="", measure="", low=0.0, high=1.0, strict=True),
    )
    assert closed.admits(0.0)
    assert closed.admits(1.0)
    assert not strict.admits(0.0)
    assert not strict.admits(1.0)


def test_explanation_is_for_failures_only() -> None:
    gate = GATES[0]
    assert judge(gate, Estimate(value=0.5), "because").explanation == ""
    assert judge(gate, Estimate(value=0.5), "because").verdict == "passed"
    assert judge(gate, Estimate(value=0.9), "because").verdict == "explained"
    assert judge(gate, Estimate(value=0.9)).verdict == "failed"


def test_what_was_not_measured_has_not_passed() -> None:
    assert not judge(GATES[0], unmeasured("no orders")).passed


def test_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = [1.0, 2.0, 4.0, 9.0]
    found = pooled(values, lambda kept: sum(kept) / len(kept))
    spread = sqrt(sum((each - 4.0) ** 2 for each in values) / 3)
    assert found.value == 4.0
    assert found.error == pytest.approx(spread / 2)


def test_figure_that_is_no_number_says_why() -> None:
    found = pooled([1.0], lambda kept: float("nan"), missing="nothing moved")
    assert (found.value, found.note) == (None, "nothing moved")
    assert pooled([], lambda kept: 1.0).value is None
