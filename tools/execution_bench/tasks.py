"""What one process does at a time: a day of history, a training order, or all arms of a test session.

Strategies are compared by a buy and a sell of the same session each: what the price does anyway hurts one as much as it
helps the other, and leaves their mean.

A task is a name and a few figures, so that finished ones are recognised when a study is taken up again.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Side
from sottovoce.core.instrument import known
from sottovoce.models.volume import expected_volume
from sottovoce.runtime.markets import open_market
from tools.execution_bench.arms import COMPARED, SIZES, TRAINED, Arm, SizeClass, arms_at
from tools.execution_bench.history import OPEN_MIN, DayVolume, day_volume
from tools.execution_bench.learned import Learned, config_for
from tools.execution_bench.playing import Asked, Played, played
from tools.execution_bench.sessions import COMBINATIONS, GENERATORS, Meeting, at_minute, day, instrument, meeting_of

NS_MIN = 60_000_000_000


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """stage: history, fit, ends or test; number: the seed, or the day of history."""

    stage: str
    generator: str
    number: int

    @property
    def key(self) -> str:
        return f"{self.stage}/{self.generator}/{self.number}"


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A finished task and what it brought."""

    key: str
    volume: DayVolume | None = None
    orders: tuple[Played, ...] = ()


def do(task: Task, learned: Learned) -> Done:
    """Carry out a task with what has been learned before it."""
    if task.stage == "history":
        return Done(key=task.key, volume=day_volume(task.generator, task.number))
    meeting = meeting_of(task.generator, task.number)
    if task.stage in TRAINED:
        size, arm = trained(task)
        return Done(key=task.key, orders=(_play(task, meeting, size, arm, learned),))
    orders = (
        _play(task, msgspec.structs.replace(meeting, side=side), size, arm, learned)
        for size in SIZES
        for arm in arms_at(size)
        for side in ((Side.BUY, Side.SELL) if size == COMPARED else (meeting.side,))
    )
    return Done(key=task.key, orders=tuple(orders))


def trained(task: Task) -> tuple[SizeClass, Arm]:
    """How the order of a training seed is worked: the size changes after every name, side and window, then the arm."""
    block, arms = task.number // COMBINATIONS, TRAINED[task.stage]
    return SIZES[block % len(SIZES)], arms[block // len(SIZES) % len(arms)]


def asked_of(meeting: Meeting, size: SizeClass, learned: Learned) -> Asked:
    """The order of a session: a part of the volume usual in its window, in whole lots."""
    session = day()
    adv = known(instrument(meeting.symbol).adv) or 0.0
    first, last = ((OPEN_MIN + minute) * NS_MIN for minute in (meeting.start_min, meeting.end_min))
    lots = round(size.part * expected_volume(adv, learned.curve, first, last) / 100)
    return Asked(
        side=meeting.side,
        qty=100 * max(lots, 1),
        start_ns=at_minute(session, meeting.start_min),
        end_ns=at_minute(session, meeting.end_min),
    )


def _play(task: Task, meeting: Meeting, size: SizeClass, arm: Arm, learned: Learned) -> Played:
    name, session = instrument(meeting.symbol), day()
    market = open_market(GENERATORS[task.generator], [name], (session,), meeting.seed)
    return played(
        market, name, session, arm, asked_of(meeting, size, learned), config_for(learned, arm),
        label=task.generator, seed=task.number, size=size.name, adv=known(name.adv) or 0.0,
        to_post=task.stage == "fit",
    )  # fmt: skip
