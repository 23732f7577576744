"""Arms of a session meet the same market: nothing but our own orders tells their tapes apart."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Side
from sottovoce.core.instrument import known
from sottovoce.core.ports import Market
from sottovoce.runtime.config import Config
from sottovoce.runtime.markets import open_market
from tools.execution_bench.arms import ARMS, FOLLOWING, SIZES, TRAINED, TWAP, VWAP, Arm
from tools.execution_bench.learned import Learned, config_for
from tools.execution_bench.playing import Asked, Played, play, played
from tools.execution_bench.sessions import (
    COMBINATIONS,
    GENERATORS,
    HISTORY_SEED,
    TEST_SEED,
    TRAIN_SEED,
    at_minute,
    day,
    instrument,
    meeting_of,
)
from tools.execution_bench.study import Plan
from tools.execution_bench.tasks import Task, asked_of, trained
from tools.market_study.playing import tape_digest

SYMBOL = "XEC US"


def market(generator: str, seed: int = 5) -> Market:
    return open_market(GENERATORS[generator], [instrument(SYMBOL)], (day(),), seed)


def asked(qty: int, minutes: int = 8) -> Asked:
    return Asked(side=Side.BUY, qty=qty, start_ns=at_minute(day(), 1), end_ns=at_minute(day(), 1 + minutes))


def order_of(generator: str, arm: Arm, qty: int = 1_000) -> Played:
    name, config = instrument(SYMBOL), config_for(Learned(), arm)
    return played(
        market(generator), name, day(), arm, asked(qty), config, label=generator, seed=5, size="test",
        adv=known(name.adv) or 0.0,
    )  # fmt: skip


@pytest.mark.parametrize("generator", GENERATORS)
def test_arm_without_quantity_leaves_the_tape_bit_equal(generator: str) -> None:
    alone, name = market(generator), instrument(SYMBOL)
    while alone.advance(asked(0).end_ns):
        pass
    digests = set()
    for qty in (0, 1_000):
        again = market(generator)
        play(again, name, day(), TWAP, asked(qty), Config(), to_post=False)
        digests.add((qty > 0, tape_digest(again.tape(name.instrument_id))))
    own = tape_digest(alone.tape(name.instrument_id))
    assert (False, own) in digests
    assert (True, own) not in digests


@pytest.mark.parametrize("generator", GENERATORS)
def test_same_seed_and_arm_give_the_same_figures_to_the_last_bit(generator: str) -> None:
    assert order_of(generator, VWAP) == order_of(generator, VWAP)


def test_dynamic_arm_is_told_apart_by_its_plan_alone() -> None:
    static, dynamic = config_for(Learned(), VWAP), config_for(Learned(), FOLLOWING)
    assert dynamic.planning.follow_ppm > 0
    assert msgspec.structs.replace(dynamic.planning, follow_ppm=0) == static.planning


def test_every_arm_asks_for_the_same_order() -> None:
    meeting = meeting_of("agents", TEST_SEED)
    assert len({asked_of(meeting, size, Learned()).start_ns for size in SIZES}) == 1
    assert [asked_of(meeting, size, Learned()).qty for size in SIZES] == sorted(
        asked_of(meeting, size, Learned()).qty for size in SIZES
    )


def test_twelve_seeds_are_every_name_side_and_window_once() -> None:
    found = {(m.symbol, m.side, m.start_min) for m in (meeting_of("agents", TEST_SEED + n) for n in range(12))}
    assert len(found) == 12


def test_seeds_of_history_training_and_test_never_meet() -> None:
    plan = Plan()
    assert HISTORY_SEED + plan.history <= TRAIN_SEED
    assert TRAIN_SEED + plan.fit + plan.ends <= TEST_SEED


@pytest.mark.parametrize(("stage", "first", "number"), [("fit", 0, Plan().fit), ("ends", Plan().fit, Plan().ends)])
def test_every_size_is_trained_by_every_arm(stage: str, first: int, number: int) -> None:
    """Training in which a size met one name only, or an arm one side, would teach another market."""
    seeds = range(TRAIN_SEED + first, TRAIN_SEED + first + number)
    tasks = [Task(stage=stage, generator="agents", number=seed) for seed in seeds]
    found = [(meeting_of("agents", task.number), *trained(task)) for task in tasks]
    met = {(m.symbol, m.side, m.start_min, size.name, arm.name) for m, size, arm in found}
    assert len(met) == COMBINATIONS * len(SIZES) * len(TRAINED[stage])
    assert len(found) % len(met) == 0


def test_arms_have_names_of_their_own() -> None:
    assert len({arm.name for arm in ARMS}) == len(ARMS)
