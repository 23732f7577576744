"""A market behind a bad line: the venues inside trade as they always do, what passes in and out goes wrong.

The faults are dated and drawn from nothing: the same market, faults and messages give the same run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zlib import crc32

from sottovoce.adapters.faulty.troubles import Trouble, TroubleKind, Troubles
from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Market, Outbound, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.models.venue_entry import addressee

SHUFFLE_NS = 50_000_000
"""A shuffled report comes up to this much later."""

REPEAT_NS = 1_000_000
"""A repeated report comes again after this."""

_Arrival = tuple[int, VenueMessage]


class FaultyMarket:
    """The Market port around another one. lost counts what was dropped, orders and reports together."""

    def __init__(self, market: Market, troubles: Sequence[Trouble]) -> None:
        """Raises ConfigError, code no_such_venue, for a fault of a venue the market does not have."""
        self.inside = market
        self.lost = 0
        facts = market.venues()
        self._latency_ns = {each.venue: each.latency_ns for each in facts}
        self._troubles = Troubles(troubles, [each.venue for each in facts])
        self._refusals: list[_Arrival] = []

    def venues(self) -> Sequence[VenueFacts]:
        """Facts of the venues, in MIC order."""
        return self.inside.venues()

    def states(self) -> Mapping[str, MarketState]:
        """The feed's last word per instrument: market data keeps flowing."""
        return self.inside.states()

    def tape(self, instrument_id: str) -> Tape:
        """What truly happened, whether we were told or not."""
        return self.inside.tape(instrument_id)

    def send(self, message: Outbound, at_ns: int) -> None:
        """Pass a message on, later, refused, or not at all."""
        delay_ns = 0
        for trouble in self._troubles.at(addressee(message)[0], at_ns):
            if trouble.kind is TroubleKind.LOSES_ORDERS:
                self.lost += 1
                return
            if trouble.kind is TroubleKind.REJECTS_ORDERS and isinstance(message, ChildRouted):
                self._refuse(message.route, at_ns)
                return
            if trouble.kind is TroubleKind.SLOW:
                delay_ns += trouble.delay_ns
        self.inside.send(message, at_ns + delay_ns)

    def advance(self, until_ns: int) -> Sequence[_Arrival]:
        """Run the market inside; returns its news as the bad line lets them through, in order of arrival.

        News that are lost do not end the run: it goes on to until_ns or to the first that arrive.
        """
        if self._refusals:
            refusals, self._refusals = self._refusals, []
            return refusals
        while news := self.inside.advance(until_ns):
            arriving = [item for arrival_ns, message in news for item in self._pass(arrival_ns, message)]
            if arriving:
                return sorted(arriving, key=lambda item: item[0])
        return ()

    def _pass(self, arrival_ns: int, message: VenueMessage) -> list[_Arrival]:
        """What arrives of one message, and when."""
        again = 0
        for trouble in self._troubles.at(message.venue, arrival_ns):
            if trouble.kind is TroubleKind.LOSES_REPORTS:
                self.lost += 1
                return []
            again += trouble.kind is TroubleKind.REPEATS_REPORTS
            arrival_ns = _late(trouble, arrival_ns, message)
        return [(arrival_ns + number * REPEAT_NS, message) for number in range(again + 1)]

    def _refuse(self, route: Route, at_ns: int) -> None:
        """The venue answers an order with a rejection, after its latency both ways."""
        latency_ns = self._latency_ns[route.venue]
        report = ExecutionReport(
            parent_id=route.parent_id,
            venue=route.venue,
            cl_ord_id=route.cl_ord_id,
            exec_id=f"{route.venue}-{route.cl_ord_id}-refused",
            exec_type=ExecType.REJECTED,
            ord_status=OrdStatus.REJECTED,
            cum_qty=0,
            leaves_qty=0,
            transact_ns=at_ns + latency_ns,
            order_qty=route.qty,
            text="the venue takes no orders at the moment",
        )
        self._refusals.append((at_ns + 2 * latency_ns, report))


def _late(trouble: Trouble, arrival_ns: int, message: VenueMessage) -> int:
    """When a message arrives after one trouble has had its way with it."""
    if trouble.kind is TroubleKind.SILENT:
        return max(arrival_ns, trouble.until_ns)
    if trouble.kind is TroubleKind.SLOW:
        return arrival_ns + trouble.delay_ns
    if trouble.kind is TroubleKind.SHUFFLES_REPORTS:
        name = message.exec_id if isinstance(message, ExecutionReport | CancelReject) else message.venue
        return arrival_ns + crc32(name.encode()) % SHUFFLE_NS
    return arrival_ns
