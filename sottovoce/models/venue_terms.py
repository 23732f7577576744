"""Whether a venue takes an order as it is, by the order terms in its facts: yes, or a sentence why not.

An order is never quietly turned into another one: what its venue does not know it refuses. A venue that does not say
what it takes is held to what every venue of its kind does.
"""

from __future__ import annotations

from sottovoce.core.enums import OrdType, Peg, TimeInForce, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.ports import OrderTerms, VenueFacts

USUAL_TERMS = {
    VenueKind.LIT: OrderTerms(),
    VenueKind.DARK: OrderTerms(
        ord_types=(OrdType.LIMIT, OrdType.MARKET, OrdType.PEGGED), pegs=(Peg.MID,), hidden=True, min_qty=True
    ),
    VenueKind.AUCTION: OrderTerms(times_in_force=(TimeInForce.AT_THE_CLOSE,)),
}

_LIVES = {
    TimeInForce.DAY: "day orders",
    TimeInForce.IMMEDIATE_OR_CANCEL: "immediate-or-cancel orders",
    TimeInForce.FILL_OR_KILL: "fill-or-kill orders",
    TimeInForce.AT_THE_OPENING: "at-the-opening orders: send them to the opening auction, before the open",
    TimeInForce.AT_THE_CLOSE: "at-the-close orders: send them to the closing auction",
}
_PEGS = {Peg.PRIMARY: "near side", Peg.MID: "mid", Peg.MARKET: "far side"}


def terms_fault(route: Route, facts: VenueFacts) -> str:
    """Why a venue does not take an order of this make, "" when it does; price and time aside."""
    takes = facts.takes or USUAL_TERMS[facts.kind]
    return (
        _life_fault(route, facts, takes)
        or _type_fault(route, facts, takes)
        or _post_only_fault(route, facts, takes)
        or _display_fault(route, facts, takes)
        or _minimum_fault(route, facts, takes)
        or _lot_fault(route, facts, takes)
    )


def may_rest(route: Route) -> bool:
    """Whether what does not trade at once stays at its venue."""
    at_once = (TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)
    return route.ord_type is not OrdType.MARKET and route.time_in_force not in at_once


def _life_fault(route: Route, facts: VenueFacts, takes: OrderTerms) -> str:
    lives = takes.times_in_force
    if route.time_in_force in lives:
        return ""
    if lives == (TimeInForce.AT_THE_CLOSE,):
        return f"{facts.venue} takes at-the-close orders only"
    return f"{facts.venue} takes no {_LIVES[route.time_in_force]}"


def _type_fault(route: Route, facts: VenueFacts, takes: OrderTerms) -> str:
    if route.ord_type not in takes.ord_types:
        return f"{facts.venue} takes no {route.ord_type.value} orders"
    if route.ord_type is OrdType.PEGGED and route.peg not in takes.pegs:
        return f"{facts.venue} takes no orders pegged to the {_PEGS[route.peg]}"
    return ""


def _post_only_fault(route: Route, facts: VenueFacts, takes: OrderTerms) -> str:
    if not route.post_only:
        return ""
    if not takes.post_only:
        return f"{facts.venue} takes no post-only orders"
    return "" if may_rest(route) else "an order that only adds liquidity must be one that may rest: a limit for the day"


def _display_fault(route: Route, facts: VenueFacts, takes: OrderTerms) -> str:
    shown = route.display_qty
    if shown is None:
        return ""
    if not 0 <= shown <= route.qty:
        return f"display quantity {shown} is not between 0 and the order's {route.qty}"
    if facts.kind is VenueKind.DARK and shown and not takes.reserve:
        return f"{facts.venue} displays nothing: leave the display quantity out"
    if (shown == 0 and not takes.hidden) or (0 < shown < route.qty and not takes.reserve):
        return f"{facts.venue} takes no {_kept_back(shown, takes)} orders: display all of it"
    if facts.kind is VenueKind.LIT and shown < route.qty and not may_rest(route):
        return "an order that does not rest has nothing to hide: leave the display quantity out"
    if facts.kind is VenueKind.LIT and shown and _never_shown(route):
        return f"an order pegged to the {_PEGS[route.peg]} is never shown: leave the display quantity out"
    return ""


def _kept_back(shown: int, takes: OrderTerms) -> str:
    if not takes.hidden and not takes.reserve:
        return "hidden or reserve"
    return "reserve" if shown else "hidden"


def _minimum_fault(route: Route, facts: VenueFacts, takes: OrderTerms) -> str:
    if route.min_qty <= 1:
        return ""
    if not takes.min_qty:
        return f"{facts.venue} takes no minimum quantity"
    if facts.kind is not VenueKind.LIT:
        return ""
    if route.time_in_force is TimeInForce.FILL_OR_KILL:
        return "a fill-or-kill order trades whole: leave its minimum quantity out"
    if may_rest(route) and route.display_qty != 0 and not _never_shown(route):
        return f"{facts.venue} takes a minimum quantity only with orders that do not rest, or are hidden"
    return ""


def _lot_fault(route: Route, facts: VenueFacts, takes: OrderTerms) -> str:
    if route.qty % takes.lot:
        return f"quantity {route.qty} is not a multiple of the {takes.lot} that {facts.venue} trades in"
    return ""


def _never_shown(route: Route) -> bool:
    """Whether a lit venue hides it whatever it asks: it would lock the market it follows."""
    return route.ord_type is OrdType.PEGGED and route.peg is not Peg.PRIMARY
