"""A kill of ten thousand live orders: from the command to the first and to the last cancel at the venues' door.

The whole desk runs, with its journal on disk: nothing leaves before its step is durable. The market here only notes
when a cancel is handed to it and never answers, so the retry of silent venues is measured too. Targets of controls
AT-01: first cancel within 100 ms, all within 1 s.
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.desk import NAMES, ROOM, UNTRADED, session_ns, static_states
from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated.venues import SIM_VENUES
from sottovoce.core.commands import HaltTrading, NewOrder, VenueMessage
from sottovoce.core.enums import DarkUse, OrdType, Side, Strategy
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Journal, Outbound, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.runtime.config import ACCOUNT, SIMULATED_RISK, TRADER, Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.system import build_system
from sottovoce.stages.approval.config import ApprovalConfig
from sottovoce.stages.risk.limits import FIRM, RiskLimits

ORDERS = 10_000
COUNTED = ("strategy_rate", "instrument_rate", "trader_rate", "session_rate")
REPEATS = 3
FIRST_MS, ALL_MS = 100.0, 1_000.0


class SilentMarket:
    """Takes everything and says nothing; knows when each cancel came."""

    def __init__(self, now_ns: int) -> None:
        self._states = static_states(now_ns)
        self.live: set[str] = set()
        self.cancels: dict[str, int] = {}

    def venues(self) -> Sequence[VenueFacts]:
        return SIM_VENUES

    def send(self, message: Outbound, at_ns: int) -> None:
        if isinstance(message, ChildRouted):
            self.live.add(message.route.cl_ord_id)
        elif isinstance(message, RouteCancelRequested):
            self.cancels.setdefault(message.route.cl_ord_id, time.perf_counter_ns())

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        return ()

    def states(self) -> Mapping[str, MarketState]:
        return self._states

    def tape(self, instrument_id: str) -> Tape:
        raise AssertionError("nobody asks a silent market for its tape")


def order(number: int) -> NewOrder:
    """One of many small orders to buy, no two alike."""
    return NewOrder(
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id=f"K-{number:07d}",
        symbol=NAMES[number % len(NAMES)],
        side=Side.BUY,
        order_qty=100 + number // len(NAMES),
        ord_type=OrdType.MARKET,
        dark=DarkUse.NONE,
        strategy=Strategy.SOR,
    )


def _engine(journal: Journal) -> Engine:
    """The whole system; only what counts messages and money is out of the way."""
    limits = RiskLimits(exposures={FIRM: ROOM, ACCOUNT: ROOM}, house=dict.fromkeys(COUNTED, 10**9))
    approval = ApprovalConfig(value_max=10**12, adv_percent_max=1e6, sizing_bps_max=1e6)
    config = Config(limits=limits, approval=approval, routing=UNTRADED)
    system = build_system(config, load_shipped(), load_calendar(), SIM_VENUES)
    return Engine(system, journal, StageMetrics(), 60 * NS_PER_SECOND)


def measure(orders: int = ORDERS) -> tuple[int, float, float]:
    """(live orders, milliseconds to the first cancel, to the last)."""
    now_ns = session_ns()
    with tempfile.TemporaryDirectory() as folder:
        journal = SqliteJournal(Path(folder) / "journal.db", {})
        market = SilentMarket(now_ns)
        engine = _engine(journal)
        desk = Desk(engine, market, VirtualClock(now_ns))
        for number in range(orders):
            engine_step = desk.engine.step(now_ns, order(number), market.states())
            for event in engine_step.events:
                if isinstance(event, ChildRouted):
                    market.send(event, now_ns)
        journal.flush()
        gc.collect()
        began = time.perf_counter_ns()
        desk.submit(HaltTrading(principal=SIMULATED_RISK, reason="a benchmark"))
        desk.run_until(now_ns)
        journal.close()
    assert len(market.live) >= orders, f"{len(market.live)} of {orders} orders are live: something stopped the rest"
    assert market.live == set(market.cancels), f"{len(market.live - set(market.cancels))} live orders got no cancel"
    times = sorted(market.cancels.values())
    return len(market.live), (times[0] - began) / 1e6, (times[-1] - began) / 1e6


def main() -> None:
    """Print the rows of the table."""
    runs = [measure() for _ in range(REPEATS)]
    first = statistics.median(run[1] for run in runs)
    last = statistics.median(run[2] for run in runs)
    print(f"{'kill_live_orders':<32} {runs[0][0]:8d} orders")
    for name, middle, target, column in (
        ("kill_first_cancel", first, FIRST_MS, 1),
        ("kill_all_cancels", last, ALL_MS, 2),
    ):
        print(f"{name:<32} {middle:8.1f} ms  (target {target:.0f}, worst {max(run[column] for run in runs):.1f})")


if __name__ == "__main__":
    main()
