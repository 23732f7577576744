"""Where the time of the gate goes: the case, every check, the events and their folding, an order and a child at a time.

Each part is timed by itself, so the first to touch a piece of memory pays for it; what a clock costs is taken off.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from benchmarks.gate_desk import GateDesk, child_of, order
from sottovoce.core.clearance_events import ChildApproved, OrderCleared
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.work_events import ChildCreated
from sottovoce.stages.risk import consequences, gate
from sottovoce.stages.risk.case import Case, Check

ORDERS = 3_000
SMALL_NS = 300
"""Parts below this are added up in one row."""
PARENT = (*gate.ORDER_CHECKS, *gate.ORDER_HOLDS, *gate.ORDER_WARNINGS)
CHILD = (*gate.CHILD_CHECKS, *gate.CHILD_WARNINGS)
Times = dict[str, list[int]]
Made = TypeVar("Made")


def parts(desk: GateDesk, first: int, over: Callable[[GateDesk, str, ChildApproved], None]) -> tuple[Times, Times]:
    """Nanoseconds of each part, of orders and of their children; over ends an order."""
    orders: Times = {}
    children: Times = {}
    for number in range(first, first + ORDERS):
        message = order(number)
        case = timed(orders, "case", desk.risk.case, message.order, None, desk.view)
        checked(orders, PARENT, case)
        timed(orders, "alerts", consequences.alerts, case)
        cleared = desk.deciders[OrderAccepted](message, desk.view)[0]
        assert type(cleared) is OrderCleared
        timed(orders, "folding", desk.appliers[OrderCleared], cleared)
        created = child_of(cleared.order)
        case = timed(children, "case", desk.risk.case, cleared.order, created.child, desk.view)
        checked(children, CHILD, case)
        approved = desk.deciders[ChildCreated](created, desk.view)[0]
        assert type(approved) is ChildApproved
        timed(children, "folding", desk.appliers[ChildApproved], approved)
        over(desk, cleared.parent_id, approved)
    return orders, children


def checked(times: Times, checks: Sequence[Check], case: Case) -> None:
    """Every check in turn."""
    clock = time.perf_counter_ns
    for check in checks:
        began = clock()
        check(case)
        times.setdefault(check.__name__, []).append(clock() - began)


def timed(times: Times, name: str, work: Callable[..., Made], *about: object) -> Made:
    """What work makes, and how long it took."""
    clock = time.perf_counter_ns
    began = clock()
    made = work(*about)
    times.setdefault(name, []).append(clock() - began)
    return made


def table(what: str, times: Times) -> None:
    """A row for each part that counts, dearest first, and one for the rest together."""
    clock = statistics.median(_clock() for _ in range(1_000))
    medians = {name: max(statistics.median(each) - clock, 0.0) for name, each in times.items()}
    for name in sorted(medians, key=lambda each: -medians[each]):
        if medians[name] >= SMALL_NS:
            print(f"{f'{what}_part_{name}':<44} {medians[name] / 1000:8.2f} us")
    small = [each for each in medians.values() if each < SMALL_NS]
    print(f"{f'{what}_part_others':<44} {sum(small) / 1000:8.2f} us        ({len(small)} checks)")


def _clock() -> int:
    began = time.perf_counter_ns()
    return time.perf_counter_ns() - began
