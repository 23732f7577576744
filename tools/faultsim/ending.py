"""How a run ends: faults stop, everything is canceled, every word arrives, and belief is held against the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sottovoce.core.commands import ClientCommand
from sottovoce.core.enums import ParentStatus
from sottovoce.core.session_commands import Declared, ResolveUnknown
from sottovoce.core.units import NS_PER_MINUTE
from tools.faultsim.desk import CLERK, RISK
from tools.faultsim.faults import NONE
from tools.faultsim.invariants import held

if TYPE_CHECKING:
    from tools.faultsim.world import World

TURNS = 12
AFTER_CLOSE_NS = 15 * NS_PER_MINUTE
OVER = (ParentStatus.DONE, ParentStatus.REJECTED)


def quiet(world: World) -> None:
    """Nothing goes wrong any more; people cancel what is open, lift halts and find out about lost orders."""
    world.calm = True
    world.faults = world.journal.faults = NONE
    world.market.calm_down()
    for _ in range(TURNS):
        world.desk.run_until(world.clock.now_ns() + 2 * NS_PER_MINUTE)
        for command in [*world.people.finish(), *_declarations(world)]:
            world.ask(command)
    world.desk.run_until(world.market.close_ns() + AFTER_CLOSE_NS)


def _declarations(world: World) -> list[ClientCommand]:
    """Two people find out what became of the orders nobody can tell of, and say so."""
    said: list[ClientCommand] = []
    for cl_ord_id, state in world.invariants.books.unknown():
        order = world.market.exchange.orders.get(cl_ord_id)
        if order is not None and order.live:
            continue
        declared = Declared.NEVER_ARRIVED if order is None else Declared.CANCELED
        said += [
            ResolveUnknown(
                principal=by,
                parent_id=state.parent_id,
                cl_ord_id=cl_ord_id,
                declared=declared,
                evidence="asked the venue by telephone",
            )
            for by in (RISK, CLERK)
        ]
    world.declared += len(said) // 2
    return said


def truth(world: World) -> None:
    """V12 and V1: what the desk believes of each order is what its venue knows, or it was told why not."""
    held(not world.market.doubles, "V1", f"sent twice: {world.market.doubles[:3]}")
    known, model = world.market.exchange.orders, world.invariants.model
    for cl_ord_id in model.orders:
        state, order = world.invariants.books.order(cl_ord_id), known.get(cl_ord_id)
        believed = (state.cum_qty, state.leaves_qty)
        is_so = (0, 0) if order is None else (order.cum_qty, order.leaves_qty)
        explained = cl_ord_id in model.doubted
        held(believed == is_so or explained, "V12", f"{cl_ord_id}: believed {believed}, is {is_so}")
    _everything_ended(world)


def _everything_ended(world: World) -> None:
    """Once nothing goes wrong every order ends: none waits for something that never comes."""
    rows = world.invariants.books.system.blotter.rows()
    open_still = [f"{row.status.value} {parent_id}" for parent_id, row in rows.items() if row.status not in OVER]
    held(not open_still, "liveness", f"still open: {open_still[:3]}")
