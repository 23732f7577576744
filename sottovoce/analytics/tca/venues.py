"""What each venue gave us: how much filled, at what distance from the mid, and where the price went after.

Spread figures are the functions of models/spreads.py on share-weighted averages (they are linear in price),
signed by side so that buys and sells add. Auction fills are left out of spreads and markouts: an auction's price
was not made against a continuous quote. With fewer than MARKOUT_FILLS_MIN fills a row describes this order and is
no evidence about the venue; it says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.tca.columns import KINDS, MARKOUTS_NS, FillColumns, Venue, take
from sottovoce.analytics.tca.market_tape import UNKNOWN
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.core.enums import VenueKind
from sottovoce.models.arrays import BoolArray, FloatArray, IntArray
from sottovoce.models.exact_sums import exact_dot, exact_sum
from sottovoce.models.shortfall import BPS
from sottovoce.models.spreads import effective_bps, impact_bps, markout_bps, price_improvement, realised_bps
from sottovoce.models.spreads import spread_capture as capture

MARKOUT_FILLS_MIN = 200
ADVERSE_HORIZON = "1min"
AUCTION_REASON = "auction prices are not made against a quote"
NO_QUOTE = "no quote is known at these fills"
NO_AFTER = "no tape after these fills"
NO_ROUTES = "orders sent to the venue are not given"
LOCKED = "the quotes were locked"


class Markout(msgspec.Struct, frozen=True, kw_only=True):
    """Mid after the fill against the fill, bps of the mid at the fill, share-weighted; positive = good for us.

    realised: what the other side kept (2s(p − m_after)/m); standard_error over fills, None below two.
    """

    horizon: str
    markout_bps: float | None
    realised_bps: float | None
    standard_error_bps: float | None
    fills: int
    reason: str = ""


class VenueRow(msgspec.Struct, frozen=True, kw_only=True):
    """One venue, or one kind of venue. Shares; money in price units × shares; None with a reason.

    fill_rate: observed filled / sent of the orders that give their routes, no estimate of fill probability.
    price_improvement: against the far touch, bps of the mid. spread_capture: +1 at our own touch, 0 at the
    mid, -1 at the far touch.
    adverse_selection: the mid's move against us within a minute of the fill, bps; positive = cost.
    """

    venue: str
    kind: VenueKind
    routes: int | None
    sent_qty: int | None
    filled_qty: int
    fills: int
    fill_rate: float | None
    share: float
    value: int
    fees: int
    fees_bps: float | None
    effective_bps: float | None
    price_improvement_bps: float | None
    spread_capture: float | None
    adverse_selection_bps: float | None
    markouts: tuple[Markout, ...]
    reasons: dict[str, str]
    thin: bool


class SignedFills(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The fills of one group with the side of each, so that buys and sells can be added."""

    sign: IntArray
    fills: FillColumns


