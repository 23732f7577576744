"""The whole pre-trade gate: one order cleared, and its child approved, with every check on.

4,000 limits, 2,000 names, 10,000 orders open with a child each. An order is timed from OrderAccepted to the applied
OrderCleared, its reservation included; a child from ChildCreated to the applied ChildApproved. The same with 1,000
orders open says whether the time depends on them. openpit, in the same process, is timed on the checks both have.
"""

from __future__ import annotations

import gc
import resource
import subprocess
import sys
import time

from benchmarks import gate_parts, gate_peer
from benchmarks.gate_desk import GateDesk, child_of, order
from sottovoce.core.clearance_events import ChildApproved, OrderCleared
from sottovoce.core.work_events import ParentDone
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
    """Print the rows of the table; or, when the process has the gate compiled, the same for that."""
    if len(sys.argv) > 1 and sys.argv[1] == COMPILED:
        gate_rows("compiled")
        return
    gate_rows("plain")
    compiled()


def gate_rows(how: str) -> None:
    """The gate with many orders open, how much of that is due to them, which parts cost what, and openpit."""
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
    desk = GateDesk(open_orders=OPEN_MANY)
    many_orders, many_children = warmed(desk)
    few_orders, few_children = warmed(GateDesk(open_orders=OPEN_FEW))
    taken = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw - taken
    rows(f"gate_order_{how}", many_orders)
    rows(f"gate_child_{how}", many_children)
    for name, many, few in (("order", many_orders, few_orders), ("child", many_children, few_children)):
        ratio = quantile(many, 0.5) / quantile(few, 0.5)
        print(f"{f'gate_{name}_{how}_flat':<32} {ratio:8.2f} x         ({OPEN_MANY} open against {OPEN_FEW})")
    print(f"{f'gate_{how}_interrupted':<32} {taken:8d} times     (the machine took the processor away meanwhile)")
    orders, children = gate_parts.parts(desk, 3_000_000, over)
    gate_parts.table(f"gate_order_{how}", orders)
    gate_parts.table(f"gate_child_{how}", children)
    paired(how)


def compiled() -> None:
    """The same in a process of its own that finds the gate compiled; says so where it cannot be."""
    folder = compiling.OUT.with_name("compiled_gate")
    try:
        if not compiling.is_fresh(folder, compiling.GATE_MODULES):
            compiling.build(folder, compiling.GATE_MODULES)
    except compiling.CannotCompile as why:
        print(f"gate_compiled: {why}")
        return
    code = (
        "import sys; from pathlib import Path; from tools import compile as compiling; "
        "compiling.prefer(Path(sys.argv[2]), compiling.GATE_MODULES); "
        "from benchmarks import pretrade_gate; pretrade_gate.main()"
    )
    subprocess.run([sys.executable, "-c", code, COMPILED, str(folder)], check=True)


def paired(how: str) -> None:
    """The checks both have, in turn in one process; the ratio of medians, and its range over the rounds."""
    ours, theirs = gate_peer.rounds()
    rows(f"gate_shared_checks_{how}", [each for times in ours for each in times])
    rows("gate_openpit", [each for times in theirs for each in times])
    ratios = sorted(quantile(us, 0.5) / quantile(them, 0.5) for us, them in zip(ours, theirs, strict=True))
    middle, spread = ratios[len(ratios) // 2], f"{ratios[0]:.1f} to {ratios[-1]:.1f}"
    print(f"{f'gate_over_openpit_{how}':<32} {middle:8.1f} x         ({spread}, {len(ratios)} rounds)")


if __name__ == "__main__":
    main()
