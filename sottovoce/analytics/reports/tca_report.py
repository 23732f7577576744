"""The cost report of one or more orders: measured once, rendered as JSON, text or HTML from the same figures."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from sottovoce.analytics.tca.columns import FillColumns
from sottovoce.analytics.tca.market_tape import MarketTape, read_tape
from sottovoce.analytics.tca.measure import OrderTca, measure
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.analytics.tca.portfolio import Portfolio, portfolio_of
from sottovoce.analytics.tca.venues import VenueRow, venue_tables
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Tape

DENOMINATOR = "ordered quantity × decision price"


class Report(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Orders measured, together and one by one. tapes: by instrument id, for the charts.

    venues and kinds: over all orders, None with venue_reason when their currencies differ.
    inputs_digest: SHA-256 of the orders and tapes; the same inputs give the same report, byte by byte.
    """

    orders: tuple[OrderTca, ...]
    portfolio: Portfolio
    venues: tuple[VenueRow, ...] | None
    kinds: tuple[VenueRow, ...] | None
    venue_reason: str
    tapes: dict[str, MarketTape]
    inputs_digest: str


def build_report(orders: Sequence[TcaOrder], tapes: Mapping[str, Tape]) -> Report:
    """Measure orders against the tapes of their instruments (by instrument id, or symbol where there is none).

    Raises: ModelError no_orders, or from a model for figures that cannot be.
    """
    if not orders:
        raise ModelError("There is no order to report on.", code="no_orders")
    names = sorted({order.tape_id for order in orders} & set(tapes))
    read = {name: read_tape(tapes[name], _sessions(orders, name)) for name in names}
    measured = tuple(measure(order, read.get(order.tape_id)) for order in orders)
    pairs = [(each.order, each.fills) for each in measured]
    same = len({(order.currency, order.price_scale) for order in orders}) == 1
    rows, kinds = venue_tables(pairs) if same else (None, None)
    return Report(
        orders=measured,
        portfolio=portfolio_of(measured),
        venues=rows,
        kinds=kinds,
        venue_reason="" if same else "orders in several currencies: see the venues of each order",
        tapes=read,
        inputs_digest=_digest(orders, {name: tapes[name] for name in read}),
    )


def fills_shown(fills: FillColumns, most: int) -> list[int]:
    """Rows of at most so many fills, evenly taken, first and last among them; for charts."""
    count = int(fills.qty.size)
    if count <= most:
        return list(range(count))
    rows: list[int] = np.linspace(0, count - 1, most).round().astype(np.int64).tolist()
    return rows


def _sessions(orders: Sequence[TcaOrder], name: str) -> list[tuple[int, int]]:
    """The sessions that any order of an instrument names."""
    return sorted({each for order in orders if order.tape_id == name for each in order.sessions})


READ = ("quote_ns", "bid", "ask", "trade_ns", "trade_px", "trade_qty", "trade_own", "trade_kind")
"""The columns of a tape the account is made from; what else a source may know changes no figure of it."""


def _digest(orders: Sequence[TcaOrder], tapes: Mapping[str, Tape]) -> str:
    seal = hashlib.sha256(msgspec.json.encode(list(orders), order="deterministic"))
    for name, tape in sorted(tapes.items()):
        seal.update(name.encode())
        for field in READ:
            column = np.asarray(getattr(tape, field), dtype="<i8")
            seal.update(column.size.to_bytes(8, "little"))
            seal.update(column.tobytes())
    return seal.hexdigest()
