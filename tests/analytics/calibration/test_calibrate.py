"""From parents to a record: figures with intervals, what was left out, the guard, and a version that is its content."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.analytics.calibration.calibrate import Settings, buckets_of, calibrate
from sottovoce.analytics.calibration.picture import model_spec
from sottovoce.analytics.calibration.words import model_text
from sottovoce.core.errors import ModelError
from sottovoce.models.impact_almgren import ALMGREN_2005
from sottovoce.models.impact_answer import answer
from sottovoce.models.impact_record import CalibratedImpact, almgren_of, square_root_of
from tests.analytics.calibration.finished import ADV, ARRIVAL, SIGMA, many, one

ALMGREN = Settings(form="almgren", draws=200)
SQUARE_ROOT = Settings(form="square_root", draws=200)


@pytest.fixture(scope="module")
def almgren() -> CalibratedImpact:
    return calibrate([*many(), one(strategy="VWAP"), one(post_px=None)], ALMGREN, notes=("a note",))


@pytest.fixture(scope="module")
def law() -> CalibratedImpact:
    return calibrate(many(), SQUARE_ROOT)


def test_the_record_says_what_it_is_from(almgren: CalibratedImpact) -> None:
    assert (almgren.n, almgren.clusters, almgren.window) == (400, 79, ("2026-03-01", "2026-03-08"))
    assert almgren.dropped == {"bound to a benchmark (VWAP, close)": 1, "no price half an hour after": 1}
    assert almgren.guard.endswith(f"expected cost {almgren.guard.split()[-1]}")
    assert len(almgren.buckets) == 3
    assert len(almgren.symbols) == 10
    assert almgren.out_of_sample is not None
    assert almgren.out_of_sample.miss < almgren.out_of_sample.nothing


def test_the_published_figures_lie_in_their_own_samples_intervals(almgren: CalibratedImpact) -> None:
    """One sample of the published law: each of the two within three of its errors."""
    for name in ("gamma", "eta"):
        found = almgren.parameter(name)
        assert abs(found.value - getattr(ALMGREN_2005, name)) < 3 * found.error
        assert found.low < found.value < found.high
    assert [almgren.parameter(name).held for name in ("alpha", "delta", "beta")] == [True] * 3


def test_what_planning_takes_carries_the_sample(almgren: CalibratedImpact) -> None:
    taken = almgren_of(almgren)
    assert (taken.version, taken.n, taken.window) == (almgren.version, 400, "2026-03-01 to 2026-03-08")
    assert (taken.gamma, taken.eta) == (almgren.parameter("gamma").value, almgren.parameter("eta").value)
    assert (taken.size_min, taken.size_max) == almgren.size_range


def test_the_version_is_the_content(almgren: CalibratedImpact) -> None:
    again = calibrate([one(post_px=None), *reversed(many()), one(strategy="VWAP")], ALMGREN, notes=("a note",),
                      created_ns=77)  # fmt: skip
    assert again.version == almgren.version
    assert again.created_ns == 77
    other = calibrate(many()[:-1], ALMGREN)
    assert other.version != almgren.version
    assert msgspec.json.decode(msgspec.json.encode(almgren), type=CalibratedImpact).version == almgren.version


def test_the_law_answers_with_interval_version_and_extrapolation(law: CalibratedImpact) -> None:
    inside, outside = answer(law, 0.02, 0.015), answer(law, 0.6, 0.015)
    assert inside.low_bps is not None
    assert inside.high_bps is not None
    assert inside.low_bps < inside.value_bps < inside.high_bps
    assert (inside.version, inside.n, inside.extrapolated, outside.extrapolated) == (law.version, 400, False, True)
    taken = square_root_of(law)
    average = taken.prefactor * 0.02**taken.exponent / (1 + taken.exponent) * 150
    assert average == pytest.approx(inside.value_bps)


def test_the_interval_of_the_law_is_narrowest_where_the_orders_are(law: CalibratedImpact) -> None:
    def width(size: float) -> float:
        said = answer(law, size, 0.02)
        assert said.high_bps is not None
        assert said.low_bps is not None
        return said.high_bps / said.low_bps

    assert width(0.03) < width(0.0003)
    assert width(0.03) < width(1.0)


def test_the_almgren_form_answers_for_a_duration(almgren: CalibratedImpact) -> None:
    said = answer(almgren, 0.05, SIGMA, duration_days=0.2, turnover=200.0)
    quick = answer(almgren, 0.05, SIGMA, duration_days=0.05, turnover=200.0)
    assert said.low_bps is not None
    assert 0 < said.value_bps < quick.value_bps
    with pytest.raises(ModelError) as refused:
        answer(almgren, 0.05, SIGMA)
    assert refused.value.code == "figures_missing"


def test_a_record_of_one_form_is_not_taken_for_the_other(law: CalibratedImpact, almgren: CalibratedImpact) -> None:
    for wrong in (lambda: almgren_of(law), lambda: square_root_of(almgren)):
        with pytest.raises(ModelError) as refused:
            wrong()
        assert refused.value.code == "other_form"


def manipulable(n: int = 500) -> list:  # type: ignore[type-arg]
    """Orders whose permanent move goes with the root of their rate, and hardly a temporary cost."""
    rng = np.random.default_rng(4)
    rows = []
    for at, each in enumerate(many(n, 100)):
        days, post = each.duration_days or 0.0, each.post_days or 0.0
        rate = each.quantity / ADV / days
        moved = 2.0 * days * rate**0.5 + 0.01 * np.sqrt(post) * rng.standard_normal()
        cost = moved / 2 + 0.02 * rate**0.6 + 0.01 * rng.standard_normal()
        rows.append(
            replace(each, parent_id=f"M{at}", post_px=float(ARRIVAL * (1 + each.side * SIGMA * moved)),
                    average_px=float(ARRIVAL * (1 + each.side * SIGMA * cost)))
        )  # fmt: skip
    return rows


def test_a_model_with_price_manipulation_is_refused_naming_the_round_trip() -> None:
    with pytest.raises(ModelError, match=r"round trip: buy .* then sell .* expected cost -") as refused:
        calibrate(manipulable(), Settings(form="almgren", draws=200, free=True))
    assert refused.value.code == "price_manipulation"


def test_the_same_orders_with_the_published_exponents_may_plan() -> None:
    assert calibrate(manipulable(), ALMGREN).parameter("alpha").value == 1.0


def test_orders_that_got_better_prices_give_no_law() -> None:
    rows = [
        replace(each, average_px=ARRIVAL * (1 - each.side * SIGMA * (each.quantity / ADV) ** 0.5) * (1 + 1e-5 * at))
        for at, each in enumerate(many())
    ]
    with pytest.raises(ModelError) as refused:
        calibrate(rows, SQUARE_ROOT)
    assert refused.value.code in {"bad_fit", "no_interval", "no_fit"}


def test_nothing_to_fit_says_why() -> None:
    with pytest.raises(ModelError, match="1 no average daily volume") as refused:
        calibrate([one(adv=None)], ALMGREN)
    assert refused.value.code == "too_few_orders"


def test_buckets_are_thirds_by_dollar_volume_unless_given() -> None:
    rows = tuple(one(symbol=f"S{at}", adv=1e5 * (at + 1)) for at in range(6))
    assert buckets_of(rows) == ["thin", "thin", "middle", "middle", "liquid", "liquid"]
    assert buckets_of((one(bucket="Energy"),)) == ["Energy"]


def test_a_person_reads_every_part(almgren: CalibratedImpact) -> None:
    text = model_text(almgren)
    for part in (almgren.version, "gamma", "held", "out of sample", "cheapest round trip", "buckets", "factors",
                 "left out: 1 bound", "note: a note", "sector concentration: not estimated"):  # fmt: skip
        assert part in text


def test_the_drawing_has_every_bin_with_its_interval(law: CalibratedImpact) -> None:
    layers = model_spec(law)["layer"]
    assert isinstance(layers, list)
    bars = layers[1]["data"]["values"]
    assert len(bars) == len(law.bins)
    assert all(bar["low"] < bar["y"] < bar["high"] for bar in bars)
