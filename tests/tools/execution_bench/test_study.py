"""The study from end to end on outcomes that are known, taken up where it stopped, and what the report says of it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from sottovoce.analytics import paired
from sottovoce.models.impact_fit import Estimate
from tests.tools.execution_bench.synthetic import synthetic
from tools.execution_bench import __main__ as command
from tools.execution_bench import study
from tools.execution_bench.calibrating import shrunk
from tools.execution_bench.findings import POOLED, comparisons, coverages
from tools.execution_bench.learned import Learned
from tools.execution_bench.report import markdown, report_of
from tools.execution_bench.study import Found, Plan
from tools.execution_bench.tapes import tape_differences
from tools.execution_bench.tasks import Done, Task

PLAN = Plan(history=3, fit=144, ends=144, sessions=60)


@pytest.fixture(autouse=True)
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bootstrap of 200 draws: the verdicts here are not close."""
    monkeypatch.setattr(paired, "DRAWS", 200)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Found]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(study, "do", synthetic)
        return study.run(PLAN, tmp_path_factory.mktemp("study"), 1)


def test_risk_of_a_calmer_arm_is_a_gain_and_an_equal_cost_is_none(found: list[Found]) -> None:
    orders = [order for each in found for order in each.tested]
    said = {(row.arm, row.against, row.measure): row.verdict for row in comparisons(orders) if row.market == POOLED}
    assert said["is_medium", "twap", "risk"] == "gain"
    assert said["is_medium", "twap", "cost"] == "no gain"
    assert said["is_high", "twap", "cost"] == "loss"
    assert said["vwap_dynamic", "vwap", "tracking"] == "gain"


def test_generators_that_disagree_make_it_model_dependent(found: list[Found]) -> None:
    orders = []
    for each in found:
        for order in each.tested:
            worse = 9.0 if each.generator == "queues" and order.arm == "vwap" else 0.0
            orders.append(msgspec.structs.replace(order, tracking_bps=order.tracking_bps + worse))
    said = {(row.arm, row.against, row.measure): row.verdict for row in comparisons(orders) if row.market == POOLED}
    assert said["vwap", "twap", "tracking"] == "model-dependent"


def test_learned_ends_cover_where_the_plans_own_scale_is_too_wide(found: list[Found]) -> None:
    orders = [order for each in found for order in each.tested]
    rows = coverages(orders, {each.generator: each.learned for each in found})
    pooled = {(row.size, row.ends): row for row in rows if row.market == POOLED}
    assert len(pooled) == 6
    for size in ("small", "medium", "large"):
        assert pooled[size, "learned"].found.part < pooled[size, "normal"].found.part
        assert pooled[size, "learned"].width_bps < pooled[size, "normal"].width_bps


def test_orders_of_the_training_teach_one_thing_each(found: list[Found]) -> None:
    for each in found:
        assert each.learned.quantiles.orders == PLAN.ends
        assert len({order.seed for order in each.training}) == PLAN.fit + PLAN.ends
        assert not {order.seed for order in each.training} & {order.seed for order in each.tested}


def test_study_is_taken_up_where_it_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    stop_at = 100

    def stopping(task: Task, learned: Learned) -> Done:
        if len(done) == stop_at:
            raise KeyboardInterrupt
        done.append(task.key)
        return synthetic(task, learned)

    plan = Plan(generators=("agents",), history=3, fit=120, ends=120, sessions=10)
    monkeypatch.setattr(study, "do", stopping)
    with pytest.raises(KeyboardInterrupt):
        study.run(plan, tmp_path, 1)
    (cut,) = tmp_path.glob("fit-*.jsonl")
    cut.write_bytes(cut.read_bytes() + b'{"key": "train/age')
    stop_at = -1
    study.run(plan, tmp_path, 1)
    assert len(done) == len(set(done)) == 3 + 240 + 10


def test_coefficients_of_few_orders_stay_near_the_published_ones() -> None:
    told = shrunk(Estimate(value=0.5, error=1e6), 0.142)
    assert told.value == pytest.approx(0.142)
    assert shrunk(Estimate(value=0.5, error=1e-6), 0.142).value == pytest.approx(0.5)
    assert shrunk(Estimate(value=-3.0, error=1e-3), 0.142).value == pytest.approx(0.0142)


def test_report_says_plainly_where_there_is_no_gain(found: list[Found]) -> None:
    text = markdown(report_of(found, []))
    assert "No gain: the interval contains zero on both generators" in text
    assert "IS, medium urgency against TWAP, mean cost" in text.split("No gain", 1)[1]
    assert "recorded days were not tried" in text


def test_command_writes_every_file_and_all_figures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(study, "do", synthetic)
    words = ["--out", str(tmp_path), "--sessions", "24", "--fit", "120", "--ends", "120"]
    assert command.main([*words, "--history", "3", "--processes", "1", "--no-tapes", "--json"]) in (0, 1)
    figures = json.loads(capsys.readouterr().out)
    assert {row["measure"] for row in figures["differences"]} >= {"cost", "risk", "tracking"}
    assert figures == json.loads((tmp_path / "report.json").read_text("utf-8"))
    for name in ("cost", "risk", "tracking", "coverage"):
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (tmp_path / "report.html").read_text("utf-8")


def test_recorded_days_count_as_days_and_their_buys_and_sells_as_one() -> None:
    orders = []
    for number, label in enumerate(("A 1", "A 2", "B 1")):
        task = Task(stage="test", generator=label, number=number)
        orders += [msgspec.structs.replace(each, seed=0) for each in synthetic(task, Learned()).orders]
        task = Task(stage="test", generator=label, number=number + 50)
        orders += [msgspec.structs.replace(each, seed=1) for each in synthetic(task, Learned()).orders]
    chosen = [each for each in orders if each.size == "medium"]
    (row,) = (
        each
        for each in tape_differences(chosen)
        if (each.arm, each.against, each.measure) == ("is_high", "twap", "cost")
    )
    assert (row.days, row.found.n) == (3, 6)
    assert row.found.value == pytest.approx(3.0)
