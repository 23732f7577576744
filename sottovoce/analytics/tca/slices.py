"""An order and its amendments as slices, each with its own decision and arrival price.

An increase opens a slice; fills go to the oldest open slice; a decrease gives up unfilled quantity of the newest
slice at the mid of that moment. A fill that crosses a decrease takes that quantity back; what a venue filled
beyond everything ordered is a slice of its own, decided and arrived at the order's arrival price.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import numpy as np

from sottovoce.analytics.tca.columns import FillColumns
from sottovoce.analytics.tca.orders import TcaAmendment, TcaOrder
from sottovoce.models.arrays import IntArray
from sottovoce.models.exact_sums import exact_sum
from sottovoce.models.shortfall import Fills, GivenUp, ShortfallSlice

AMENDMENT_PX_MISSING = "an amendment has no price and there is no tape to take the mid from"


class _Slice(msgspec.Struct, kw_only=True):
    """One slice while it is being folded: rows are (fill, shares of it)."""

    ordered: int
    decision_px: int
    arrival_px: int
    open_qty: int
    rows: list[tuple[int, int]] = []
    given_up: list[GivenUp] = []


def _opened(ordered: int, decision_px: int, arrival_px: int) -> _Slice:
    return _Slice(ordered=ordered, decision_px=decision_px, arrival_px=arrival_px, open_qty=ordered)


class Prices(msgspec.Struct, frozen=True, kw_only=True):
    """What the slices need beside the order: end price, mids at the amendments, the model's permanent part."""

    end_px: int
    amendment_px: tuple[int, ...] = ()
    permanent_bps: float = 0.0


def slices_of(order: TcaOrder, fills: FillColumns, prices: Prices) -> list[ShortfallSlice]:
    """The slices of an order; their quantities add up to what was ordered, and to every fill once."""
    if not order.amendments and exact_sum(fills.qty) <= order.order_qty:
        everything = Fills(qty=fills.qty, px=fills.px, mid=fills.mid, half_spread=fills.half_spread)
        whole = _opened(order.order_qty, order.decision_px, order.arrival_px)
        return [_closed(order, whole, everything, prices, exact_sum(fills.fee) + order.fees)]
    folded = _fold(order, fills, prices)
    fees = [exact_sum(fills.fee) + order.fees] + [0] * (len(folded) - 1)
    return [_closed(order, each, _rows(fills, each.rows), prices, fee) for each, fee in zip(folded, fees, strict=True)]


def overfilled(order: TcaOrder, fills: FillColumns) -> int:
    """Shares filled beyond all that was ever wanted at once."""
    most = max([order.order_qty, *(each.order_qty for each in order.amendments)])
    return max(exact_sum(fills.qty) - most, 0)


def _fold(order: TcaOrder, fills: FillColumns, prices: Prices) -> list[_Slice]:
    opened = [_opened(order.order_qty, order.decision_px, order.arrival_px)]
    wanted = order.order_qty
    for event in _events(order.amendments, fills, prices.amendment_px):
        if isinstance(event, tuple):
            _fill(order, opened, *event)
        else:
            _amend(opened, event, event.order_qty - wanted)
            wanted = event.order_qty
    return opened


def _events(
    amendments: Sequence[TcaAmendment], fills: FillColumns, amendment_px: Sequence[int]
) -> Iterator[tuple[int, int] | TcaAmendment]:
    """Fills as (index, shares) and priced amendments in order of time; an amendment before a fill of its time."""
    row, times, shares = 0, fills.ts_ns.tolist(), fills.qty.tolist()
    for amendment, px in zip(amendments, amendment_px, strict=True):
        while row < len(times) and times[row] < amendment.ts_ns:
            yield row, shares[row]
            row += 1
        yield msgspec.structs.replace(amendment, px=px)
    yield from enumerate(shares[row:], row)


def _fill(order: TcaOrder, opened: list[_Slice], row: int, qty: int) -> None:
    for each in opened:
        part = min(qty, each.open_qty)
        if part:
            each.rows.append((row, part))
            each.open_qty -= part
            qty -= part
    for each in opened if qty else ():
        part = min(qty, sum(given.qty for given in each.given_up))
        if part:
            _take_back(each, part)
            each.rows.append((row, part))
            qty -= part
    if qty:
        opened.append(_opened(qty, order.arrival_px, order.arrival_px))
        opened[-1].rows.append((row, qty))
        opened[-1].open_qty = 0


def _amend(opened: list[_Slice], amendment: TcaAmendment, change: int) -> None:
    px = amendment.px or 0
    if change > 0:
        decision = px if amendment.decision_px is None else amendment.decision_px
        opened.append(_opened(change, decision, px))
        return
    for each in reversed(opened):
        part = min(-change, each.open_qty)
        if part:
            each.given_up.append(GivenUp(qty=part, px=px))
            each.open_qty -= part
            change += part


def _take_back(each: _Slice, qty: int) -> None:
    """Undo the latest decreases by what filled after all."""
    while qty:
        given = each.given_up.pop()
        if given.qty > qty:
            each.given_up.append(GivenUp(qty=given.qty - qty, px=given.px))
        qty -= min(qty, given.qty)


def _rows(fills: FillColumns, rows: list[tuple[int, int]]) -> Fills:
    index: IntArray = np.array([row for row, _ in rows], dtype=np.int64)
    return Fills(
        qty=np.array([qty for _, qty in rows], dtype=np.int64),
        px=fills.px[index],
        mid=fills.mid[index],
        half_spread=fills.half_spread[index],
    )


def _closed(order: TcaOrder, each: _Slice, fills: Fills, prices: Prices, fees: int) -> ShortfallSlice:
    return ShortfallSlice(
        side_sign=order.side.sign,
        ordered=each.ordered,
        decision_px=each.decision_px,
        arrival_px=each.arrival_px,
        end_px=prices.end_px,
        fills=fills,
        fees=fees,
        permanent_bps=prices.permanent_bps,
        given_up=tuple(each.given_up),
    )
