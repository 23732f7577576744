"""One run: orders in at the open, worked to the end on a market, and accounted for.

The run is a function of its orders, market, date, seed and configuration: the same give the same journal.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.adapters.clock import Clock
from sottovoce.core.access import Role
from sottovoce.core.basket_commands import NewBasket, ReleaseBasket
from sottovoce.core.basket_events import BasketHeld
from sottovoce.core.commands import ClientCommand, NewOrder, ReleaseHold
from sottovoce.core.enums import ParentStatus
from sottovoce.core.override_commands import ConfirmHold
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.ports import Journal, Market, ReferenceData, Session, Step
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.market_watch import MarketWatch
from sottovoce.runtime.alarms import Alarms, alert_ports
from sottovoce.runtime.config import SIMULATED_RISK, Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.live import LiveDesk
from sottovoce.runtime.live_run import live_desk, nothing_lost, run_in_turns
from sottovoce.runtime.metrics import Metrics
from sottovoce.runtime.system import build_system
from sottovoce.stages.blotter import BlotterRow

FIT_WITHIN_S = 10.0
"""Seconds a live desk may take to be fit for an order before the order is refused for now."""
SETTLE_NS = 1_000_000_000
"""Orders enter a second after the open, when there is a two-sided market."""

APPROVAL_DELAY_NS = 60_000_000_000
"""The simulated risk officer takes a minute to look."""

SIMULATED = "released by the simulation"

AFTER_NS = 300_000_000_000
"""The market runs on for five minutes after the last order, so that markouts can be taken."""

CALIBRATION_AFTER_NS = 35 * 60_000_000_000
"""Long enough for the price half an hour after the last fill, from which the permanent part of impact is measured; a
quiet name's last quote before the end may be minutes old."""

WEEK = dt.timedelta(days=7)

CLOSING_NS = 20 * 60_000_000_000
"""A closing auction may print well after the close; its orders are answered within a quarter of an hour."""

Watcher = Callable[[int, Step], None]


class Run(msgspec.Struct, kw_only=True):
    """A desk with its sessions, ready to take orders. heard_ns: until then requests are on the agenda to be heard.
    after_ns: how long the market runs on after the last order, where something traded.
    """

    desk: Desk
    market: Market
    journal: Journal
    sessions: tuple[Session, ...]
    approve: bool
    alarms: Alarms
    holds: dict[str, OrderHeld] = {}
    heard_ns: int = 0
    after_ns: int = AFTER_NS

    @property
    def now_ns(self) -> int:
        return self.desk.clock.now_ns()

    def open(self) -> None:
        """Bring the market to where it can be traded."""
        self.desk.run_until(self.sessions[0].open_ns + SETTLE_NS)

    def submit(self, order: NewOrder | NewBasket) -> Step:
        """Enter an order, or a list; if it is held and a simulated approval was asked for, release it in a minute."""
        self._wait_until_fit()
        step = self._noted(self.desk.submit(order))
        waiting = [event for event in step.events if isinstance(event, BasketHeld)] if self.approve else []
        if not waiting:
            return step
        self.desk.run_until(self.now_ns + APPROVAL_DELAY_NS)
        release = ReleaseBasket(
            principal=SIMULATED_RISK, parent_id=waiting[0].parent_id, content_digest=waiting[0].content_digest
        )
        return self._noted(self.desk.submit(release))

    def _wait_until_fit(self) -> None:
        """Let a live desk that is reconciling, or whose disk is behind, catch up; what lasts longer is refused."""
        until = time.monotonic() + FIT_WITHIN_S
        while isinstance(self.desk, LiveDesk) and self.desk.strain() and time.monotonic() < until:
            self.desk.run_until(self.now_ns + NS_PER_SECOND)

    def _noted(self, step: Step) -> Step:
        """Remember the orders of a step that wait for a person, and put what the simulated ones say on the agenda."""
        for event in step.events:
            if isinstance(event, OrderHeld):
                self.holds[event.parent_id] = event
                for decision in _decisions(event) if self.approve else ():
                    self.desk.schedule(self.now_ns + APPROVAL_DELAY_NS, decision)
        return step

    def work(self) -> None:
        """Run until every order is finished or waits for a person nobody plays, then a little longer."""
        end_ns = self.sessions[-1].close_ns + CLOSING_NS
        run_in_turns(self.desk, end_ns, self._nothing_left)
        self.desk.run_until(min(self.now_ns + self._after(), end_ns))

    def _after(self) -> int:
        """No longer than for markouts where nothing traded, or where an order waits: its hold would run out."""
        rows = self.desk.engine.system.blotter.rows().values()
        waits = any(row.status is ParentStatus.HELD for row in rows)
        traded = any(row.fills for row in rows)
        return self.after_ns if traded and not waits else min(self.after_ns, AFTER_NS)

    def _nothing_left(self) -> bool:
        if self.now_ns < self.heard_ns:
            return False
        waiting = (ParentStatus.DONE, ParentStatus.REJECTED)
        held = () if self.approve else (ParentStatus.HELD,)
        rows = self.desk.engine.system.blotter.rows().values()
        return all(row.status in waiting or row.status in held for row in rows)

    def states(self) -> dict[str, bytes]:
        """What a snapshot of the record keeps: of a live desk all that its recovery takes up."""
        desk = self.desk
        return desk.memory.save() if isinstance(desk, LiveDesk) else desk.engine.system.save()

    def rows(self) -> Sequence[BlotterRow]:
        return self.desk.rows()


def recent_closes(reference: ReferenceData, market: Market, date: str) -> dict[str, int]:
    """The closes of the market's names in price units, where the master's are of the week before an ISO date.

    An older one may be of before a split; such a name is believed from its first quote on.
    """
    closes = {}
    for instrument_id in market.states():
        instrument = reference.get(instrument_id)
        close = None if instrument is None else instrument.close
        if instrument is not None and close is not None and close.value is not None:
            age = dt.date.fromisoformat(date) - dt.date.fromisoformat(close.as_of)
            if dt.timedelta(0) <= age <= WEEK:
                closes[instrument_id] = round(close.value * instrument.price_scale)
    return closes


def _decisions(held: OrderHeld) -> list[ClientCommand]:
    """What the simulated people say about a held order: its trader to its cost, the risk officer to its size."""
    said: list[ClientCommand] = []
    if Role.TRADER.value in held.role:
        confirm = ConfirmHold(
            principal=held.order.principal, parent_id=held.parent_id, digest=held.plan_digest, reason=SIMULATED
        )
        said.append(confirm)
    if Role.RISK.value in held.role:
        release = ReleaseHold(
            principal=SIMULATED_RISK, parent_id=held.parent_id, plan_digest=held.plan_digest, reason=SIMULATED
        )
        said.append(release)
    return said


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
    record_lost: Callable[[], str | None] = nothing_lost,
) -> Run:
    """Put a desk together around a market: on the real clock the live one.

    record_lost: why the second store of the record is away, or None. Raises ConfigError.
    """
    system = build_system(config, reference, calendar, market.venues())
    age_ns = int(config.max_quote_age_s * 1e9)
    watch = MarketWatch(config.watch, recent_closes(reference, market, sessions[0].date), age_ns)
    engine = Engine(system, journal, metrics, age_ns, watch)
    alarms = Alarms(alert_ports(config.alerts))
    told: list[Watcher] = [*watchers, alarms]
    live = clock.is_real
    desk = live_desk(engine, market, clock, journal, told, record_lost) if live else Desk(engine, market, clock, told)
    return Run(desk=desk, market=market, journal=journal, sessions=tuple(sessions), approve=approve, alarms=alarms)
