"""What ORDERS.json may hold, field by field, as text and whole numbers; orders_file.py turns it into orders.

docs/reference/orders-format.md describes each field; a test keeps the two together.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sottovoce.core.enums import LastLiquidityInd, Side, VenueKind


class _Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of what the file may hold."""


class FileFill(_Wire, frozen=True, kw_only=True):
    time: str
    qty: int
    price: str
    venue: str = ""
    venue_kind: VenueKind = VenueKind.LIT
    fee: str = "0"
    mid: str | None = None
    half_spread: str | None = None
    liquidity: LastLiquidityInd | None = None
    exec_id: str = ""
    index_return: str | None = None


class FileRoute(_Wire, frozen=True, kw_only=True):
    venue: str
    qty: int
    filled_qty: int
    sent_time: str
    venue_kind: VenueKind = VenueKind.LIT
    done_time: str | None = None
    route_id: str = ""


class FileAmendment(_Wire, frozen=True, kw_only=True):
    time: str
    order_qty: int
    price: str | None = None
    decision_price: str | None = None


class FileForecast(_Wire, frozen=True, kw_only=True):
    expected_cost_bps: str
    low_bps: str
    high_bps: str
    timing_risk_bps: str
    model_version: str
    permanent_bps: str | None = None
    interval: str = "80 % of outcomes"


class FilePoint(_Wire, frozen=True, kw_only=True):
    time: str
    part: str


class FileBenchmarks(_Wire, frozen=True, kw_only=True):
    interval_vwap: str | None = None
    interval_vwap_with_own: str | None = None
    twap: str | None = None
    day_vwap: str | None = None
    tape_vwap: str | None = None
    pwp: str | None = None
    open: str | None = None
    close: str | None = None
    post_price: str | None = None


class FileFx(_Wire, frozen=True, kw_only=True):
    currency: str
    rate: str


class FileOrder(_Wire, frozen=True, kw_only=True):
    parent_id: str
    symbol: str
    side: Side
    order_qty: int
    decision_price: str
    arrival_price: str
    arrival_time: str
    fills: tuple[FileFill, ...] = ()
    instrument_id: str = ""
    decision_time: str | None = None
    start_time: str | None = None
    first_route_time: str | None = None
    end_time: str | None = None
    end_price: str | None = None
    end_reason: str = ""
    amendments: tuple[FileAmendment, ...] = ()
    returned_qty: int = 0
    routes: tuple[FileRoute, ...] = ()
    fees: str = "0"
    strategy: str = ""
    forecast: FileForecast | None = None
    schedule: tuple[FilePoint, ...] = ()
    benchmarks: FileBenchmarks = FileBenchmarks()
    beta: str | None = None
    adv: str | None = None
    sigma_daily: str | None = None
    currency: str = "USD"
    price_decimals: int = 6
    fx: FileFx | None = None
    calendar: str = ""
    busted: int = 0
    corrected: int = 0


class FileOrders(_Wire, frozen=True, kw_only=True):
    format: Literal["sottovoce-orders/1"]
    orders: tuple[FileOrder, ...]
