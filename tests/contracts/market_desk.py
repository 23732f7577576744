"""A tiny desk for the contract of the Market port: sends orders, keeps every answer, and checks what must add
up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, OrdStatus, OrdType, Side, TimeInForce
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Market
from sottovoce.core.route_events import ChildRouted

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
LIVE = (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)


@dataclass(frozen=True)
class MarketCase:
    """One adapter to be held to the contract. dark and auction are None where it has no such venue."""

    name: str
    make: Callable[[], Market]
    instrument_id: str
    open_ns: int
    close_ns: int
    tick: int
    lit: str
    dark: str | None
    auction: str | None
    cutoff_ns: int


@dataclass
class Desk:
    """Sends to one market and files what comes back by ClOrdID, in order of arrival."""

    case: MarketCase
    market: Market
    now_ns: int = 0
    sent: dict[str, Route] = field(default_factory=dict)
    reports: dict[str, list[ExecutionReport]] = field(default_factory=lambda: defaultdict(list))
    rejects: list[CancelReject] = field(default_factory=list)
    arrivals: list[tuple[int, VenueMessage]] = field(default_factory=list)

    def run(self, until_ns: int) -> None:
        """Advance to a time, filing all news on the way."""
        while news := self.market.advance(until_ns):
            for arrival_ns, message in news:
                self.arrivals.append((arrival_ns, message))
                if isinstance(message, ExecutionReport):
                    self.reports[message.cl_ord_id].append(message)
                elif isinstance(message, CancelReject):
                    self.rejects.append(message)
        self.now_ns = until_ns

    def state(self) -> MarketState:
        """The feed's word on the case's instrument."""
        return self.market.states()[self.case.instrument_id]

    def send(
        self,
        qty: int,
        px: int,
        *,
        side: Side = Side.BUY,
        venue: str | None = None,
        ord_type: OrdType = OrdType.LIMIT,
        tif: TimeInForce = TimeInForce.DAY,
        min_qty: int = 0,
    ) -> str:
        """Send one order now; returns its ClOrdID."""
        number = len(self.sent) + 1
        route = Route(
            cl_ord_id=f"ORDER{number}",
            route_id=f"P.{number}/1",
            child_id=f"P.{number}",
            parent_id="P",
            venue=venue or self.case.lit,
            instrument_id=self.case.instrument_id,
            side=side,
            qty=qty,
            ord_type=ord_type,
            price=px,
            time_in_force=tif,
            min_qty=min_qty,
            sent_ns=self.now_ns,
        )
        self.sent[route.cl_ord_id] = route
        self.deliver(route)
        return route.cl_ord_id

    def deliver(self, route: Route) -> None:
        """Put an order on the wire (again)."""
        message = ChildRouted(parent_id=route.parent_id, ts_ns=self.now_ns, route=route, decision_id="D")
        self.market.send(message, self.now_ns)

    def cancel(self, cl_ord_id: str) -> None:
        """Ask for a cancel now."""
        route = self.sent[cl_ord_id]
        state = OrderState(
            cl_ord_id=cl_ord_id,
            child_id=route.child_id,
            parent_id=route.parent_id,
            venue=route.venue,
            status=OrdStatus.PENDING_CANCEL,
            order_qty=max(route.qty, 0),
            leaves_qty=max(route.qty, 0),
        )
        message = RouteCancelRequested(parent_id=route.parent_id, ts_ns=self.now_ns, route=route, state=state)
        self.market.send(message, self.now_ns)

    def kinds(self, cl_ord_id: str) -> list[ExecType]:
        """What happened to an order, in order."""
        return [report.exec_type for report in self.reports[cl_ord_id]]

    def filled(self, cl_ord_id: str) -> int:
        """Shares of an order that traded."""
        return sum(report.last_qty for report in self.reports[cl_ord_id])

    def last(self, cl_ord_id: str) -> ExecutionReport:
        """The latest report on an order."""
        return self.reports[cl_ord_id][-1]

    def check(self) -> None:
        """Every order adds up, after every report: shares, prices within limits, one exec_id each."""
        seen = [report.exec_id for reports in self.reports.values() for report in reports]
        assert len(seen) == len(set(seen)), "an exec_id came twice"
        for cl_ord_id, reports in self.reports.items():
            self._check_order(self.sent[cl_ord_id], reports)

    def _check_order(self, route: Route, reports: list[ExecutionReport]) -> None:
        cum = 0
        for report in reports:
            assert (report.parent_id, report.venue) == (route.parent_id, route.venue)
            cum += report.last_qty
            assert report.cum_qty == cum <= max(route.qty, 0)
            left = route.qty - cum if report.ord_status in LIVE else 0
            assert report.leaves_qty == left
            if report.exec_type is ExecType.TRADE:
                assert report.last_qty > 0
                assert report.liquidity is not None
                sign = route.side.sign
                if route.ord_type is not OrdType.MARKET and route.price:
                    assert sign * report.last_px <= sign * route.price, "filled outside the limit"
