"""What is decided about a list of orders, whole list first: all of its legs go on, or none.

The path: NewBasket ─► gateway ─► BasketAccepted (every leg resolved and priced) ─► risk: the aggregate controls of
PT-04 and every hard check of every leg ─► BasketCleared | BasketRejected ─► gateway: BasketHeld, or BasketReleased
followed by one OrderAccepted a leg, which then goes the way of any order, reservation included.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.basket_commands import NewBasket
from sottovoce.core.event import Event
from sottovoce.core.orders import Failure, ParentOrder


class LegFault(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is wrong with one row of a list."""

    row: int
    symbol: str
    failures: tuple[Failure, ...]


class FaultClass(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One rule broken in a list: by how many rows, and the first of them. The first screen shows every class."""

    code: str
    count: int
    first: Failure
    row: int


class BasketAccepted(Event, frozen=True, kw_only=True, gc=False, tag="basket_accepted"):
    """The whole list is well formed and every leg is priced; risk may look at it.

    parent_id is the list's; basket is what was asked; legs are parent orders in the order of its rows, none entered
    yet. gross and net are what they are worth at the arrival mid, in millionths of currency (1e-6), net signed by
    side. holds are rules of the gateway that ask for a person; released_by who let it go, if it was held before.
    """

    basket: NewBasket
    body_digest: str
    content_digest: str
    gross: int
    net: int
    legs: tuple[ParentOrder, ...]
    holds: tuple[Failure, ...] = ()
    released_by: str = ""


class BasketRefused(Event, frozen=True, kw_only=True, gc=False, tag="basket_refused"):
    """The gateway refused the whole list; nothing of it is entered and its id is burned.

    failures are the list's own; faults those of its rows (a bounded number of them), classes all of them by rule.
    """

    account: str
    basket_id: str
    body_digest: str
    failures: tuple[Failure, ...]
    faults: tuple[LegFault, ...] = ()
    classes: tuple[FaultClass, ...] = ()


class BasketCleared(Event, frozen=True, kw_only=True, gc=False, tag="basket_cleared"):
    """Risk finds no hard breach in the list as a whole or in any leg; holds are its soft ones."""

    limits_version: int
    holds: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()


class BasketRejected(Event, frozen=True, kw_only=True, gc=False, tag="basket_rejected"):
    """A hard breach of the list or of a leg, or a person's no, or the end of its wait: nothing is entered."""

    failures: tuple[Failure, ...]
    by: str
    faults: tuple[LegFault, ...] = ()


class BasketHeld(Event, frozen=True, kw_only=True, gc=False, tag="basket_held"):
    """The list waits for a person of the role: nothing of it is sent until then, and it expires."""

    basket: NewBasket
    rules: tuple[Failure, ...]
    role: str
    expires_ns: int
    content_digest: str
    gross: int


class BasketReleased(Event, frozen=True, kw_only=True, gc=False, tag="basket_released"):
    """The list goes on, leg by leg. by is "rule" or the person who released it."""

    by: str
    legs: int
    gross: int


class ListCurve(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How one leg is worked with its list: curve is the cumulative part done at each of edges_ns, in parts of 1e9."""

    parent_id: str
    edges_ns: tuple[int, ...]
    curve: tuple[int, ...]
    reason: str = ""


class ListBinding(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A limit the list's schedule runs into. kind: "participation", "cash", "beta" or "sector"; name: of the leg or the
    sum; limit: part of volume or currency; first … last: the ends of the buckets it holds back, exchange time; saves:
    currency of cost and risk for a point more of volume, or a hundredth more of a sum.
    """

    kind: str
    name: str
    limit: float
    first: str
    last: str
    saves: float


class ListScheduled(Event, frozen=True, kw_only=True, gc=False, tag="list_scheduled"):
    """A released list is worked as one: every leg's curve, within the limits of the list.

    expected_cost_bps and timing_risk_bps: of the list's gross worth; kkt_ppb: how far from optimal, parts per 1e9.
    apart: legs with an instruction of their own, which the schedule leaves alone. flags: what had to be assumed.
    """

    curves: tuple[ListCurve, ...]
    binding: tuple[ListBinding, ...]
    expected_cost_bps: float
    timing_risk_bps: float
    kkt_ppb: int
    apart: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class ListUnschedulable(Event, frozen=True, kw_only=True, gc=False, tag="list_unschedulable"):
    """No schedule keeps the limits of a released list: failures name what stands in the way; its legs are rejected."""

    failures: tuple[Failure, ...]
    legs: tuple[str, ...]


BasketEvent = (
    BasketAccepted
    | BasketRefused
    | BasketCleared
    | BasketRejected
    | BasketHeld
    | BasketReleased
    | ListScheduled
    | ListUnschedulable
)
