"""What happens when an order or a cancel of ours arrives: it is judged, and handed to where its venue trades."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sottovoce.adapters.simulated.auctions import Auctions
from sottovoce.adapters.simulated.floor import Floor
from sottovoce.core.enums import ExecType, TimeInForce, VenueKind
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound, Session, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.models import venue_entry
from sottovoce.models.venue_orders import VenueOrder, VenueOrders


class Moment(NamedTuple):
    """What is open when a message arrives: session and floor None while closed, auctions None after the last."""

    session: Session | None
    halted: bool
    floor: Floor | None
    auctions: Auctions | None


class Entrance:
    """The doors of all venues of one name."""

    def __init__(self, orders: VenueOrders, venues: Mapping[str, VenueFacts]) -> None:
        self._orders = orders
        self._venues = venues

    def admit(self, message: Outbound, at_ns: int, moment: Moment) -> None:
        """A message of ours arrives at its venue; what is refused leaves no trace on the tape."""
        if isinstance(message, ChildRouted):
            self._admit_order(message.route, at_ns, moment)
        elif isinstance(message, RouteCancelRequested):
            self._admit_cancel(message.route, at_ns, moment)
        elif isinstance(message, RouteReplaceRequested):
            self._admit_replace(message, at_ns, moment)
        else:
            self._orders.answer(message, at_ns)

    def _admit_order(self, route: Route, at_ns: int, moment: Moment) -> None:
        if venue_entry.same_order(self._orders.find(route.cl_ord_id), route):
            return
        facts, floor = self._venues.get(route.venue), moment.floor
        order = self._orders.register(route)
        if facts is not None and facts.kind is VenueKind.AUCTION:
            self._admit_to_auction(order, facts, at_ns, moment)
            return
        fault = venue_entry.order_fault(route, facts, moment.session, _tick(floor), at_ns)
        if moment.halted and facts is not None and facts.kind is VenueKind.LIT:
            fault = fault or f"trading in {route.instrument_id} is halted"
        if fault or facts is None or floor is None:
            self._orders.close(order, ExecType.REJECTED, at_ns, fault)
        else:
            floor.enter(order, facts, at_ns)
            floor.look(at_ns)

    def _admit_to_auction(self, order: VenueOrder, facts: VenueFacts, at_ns: int, moment: Moment) -> None:
        """Orders for a call: at the close within its cut-off, at the opening before it, day orders in a halt."""
        route, life = order.route, order.route.time_in_force
        opening = life is TimeInForce.AT_THE_OPENING and moment.session is None
        opening = opening or (life is TimeInForce.DAY and moment.halted)
        tick = _tick(moment.floor)
        fault = "" if opening else venue_entry.order_fault(route, facts, moment.session, tick, at_ns)
        if not fault:
            reason = "no_auction" if moment.auctions is None else moment.auctions.enter(route, at_ns)
            fault = reason.replace("_", " ")
        if fault:
            self._orders.close(order, ExecType.REJECTED, at_ns, fault)
        else:
            self._orders.acknowledge(order, at_ns)

    def _admit_replace(self, message: RouteReplaceRequested, at_ns: int, moment: Moment) -> None:
        """The order leaves its book and comes back as asked, last in the queue at its price."""
        order, facts = self._orders.find(message.route.cl_ord_id), self._venues.get(message.route.venue)
        floor = moment.floor
        fault = venue_entry.replace_fault(order, message, facts, moment.session, _tick(floor), at_ns)
        if moment.halted and not fault:
            fault = f"trading in {message.route.instrument_id} is halted"
        if fault or order is None or facts is None or floor is None:
            self._orders.refuse_replace(message, order, at_ns, fault)
            return
        heir = self._orders.succeed(order, message)
        floor.cancel(order, ExecType.CANCELED, at_ns)
        floor.enter(heir, facts, at_ns)
        floor.look(at_ns)

    def _admit_cancel(self, route: Route, at_ns: int, moment: Moment) -> None:
        order, auctions = self._orders.find(route.cl_ord_id), moment.auctions
        opening = route.time_in_force is not TimeInForce.AT_THE_CLOSE
        fault = venue_entry.cancel_fault(order, self._venues.get(route.venue), moment.session, at_ns)
        if order is not None and auctions is not None and auctions.waits(route.cl_ord_id):
            fault = ("" if opening else fault) or auctions.cancel(route.cl_ord_id, at_ns).replace("_", " ")
            if not fault:
                self._orders.close(order, ExecType.CANCELED, at_ns)
        elif not fault and order is not None and moment.floor is not None:
            fault = moment.floor.cancel(order, ExecType.CANCELED, at_ns)
            moment.floor.look(at_ns)
        if fault:
            self._orders.refuse_cancel(route, order, at_ns, fault)


def _tick(floor: Floor | None) -> int:
    return 1 if floor is None else floor.profile.tick
