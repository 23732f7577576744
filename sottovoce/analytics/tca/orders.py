"""What cost analysis needs to know of an order, wherever the order came from: a journal, a file, another system.

Prices are integers in units (price_scale units per unit of currency), quantities shares, times nanoseconds UTC,
fees price units × shares (money × price_scale). None means nobody knows, and is never read as zero.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import LastLiquidityInd, Side, VenueKind
from sottovoce.core.units import PRICE_SCALE_USD


class TcaFill(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One trade of ours. mid and half_spread are of the consolidated quote the trade met.

    fee: price units × shares, positive = paid. index_return: of the market's index since arrival, a fraction.
    """

    ts_ns: int
    qty: int
    px: int
    venue: str
    venue_kind: VenueKind
    fee: int = 0
    mid: int | None = None
    half_spread: int | None = None
    liquidity: LastLiquidityInd | None = None
    exec_id: str = ""
    index_return: float | None = None


class TcaRoute(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order of ours at one venue: how much was sent, how much of it filled, from when to when."""

    venue: str
    venue_kind: VenueKind
    qty: int
    filled_qty: int
    sent_ns: int
    done_ns: int | None = None
    route_id: str = ""


class TcaAmendment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The order's size became order_qty. px is the mid then; decision_px the manager's price for an increase.

    An increase is a slice with its own decision (px where none is given) and arrival; a decrease is quantity
    given up at px.
    """

    ts_ns: int
    order_qty: int
    px: int | None = None
    decision_px: int | None = None


class TcaForecast(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was said before the order was worked; bps of arrival value, positive = cost.

    permanent_bps: the part of the average cost that is permanent impact of the whole order (half the
    permanent move for Almgren 2005), None where the model has none. interval: what low and high cover.
    """

    expected_cost_bps: float
    low_bps: float
    high_bps: float
    timing_risk_bps: float
    model_version: str
    permanent_bps: float | None = None
    interval: str = "80 % of outcomes"


class TcaSchedule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The plan's cumulative target: curve[i] parts of CURVE_ONE due by edges_ns[i], same length."""

    edges_ns: tuple[int, ...]
    curve: tuple[int, ...]


class TcaOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One parent order and everything that happened to it.

    order_qty: as first accepted; amendments in order of time. start_ns: when it might first trade (arrival
    where None); end_ns: when it was done (last fill where None). end_px: mid at end_ns, for what did not
    fill. fees: charged on the order as a whole. given: benchmark prices from outside, by name, used where
    there is no tape; post_px among them is the mid half an hour after the last fill.
    busted: trades a venue undid, already left out of fills. fx_rate: units of fx_currency, the report's,
    for one of currency; exact decimal text. calendar: the exchange whose clock reports print ("XNYS").
    sessions: (open, close) of its regular sessions while the order lived, nanoseconds; none where unknown.
    """

    parent_id: str
    symbol: str
    side: Side
    order_qty: int
    decision_px: int
    arrival_px: int
    arrival_ns: int
    fills: tuple[TcaFill, ...] = ()
    instrument_id: str = ""
    decision_ns: int | None = None
    start_ns: int | None = None
    first_route_ns: int | None = None
    end_ns: int | None = None
    end_px: int | None = None
    end_reason: str = ""
    arrival_rule: str = "given"
    amendments: tuple[TcaAmendment, ...] = ()
    returned_qty: int = 0
    routes: tuple[TcaRoute, ...] = ()
    fees: int = 0
    strategy: str = ""
    forecast: TcaForecast | None = None
    schedule: TcaSchedule | None = None
    given: dict[str, int] = {}
    beta: float | None = None
    adv: float | None = None
    sigma_daily: float | None = None
    currency: str = "USD"
    price_scale: int = PRICE_SCALE_USD
    fx_rate: str | None = None
    fx_currency: str | None = None
    calendar: str = ""
    sessions: tuple[tuple[int, int], ...] = ()
    busted: int = 0
    corrected: int = 0
    notes: tuple[str, ...] = ()

    @property
    def tape_id(self) -> str:
        """The name its tape is found under."""
        return self.instrument_id or self.symbol

    @property
    def final_qty(self) -> int:
        """Quantity after the last amendment."""
        return self.amendments[-1].order_qty if self.amendments else self.order_qty
