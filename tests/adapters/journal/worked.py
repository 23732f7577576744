"""A short real morning on the simulated market: orders accepted, refused, routed, filled and canceled.

The steps have everything a journal keeps: client ids, evidence, fills; they are the same at every call.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated.market import SimulatedMarket
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side, Strategy
from sottovoce.core.ports import Journal, Step
from sottovoce.runtime.config import ACCOUNT, TRADER, Config
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.run import Run, Watcher, prepare_run
from sottovoce.runtime.system import System, build_system

DATE = "2018-02-08"


def order(number: int, symbol: str = "MSFT", qty: int = 300, strategy: Strategy = Strategy.SOR) -> NewOrder:
    """The n-th order of the morning: buys and sells in turn."""
    side = Side.BUY if number % 2 else Side.SELL
    return NewOrder(
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id=f"C-{number}",
        symbol=symbol,
        side=side,
        order_qty=qty,
        strategy=strategy,
    )


def desk(journal: Journal, *, watchers: Sequence[Watcher] = (), seed: int = 7) -> Run:
    """A desk on a simulated MSFT, brought to its open."""
    reference, calendar = load_shipped(), load_calendar()
    instrument = reference.resolve("MSFT")
    assert instrument is not None
    sessions = calendar.sessions(DATE, 1)
    run = prepare_run(
        market=SimulatedMarket([instrument], sessions, seed),
        sessions=sessions,
        reference=reference,
        calendar=calendar,
        journal=journal,
        clock=VirtualClock(sessions[0].open_ns),
        metrics=StageMetrics(),
        config=Config(),
        approve=False,
        watchers=watchers,
    )
    run.open()
    return run


def work_morning(run: Run) -> None:
    """Four orders worked to their end, and one refused for a symbol nobody knows."""
    for number in range(1, 5):
        run.submit(order(number, qty=300 + 10 * number))  # of one size they would be duplicates
    run.submit(order(5, symbol="NOSUCH"))
    run.work()


@cache
def morning() -> tuple[Step, ...]:
    """The steps of the morning."""
    journal = MemoryJournal()
    work_morning(desk(journal))
    return tuple(step for _, step in journal.steps())


def fresh_system() -> System:
    """A system nothing has happened to."""
    return build_system(Config(), load_shipped(), load_calendar(), ())
