"""Fills as columns: the one form in which a single order or fifty million fills are measured."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.analytics.tca.market_tape import UNKNOWN, MarketTape, before, mids_after
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.core.enums import LastLiquidityInd, VenueKind
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.arrays import BoolArray, IntArray

MARKOUTS_NS = {"1s": NS_PER_SECOND, "10s": 10 * NS_PER_SECOND, "1min": 60 * NS_PER_SECOND, "5min": 300 * NS_PER_SECOND}
KINDS = (VenueKind.LIT, VenueKind.DARK, VenueKind.AUCTION)

Venue = tuple[str, VenueKind]


class FillColumns(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Fills of one order in order of time; int64, shape (n,).

    mid and half_spread are UNKNOWN (-1) where nobody knows; fee in price units × shares; venue is an index
    into venues; markouts: mid after the fill by horizon, shape (n,) each, UNKNOWN past the session or without a tape.
    """

    ts_ns: IntArray
    qty: IntArray
    px: IntArray
    mid: IntArray
    half_spread: IntArray
    fee: IntArray
    auction: BoolArray
    venue: IntArray
    venues: tuple[Venue, ...]
    markouts: dict[str, IntArray]


def columns_of(order: TcaOrder, tape: MarketTape | None) -> FillColumns:
    """The fills of an order as columns; what they do not say of the quote is looked up on the tape."""
    fills = sorted(order.fills, key=lambda fill: fill.ts_ns)
    keys = [(fill.venue, _kind(fill.venue_kind, fill.liquidity)) for fill in fills]
    venues = tuple(sorted(set(keys), key=lambda key: (KINDS.index(key[1]), key[0])))
    place = {key: index for index, key in enumerate(venues)}
    raw = FillColumns(
        ts_ns=_ints([fill.ts_ns for fill in fills]),
        qty=_ints([fill.qty for fill in fills]),
        px=_ints([fill.px for fill in fills]),
        mid=_ints([UNKNOWN if fill.mid is None else fill.mid for fill in fills]),
        half_spread=_ints([UNKNOWN if fill.half_spread is None else fill.half_spread for fill in fills]),
        fee=_ints([fill.fee for fill in fills]),
        auction=np.array([key[1] is VenueKind.AUCTION for key in keys], dtype=np.bool_),
        venue=_ints([place[key] for key in keys]),
        venues=venues,
        markouts={},
    )
    return with_quotes(raw, tape)


def with_quotes(fills: FillColumns, tape: MarketTape | None) -> FillColumns:
    """The same fills with the tape's quote where theirs is unknown, and the mids that came after."""
    if tape is None:
        nothing = np.full(fills.qty.shape, UNKNOWN, dtype=np.int64)
        return msgspec.structs.replace(fills, markouts=dict.fromkeys(MARKOUTS_NS, nothing))
    mid, half_spread = fills.mid, fills.half_spread
    if bool((mid == UNKNOWN).any()) or bool((half_spread == UNKNOWN).any()):
        seen_mid, seen_half = before(tape, fills.ts_ns)
        half_spread = np.where(half_spread == UNKNOWN, seen_half, half_spread)
        mid = np.where(mid == UNKNOWN, seen_mid, mid)
    after = {name: mids_after(tape, fills.ts_ns, delay) for name, delay in MARKOUTS_NS.items()}
    return msgspec.structs.replace(fills, mid=mid, half_spread=half_spread, markouts=after)


def take(fills: FillColumns, keep: IntArray | slice) -> FillColumns:
    """The fills of these rows; a slice copies nothing."""
    return msgspec.structs.replace(
        fills,
        ts_ns=fills.ts_ns[keep],
        qty=fills.qty[keep],
        px=fills.px[keep],
        mid=fills.mid[keep],
        half_spread=fills.half_spread[keep],
        fee=fills.fee[keep],
        auction=fills.auction[keep],
        venue=fills.venue[keep],
        markouts={name: after[keep] for name, after in fills.markouts.items()},
    )


def _kind(kind: VenueKind, liquidity: LastLiquidityInd | None) -> VenueKind:
    """A lit venue's auction is an auction."""
    return VenueKind.AUCTION if liquidity is LastLiquidityInd.AUCTION else kind


def _ints(values: list[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
