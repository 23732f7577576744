"""The whole pre-trade gate: one order cleared, and its child approved, with every check on.

4,000 limits, 2,000 names, 10,000 orders open with a child each. An order is timed from OrderAccepted to the applied
OrderCleared, its reservation included; a child from ChildCreated to the applied ChildApproved. The same with 1,000
orders open says whether the time depends on them. openpit, in the same process, is timed on the checks both have.
"""

from __future__ import annotations

import gc
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks import gate_peer
from benchmarks.gate_desk import GateDesk, child_of, order
from sottovoce.core.events import ChildApproved, OrderCleared, ParentDone
from tools import compile as compiling

COMPILED = "--compiled"
WARM, ORDERS = 2_000, 20_000
OPEN_MANY, OPEN_FEW = 10_000, 1_000
QUANTILES = (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999))


def measure(desk: GateDesk, first: int, count: int) -> tuple[list[int], list[int]]:
    """Nanoseconds of each order and of each child; every order is over before the next, so as many stay open."""
    clock, both = time.perf_counter_ns, desk.both
    orders, children = [], []
    for number in range(first, first + count):
        message = order(number)
        began = clock()
        (cleared, *_) = both(message)
        orders.append(clock() - began)
        assert type(cleared) is OrderCleared
        created = child_of(cleared.order)
        began = clock()
        (approved, *_) = both(created)
        children.append(clock() - began)
        assert type(approved) is ChildApproved
        over(desk, cleared.parent_id, approved)
    return orders, children


def over(desk: GateDesk, parent_id: str, approved: ChildApproved) -> None:
    """The child comes back and the order is done."""
    child = approved.child
    desk.risk.state().interest.move(child.child_id, -child.qty)  # type: ignore[attr-defined]
    desk.risk.state().exposure.draw(parent_id, -child.qty)  # type: ignore[attr-defined]
    desk.appliers[ParentDone](ParentDone(parent_id=parent_id, ts_ns=approved.ts_ns, reason="a benchmark"))


def warmed(desk: GateDesk) -> tuple[list[int], list[int]]:
    """A measured run after a warm one, with the collector out of the way as in production."""
    measure(desk, 1_000_000, WARM)
    gc.collect()
    gc.freeze()
    found = measure(desk, 2_000_000, ORDERS)
    gc.unfreeze()
    return found


def quantile(times: list[int], part: float) -> float:
    """Microseconds."""
    ordered = sorted(times)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] / 1000


def rows(name: str, times: list[int]) -> None:
    """One line a quantile."""
    for label, part in QUANTILES:
        print(f"{name + '_' + label:<32} {quantile(times, part):8.1f} us        (of {len(times)})")


def main() -> None:
    """Print the rows of the table; or, given a folder of compiled modules, those of the gate compiled."""
    if len(sys.argv) > 2 and sys.argv[1] == COMPILED:
        gate_rows("compiled")
        return
    gate_rows("plain")
    compiled()
    paired(gate_peer.ours, gate_peer.theirs)


def gate_rows(how: str) -> None:
    """The gate with many orders open, and how much of that is due to them."""
    many_orders, many_children = warmed(GateDesk(open_orders=OPEN_MANY))
    few_orders, few_children = warmed(GateDesk(open_orders=OPEN_FEW))
    rows(f"gate_order_{how}", many_orders)
    rows(f"gate_child_{how}", many_children)
    for name, many, few in (("order", many_orders, few_orders), ("child", many_children, few_children)):
        ratio = quantile(many, 0.5) / quantile(few, 0.5)
        print(f"{f'gate_{name}_{how}_flat':<32} {ratio:8.2f} x         ({OPEN_MANY} open against {OPEN_FEW})")


def compiled() -> None:
    """The same in a process of its own that finds the checks compiled; says so where they cannot be."""
    folder = compiling.OUT.with_name("compiled_gate")
    try:
        if not compiling.is_fresh(folder, compiling.GATE_MODULES):
            compiling.build(folder, compiling.GATE_MODULES)
    except compiling.CannotCompile as why:
        print(f"gate_compiled: {why}")
        return
    code = (
        "import sys, sottovoce.stages.risk as risk; "
        "sys.path.insert(0, sys.argv[2]); risk.__path__.insert(0, sys.argv[2] + '/sottovoce/stages/risk'); "
        "from benchmarks import pretrade_gate; pretrade_gate.main()"
    )
    subprocess.run([sys.executable, "-c", code, COMPILED, str(folder)], check=True)


def paired(ours: Callable[[], list[int]], theirs: Callable[[], list[int]]) -> None:
    """The checks both have, in turn in one process."""
    us, them = ours(), theirs()
    rows("gate_shared_checks", us)
    rows("gate_openpit", them)
    print(f"{'gate_openpit_ratio':<32} {quantile(them, 0.5) / quantile(us, 0.5):8.2f} openpit/ours")


if __name__ == "__main__":
    main()
