"""The impact study: its fit against laws known beforehand, and a small study from end to end."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tools.impact_study import fit, fit_law, main

SIZES = np.array([0.002, 0.005, 0.01, 0.02, 0.05, 0.1])


@pytest.mark.parametrize(("prefactor", "exponent"), [(0.842, 0.489), (1.0, 1.0), (2.5, 0.6)])
def test_fit_finds_an_exact_law(prefactor: float, exponent: float) -> None:
    found = fit(SIZES, prefactor * SIZES**exponent)
    assert found == pytest.approx((prefactor, exponent), rel=2e-3)


def test_interval_covers_the_law_and_narrows_with_seeds() -> None:
    rng = np.random.default_rng(1)
    noisy = SIZES**0.5 * (1.0 + 0.3 * rng.standard_normal((64, len(SIZES))))
    few, many = fit_law(SIZES, noisy[:8]), fit_law(SIZES, noisy)
    assert many.exponent_low < 0.5 < many.exponent_high
    assert many.exponent_high - many.exponent_low < few.exponent_high - few.exponent_low


def test_linear_market_would_not_pass_as_concave() -> None:
    rng = np.random.default_rng(1)
    noisy = SIZES * (1.0 + 0.1 * rng.standard_normal((16, len(SIZES))))
    assert fit_law(SIZES, noisy).exponent_high >= 1.0


def test_small_study_finds_concave_cost_and_writes_its_plot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--symbol", "A", "--sizes", "0.005,0.05", "--seeds", "3", "--out", str(tmp_path)]
    assert main(words) == 0
    assert "delta" in capsys.readouterr().out
    figures = json.loads((tmp_path / "impact.json").read_text("utf-8"))
    assert 0.2 < figures["laws"]["cost"]["exponent"] < 0.8
    assert (tmp_path / "impact.svg").read_text("utf-8").lstrip().startswith("<svg")
    assert (tmp_path / "impact.png").stat().st_size > 1_000


def test_unknown_symbol_is_refused(tmp_path: Path) -> None:
    assert main(["--symbol", "NOSUCHNAME", "--out", str(tmp_path)]) == 2