class _ByVenue(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One order with its fills put together by venue: those of venues[i] lie in bounds[i] to bounds[i + 1]."""

    order: TcaOrder
    fills: FillColumns
    bounds: tuple[int, ...]


def venue_tables(
    orders: Sequence[tuple[TcaOrder, FillColumns]],
) -> tuple[tuple[VenueRow, ...], tuple[VenueRow, ...]]:
    """A row for each venue that was sent or gave anything, and the same by kind: lit, dark, auction."""
    grouped = [_by_venue(order, fills) for order, fills in orders]
    keys = {key for each in grouped for key in each.fills.venues}
    keys |= {(route.venue, route.venue_kind) for each in grouped for route in each.order.routes}
    ranked = sorted(keys, key=lambda key: (KINDS.index(key[1]), key[0]))
    rows = tuple(_row(key[0], key[1], grouped, {key}) for key in ranked)
    kinds = {kind: {key for key in ranked if key[1] is kind} for kind in KINDS}
    return rows, tuple(_row(f"all {kind.value}", kind, grouped, held) for kind, held in kinds.items() if held)


def _by_venue(order: TcaOrder, fills: FillColumns) -> _ByVenue:
    """Fills sorted by venue once, so that each group of venues is a slice."""
    if len(fills.venues) > 1:
        fills = take(fills, np.argsort(fills.venue.astype(np.int16), kind="stable"))
    bounds = np.searchsorted(fills.venue, np.arange(len(fills.venues) + 1))
    return _ByVenue(order=order, fills=fills, bounds=tuple(bounds.tolist()))


def _row(name: str, kind: VenueKind, orders: Sequence[_ByVenue], keys: set[Venue]) -> VenueRow:
    group = _group(orders, keys)
    fills = group.fills
    everything = sum(exact_sum(each.fills.qty) for each in orders)
    value, fees = exact_dot(fills.qty, fills.px), exact_sum(fills.fee)
    filled = exact_sum(fills.qty)
    routes = [route for each in orders for route in each.order.routes if (route.venue, route.venue_kind) in keys]
    sent = sum(route.qty for route in routes) if routes else None
    spreads, reasons = _spreads(kind, group)
    if sent is None:
        reasons["fill_rate"] = NO_ROUTES
    markouts = tuple(_markout(kind, group, horizon) for horizon in MARKOUTS_NS)
    adverse = _adverse(kind, group)
    if adverse is None:
        reasons["adverse_selection"] = AUCTION_REASON if kind is VenueKind.AUCTION else NO_AFTER
    return VenueRow(
        venue=name,
        kind=kind,
        routes=len(routes) if routes else None,
        sent_qty=sent,
        filled_qty=filled,
        fills=int(fills.qty.size),
        fill_rate=sum(route.filled_qty for route in routes) / sent if sent else None,
        share=filled / everything if everything else 0.0,
        value=value,
        fees=fees,
        fees_bps=BPS * fees / value if value else None,
        effective_bps=spreads.get("effective"),
        price_improvement_bps=spreads.get("improvement"),
        spread_capture=spreads.get("capture"),
        adverse_selection_bps=adverse,
        markouts=markouts,
        reasons=reasons,
        thin=fills.qty.size < MARKOUT_FILLS_MIN,
    )


def _group(orders: Sequence[_ByVenue], keys: set[Venue]) -> SignedFills:
    parts, signs = [], []
    for each in orders:
        # Venues are ranked by kind, so the venues of one row lie side by side.
        wanted = [index for index, key in enumerate(each.fills.venues) if key in keys]
        rows = slice(each.bounds[wanted[0]], each.bounds[wanted[-1] + 1]) if wanted else slice(0, 0)
        part = take(each.fills, rows)
        parts.append(part)
        signs.append(np.full(part.qty.shape, each.order.side.sign, dtype=np.int64))
    return SignedFills(sign=np.concatenate(signs), fills=_joined(parts))


def _joined(parts: Sequence[FillColumns]) -> FillColumns:
    if len(parts) == 1:
        return parts[0]
    names = ("ts_ns", "qty", "px", "mid", "half_spread", "fee", "auction", "venue")
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    after = {name: np.concatenate([part.markouts[name] for part in parts]) for name in MARKOUTS_NS}
    return FillColumns(venues=(), markouts=after, **columns)


def _spreads(kind: VenueKind, group: SignedFills) -> tuple[dict[str, float], dict[str, str]]:
    names = ("effective_spread", "price_improvement", "spread_capture")
    if kind is VenueKind.AUCTION:
        return {}, dict.fromkeys(names, AUCTION_REASON)
    with_mid = group.fills.mid != UNKNOWN
    found = _averages(group, with_mid)
    if found is None:
        return {}, dict.fromkeys(names, NO_QUOTE)
    effective = {"effective": effective_bps(1, found["px"], found["mid"])}
    found = _averages(group, with_mid & (group.fills.half_spread != UNKNOWN))
    if found is None:
        return effective, dict.fromkeys(names[1:], NO_QUOTE)
    px, mid, half = found["px"], found["mid"], found["half_spread"]
    figures = effective | {"improvement": BPS * price_improvement(1, px, mid - half, mid + half) / mid}
    if half <= 0:
        return figures, {"spread_capture": LOCKED}
    return figures | {"capture": capture(1, px, mid - half, mid + half)}, {}


def _averages(group: SignedFills, keep: BoolArray, after: IntArray | None = None) -> dict[str, float] | None:
    """Share-weighted averages of the fills kept, as if every one were a buy: px and after are mid + signed gap."""
    fills, sign = group.fills, group.sign
    qty, px, mid, half = fills.qty, fills.px, fills.mid, fills.half_spread
    if not bool(keep.all()):
        qty, px, mid, half, sign = qty[keep], px[keep], mid[keep], half[keep], sign[keep]
        after = None if after is None else after[keep]
    shares = exact_sum(qty)
    if not shares:
        return None
    level, signed = exact_dot(qty, mid) / shares, qty * sign
    found = {
        "mid": level,
        "half_spread": exact_dot(qty, half) / shares,
        "px": level + exact_dot(signed, px - mid) / shares,
    }
    if after is not None:
        found["after"] = level + exact_dot(signed, after - mid) / shares
    return found


def _after(kind: VenueKind, group: SignedFills, horizon: str) -> tuple[dict[str, float] | None, BoolArray]:
    after = group.fills.markouts[horizon]
    keep = (after != UNKNOWN) & (group.fills.mid != UNKNOWN)
    return (None if kind is VenueKind.AUCTION else _averages(group, keep, after)), keep


def _markout(kind: VenueKind, group: SignedFills, horizon: str) -> Markout:
    found, keep = _after(kind, group, horizon)
    if found is None:
        reason = AUCTION_REASON if kind is VenueKind.AUCTION else NO_AFTER
        return Markout(
            horizon=horizon, markout_bps=None, realised_bps=None, standard_error_bps=None, fills=0, reason=reason
        )
    return Markout(
        horizon=horizon,
        markout_bps=markout_bps(1, found["px"], found["mid"], found["after"]),
        realised_bps=realised_bps(1, found["px"], found["mid"], found["after"]),
        standard_error_bps=_standard_error(group, keep, group.fills.markouts[horizon]),
        fills=int(np.count_nonzero(keep)),
    )


def _adverse(kind: VenueKind, group: SignedFills) -> float | None:
    """Half of impact with the sign turned: a buy is hurt when the mid falls after it."""
    found, _ = _after(kind, group, ADVERSE_HORIZON)
    return None if found is None else -impact_bps(1, found["mid"], found["after"]) / 2


def _standard_error(group: SignedFills, keep: BoolArray, after: IntArray) -> float | None:
    """Of the share-weighted mean, over fills: √Σ w²(x − x̄)² with w the share of shares."""
    fills, sign = group.fills, group.sign
    qty, px, mid = fills.qty, fills.px, fills.mid
    if not bool(keep.all()):
        qty, px, mid, sign, after = qty[keep], px[keep], mid[keep], sign[keep], after[keep]
    if qty.size < 2:
        return None
    weight: FloatArray = qty / qty.sum()
    moves: FloatArray = BPS * (sign * (after - px) / mid)
    spread = weight * (moves - weight @ moves)
    return float(np.sqrt(spread @ spread))
