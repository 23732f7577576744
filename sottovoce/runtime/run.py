"""One run: orders in at the open, worked to the end on a market, and accounted for.

The run is a function of its orders, market, date, seed and configuration: the same give the same journal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.adapters.clock import Clock
from sottovoce.core.commands import NewOrder, ReleaseHold
from sottovoce.core.enums import ParentStatus
from sottovoce.core.events import OrderHeld
from sottovoce.core.ports import Journal, Market, ReferenceData, Session, Step
from sottovoce.runtime.config import SIMULATED_RISK, Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.metrics import Metrics
from sottovoce.runtime.system import build_system
from sottovoce.stages.blotter import BlotterRow

SETTLE_NS = 1_000_000_000
"""Orders enter a second after the open, when there is a two-sided market."""

APPROVAL_DELAY_NS = 60_000_000_000
"""The simulated risk officer takes a minute to look."""

AFTER_NS = 300_000_000_000
"""The market runs on for five minutes after the last order, so that markouts can be taken."""

CLOSING_NS = 20 * 60_000_000_000
"""A closing auction may print well after the close; its orders are answered within a quarter of an hour."""

Watcher = Callable[[int, Step], None]


class Run(msgspec.Struct, kw_only=True):
    """A desk with its sessions, ready to take orders."""

    desk: Desk
    market: Market
    journal: Journal
    sessions: tuple[Session, ...]
    approve: bool
    holds: dict[str, OrderHeld] = {}

    @property
    def now_ns(self) -> int:
        return self.desk.clock.now_ns()

    def open(self) -> None:
        """Bring the market to where it can be traded."""
        self.desk.run_until(self.sessions[0].open_ns + SETTLE_NS)

    def submit(self, order: NewOrder) -> Step:
        """Enter an order; if it is held and a simulated approval was asked for, put the release on the agenda."""
        step = self.desk.submit(order)
        for event in step.events:
            if isinstance(event, OrderHeld):
                self.holds[event.parent_id] = event
                if self.approve:
                    release = ReleaseHold(
                        principal=SIMULATED_RISK, parent_id=event.parent_id, plan_digest=event.plan_digest
                    )
                    self.desk.schedule(self.now_ns + APPROVAL_DELAY_NS, release)
        return step

    def work(self) -> None:
        """Run until every order is finished or waits for a person nobody plays, then a little longer."""
        end_ns = self.sessions[-1].close_ns + CLOSING_NS
        self.desk.run_until(end_ns, self._nothing_left)
        self.desk.run_until(min(self.now_ns + AFTER_NS, end_ns))

    def _nothing_left(self) -> bool:
        waiting = (ParentStatus.DONE, ParentStatus.REJECTED)
        held = () if self.approve else (ParentStatus.HELD,)
        rows = self.desk.engine.system.blotter.rows().values()
        return all(row.status in waiting or row.status in held for row in rows)

    def rows(self) -> Sequence[BlotterRow]:
        return self.desk.rows()


def prepare_run(
    *,
    market: Market,
    sessions: Sequence[Session],
    reference: ReferenceData,
    calendar: Calendar,
    journal: Journal,
    clock: Clock,
    metrics: Metrics,
    config: Config,
    approve: bool,
    watchers: Sequence[Watcher] = (),
) -> Run:
    """Put a desk together around a market."""
    system = build_system(config, reference, calendar, market.venues())
    engine = Engine(system, journal, metrics, int(config.max_quote_age_s * 1e9))
    desk = Desk(engine, market, clock, watchers)
    return Run(desk=desk, market=market, journal=journal, sessions=tuple(sessions), approve=approve)
