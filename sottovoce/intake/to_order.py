"""From a complete ticket to the command the gateway takes. What the desk cannot do yet is refused, never ignored."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import DarkUse, OrdType, Side, Strategy, TimeInForce, Urgency
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.intake.ticket import Ticket

STRATEGIES = {
    "VWAP": Strategy.VWAP,
    "TWAP": Strategy.TWAP,
    "POV": Strategy.POV,
    "IS": Strategy.IS,
    "CLOSE": Strategy.CLOSE,
    "SOR": Strategy.SOR,
}
SIDES = {"buy": Side.BUY, "sell": Side.SELL, "sell_short": Side.SELL_SHORT, "buy_to_cover": Side.BUY}
TIMES_IN_FORCE = {"DAY": TimeInForce.DAY, "CLO": TimeInForce.AT_THE_CLOSE}
ORDER_TYPES = {"market": OrdType.MARKET, "limit": OrdType.LIMIT}
CONSTRAINTS_TAKEN = frozenset({"dark", "max_participation", "max_impact_bps", "locate_id", "would"})

WallClock = Callable[[str], int]
"""From a time of the market's own clock ("15:30") to nanoseconds UTC on the day of the order."""


def to_new_order(
    ticket: Ticket, *, principal: str, account: str, cl_ord_id: str, now_ns: int, wall_clock: WallClock
) -> NewOrder:
    """The command for a complete ticket for one new order.

    Raises: MalformedMessage, code not_an_order or not_supported, naming what cannot be done.
    """
    if ticket.intent != "new" or ticket.status != "complete":
        sentence = f"This is a {ticket.intent} request that is {ticket.status}, not an order that can be sent."
        raise MalformedMessage(sentence, code="not_an_order")
    _refuse_what_is_not_done(ticket)
    assert ticket.side is not None
    assert ticket.symbol is not None
    would = ticket.constraints.would
    start_ns, end_ns = _horizon(ticket, now_ns, wall_clock)
    return NewOrder(
        principal=principal,
        account=ticket.account or account,
        cl_ord_id=ticket.cl_ord_id or cl_ord_id,
        symbol=ticket.symbol,
        side=SIDES[ticket.side],
        order_qty=ticket.quantity,
        notional=None if ticket.notional is None else ticket.notional.amount,
        currency=None if ticket.notional is None else ticket.notional.ccy,
        ord_type=ORDER_TYPES[ticket.order_type],
        price=ticket.limit,
        time_in_force=TIMES_IN_FORCE[ticket.tif],
        strategy=None if ticket.algo is None else STRATEGIES[ticket.algo],
        urgency=Urgency(ticket.urgency),
        start_ns=start_ns,
        end_ns=end_ns,
        days=ticket.horizon.days,
        participation=ticket.algo_params.participation,
        participation_min=ticket.algo_params.participation_min,
        participation_max=ticket.algo_params.participation_max,
        max_participation=ticket.constraints.max_participation,
        max_impact_bps=ticket.constraints.max_impact_bps,
        would_price=None if would is None else would.price,
        would_qty=None if would is None or isinstance(would.quantity, str) else would.quantity,
        dark=DarkUse.ALLOW if ticket.constraints.dark is None else DarkUse(ticket.constraints.dark),
        locate_id=ticket.constraints.locate_id,
    )


def _refuse_what_is_not_done(ticket: Ticket) -> None:
    asked = msgspec.to_builtins(ticket.constraints)
    cannot = sorted(set(asked) - CONSTRAINTS_TAKEN)
    if ticket.algo is not None and ticket.algo not in STRATEGIES:
        cannot.append(f"the {ticket.algo} strategy")
    if ticket.order_type not in ORDER_TYPES:
        cannot.append(f"a {ticket.order_type.replace('_', ' ')} order")
    if ticket.tif not in TIMES_IN_FORCE:
        cannot.append(f"time in force {ticket.tif}")
    if ticket.quantity_rule is not None:
        cannot.append("a size relative to a position or to volume")
    if cannot:
        sentence = f"Not supported yet: {', '.join(cannot)}. Nothing was sent; give the order without it."
        raise MalformedMessage(sentence, code="not_supported")


def _horizon(ticket: Ticket, now_ns: int, wall_clock: WallClock) -> tuple[int | None, int | None]:
    """(start, end) in nanoseconds; None leaves it to the sessions."""
    horizon = ticket.horizon
    if horizon.tz not in ("venue", "America/New_York"):
        sentence = f"Times in {horizon.tz} are not supported yet; give them on the market's own clock."
        raise MalformedMessage(sentence, code="not_supported")
    start_ns = None if horizon.start in ("now", "open") else wall_clock(horizon.start)
    if horizon.minutes is not None:
        return start_ns, max(start_ns or now_ns, now_ns) + horizon.minutes * NS_PER_MINUTE
    end_ns = None if horizon.end in (None, "close") else wall_clock(horizon.end)
    return start_ns, end_ns
