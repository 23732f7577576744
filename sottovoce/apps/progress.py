"""What a person sees while an order is worked: quantity, participation, slippage, venues, on standard error."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Mapping

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.core.enums import Side
from sottovoce.core.execution_events import Fill
from sottovoce.core.market import MarketState
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import ParentOrder
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.ports import Market, Step
from sottovoce.core.work_events import ParentDone, WorkStarted

PLAIN_EVERY = 10
"""Without a terminal, a line each time another tenth of an order is filled."""


class OrderProgress:
    """Running figures of one parent."""

    def __init__(self, order: ParentOrder) -> None:
        self.order = order
        self.filled = 0
        self.value = 0
        self.volume_0 = 0
        self.venues: Counter[str] = Counter()
        self.tenths = 0

    def fill(self, event: Fill) -> None:
        """Count a fill."""
        self.filled += event.qty
        self.value += event.qty * event.px
        self.venues[event.venue] += event.qty

    def slippage_bps(self) -> float:
        """Against the arrival mid, positive is cost."""
        if not self.filled:
            return 0.0
        moved = self.order.side.sign * (self.value - self.filled * self.order.arrival_px)
        return 10_000 * moved / (self.filled * self.order.arrival_px)

    def participation(self, state: MarketState | None) -> float:
        """Our part of all volume since work began, ours included."""
        volume = 0 if state is None else state.volume - self.volume_0
        return self.filled / volume if volume > 0 else 0.0

    def line(self, state: MarketState | None) -> str:
        """The figures as one line."""
        split = " ".join(f"{venue} {100 * qty // max(self.filled, 1)}%" for venue, qty in sorted(self.venues.items()))
        return (
            f"{self.filled:>9,}/{self.order.order_qty:,} sh  part {self.participation(state):5.1%}  "
            f"vs arrival {self.slippage_bps():+6.1f} bps  {split}"
        )


class ProgressView:
    """Watches the steps of a run; a bar on a terminal, plain lines elsewhere, nothing when silent."""

    def __init__(self, market: Market, calendar: Calendar, silent: bool) -> None:
        self._market = market
        self._calendar = calendar
        self._orders: dict[str, OrderProgress] = {}
        self._tasks: dict[str, TaskID] = {}
        self._silent = silent
        self._bar: Progress | None = None
        if not silent and sys.stderr.isatty():
            columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TextColumn("{task.fields[line]}"))
            self._bar = Progress(*columns, console=Console(stderr=True), transient=False)

    def __enter__(self) -> ProgressView:
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(self, *args: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, ts_ns: int, step: Step) -> None:
        """Take in one durable step."""
        for event in step.events:
            if isinstance(event, OrderAccepted):
                self._orders[event.parent_id] = OrderProgress(event.order)
            elif isinstance(event, OrderApproved):
                self._say(ts_ns, f"{_title(event.order)}: {event.plan.strategy.value}, released by {event.by}")
                self._start(event.parent_id)
            elif isinstance(event, WorkStarted):
                self._orders[event.parent_id].volume_0 = event.market_volume
            elif isinstance(event, Fill):
                self._orders[event.parent_id].fill(event)
                self._show(event.parent_id, ts_ns)
            elif isinstance(event, ParentDone):
                self._say(ts_ns, f"{_title(self._orders[event.parent_id].order)}: done, {event.reason}")

    def _start(self, parent_id: str) -> None:
        if self._bar is not None:
            order = self._orders[parent_id].order
            self._tasks[parent_id] = self._bar.add_task(order.symbol, total=order.order_qty, line="")

    def _show(self, parent_id: str, ts_ns: int) -> None:
        seen = self._orders[parent_id]
        tenths = PLAIN_EVERY * seen.filled // max(seen.order.order_qty, 1)
        if self._bar is None and tenths == seen.tenths:
            return
        states: Mapping[str, MarketState] = self._market.states()
        line = seen.line(states.get(seen.order.instrument_id))
        if self._bar is not None:
            clock = self._calendar.wall_clock(ts_ns)[5:16]
            self._bar.update(self._tasks[parent_id], completed=seen.filled, line=f"{clock} {line}")
        elif tenths > seen.tenths:
            self._say(ts_ns, line)
        seen.tenths = tenths

    def _say(self, ts_ns: int, text: str) -> None:
        if self._silent:
            return
        stamped = f"{self._calendar.wall_clock(ts_ns)} ET  {text}"
        if self._bar is not None:
            self._bar.console.print(stamped, highlight=False)
        else:
            sys.stderr.write(stamped + "\n")


def _title(order: ParentOrder) -> str:
    side = {Side.BUY: "BUY", Side.SELL: "SELL", Side.SELL_SHORT: "SELL SHORT"}[order.side]
    return f"{side} {order.order_qty:,} {order.symbol}"
