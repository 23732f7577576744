"""What each venue gave us: how much filled, at what distance from the mid, and where the price went after.

Spread figures are the functions of models/spreads.py on share-weighted averages (they are linear in price),
signed by side so that buys and sells add. Auction fills are left out of spreads and markouts: an auction's price
was not made against a continuous quote. With fewer than MARKOUT_FILLS_MIN fills a row describes this order and is
no evidence about the venue; it says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.analytics.tca.columns import KINDS, MARKOUTS_NS, FillColumns, Venue
from sottovoce.analytics.tca.orders import TcaOrder, TcaRoute
from sottovoce.analytics.tca.venue_sums import NOTHING, QuoteSums, VenueSums, added, sums_by_venue
from sottovoce.core.enums import VenueKind
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


def venue_tables(
    orders: Sequence[tuple[TcaOrder, FillColumns]],
) -> tuple[tuple[VenueRow, ...], tuple[VenueRow, ...]]:
    """A row for each venue that was sent or gave anything, and the same by kind: lit, dark, auction."""
    sums: dict[Venue, list[VenueSums]] = {}
    routes: dict[Venue, list[TcaRoute]] = {}
    for order, fills in orders:
        for key, each in zip(fills.venues, sums_by_venue(order.side.sign, fills), strict=True):
            sums.setdefault(key, []).append(each)
        for route in order.routes:
            routes.setdefault((route.venue, route.venue_kind), []).append(route)
    ranked = sorted({*sums, *routes}, key=lambda key: (KINDS.index(key[1]), key[0]))
    whole = sum(each.qty for found in sums.values() for each in found)
    groups = {key: added([NOTHING, *sums.get(key, [])]) for key in ranked}
    rows = [_row(*key, groups[key], routes.get(key, []), whole) for key in ranked]
    kinds = []
    for kind in KINDS:
        keys = [key for key in ranked if key[1] is kind]
        if keys:
            sent = [route for key in keys for route in routes.get(key, [])]
            kinds.append(_row(f"all {kind.value}", kind, added([groups[key] for key in keys]), sent, whole))
    return tuple(rows), tuple(kinds)


def _row(name: str, kind: VenueKind, sums: VenueSums, routes: Sequence[TcaRoute], whole: int) -> VenueRow:
    sent = sum(route.qty for route in routes) if routes else None
    spreads, reasons = _spreads(kind, sums)
    if sent is None:
        reasons["fill_rate"] = NO_ROUTES
    markouts = tuple(_markout(kind, name, each) for name, each in zip(MARKOUTS_NS, sums.after, strict=True))
    adverse = _adverse(kind, sums.after[tuple(MARKOUTS_NS).index(ADVERSE_HORIZON)])
    if adverse is None:
        reasons["adverse_selection"] = AUCTION_REASON if kind is VenueKind.AUCTION else NO_AFTER
    return VenueRow(
        venue=name,
        kind=kind,
        routes=len(routes) if routes else None,
        sent_qty=sent,
        filled_qty=sums.qty,
        fills=sums.fills,
        fill_rate=sum(route.filled_qty for route in routes) / sent if sent else None,
        share=sums.qty / whole if whole else 0.0,
        value=sums.value,
        fees=sums.fees,
        fees_bps=BPS * sums.fees / sums.value if sums.value else None,
        effective_bps=spreads.get("effective"),
        price_improvement_bps=spreads.get("improvement"),
        spread_capture=spreads.get("capture"),
        adverse_selection_bps=adverse,
        markouts=markouts,
        reasons=reasons,
        thin=sums.fills < MARKOUT_FILLS_MIN,
    )


def _spreads(kind: VenueKind, sums: VenueSums) -> tuple[dict[str, float], dict[str, str]]:
    names = ("effective_spread", "price_improvement", "spread_capture")
    if kind is VenueKind.AUCTION:
        return {}, dict.fromkeys(names, AUCTION_REASON)
    met, spread = sums.met.averages(), sums.spread.averages()
    if met is None:
        return {}, dict.fromkeys(names, NO_QUOTE)
    effective = {"effective": effective_bps(1, met["px"], met["mid"])}
    if spread is None:
        return effective, dict.fromkeys(names[1:], NO_QUOTE)
    px, mid, half = spread["px"], spread["mid"], spread["x"]
    figures = effective | {"improvement": BPS * price_improvement(1, px, mid - half, mid + half) / mid}
    if half <= 0:
        return figures, {"spread_capture": LOCKED}
    return figures | {"capture": capture(1, px, mid - half, mid + half)}, {}


def _markout(kind: VenueKind, horizon: str, sums: QuoteSums) -> Markout:
    found = None if kind is VenueKind.AUCTION else sums.averages()
    if found is None:
        reason = AUCTION_REASON if kind is VenueKind.AUCTION else NO_AFTER
        return Markout(
            horizon=horizon, markout_bps=None, realised_bps=None, standard_error_bps=None, fills=0, reason=reason
        )
    px, mid, after = found["px"], found["mid"], found["mid"] + found["x"]
    return Markout(
        horizon=horizon,
        markout_bps=markout_bps(1, px, mid, after),
        realised_bps=realised_bps(1, px, mid, after),
        standard_error_bps=sums.standard_error_bps(),
        fills=sums.fills,
    )


def _adverse(kind: VenueKind, sums: QuoteSums) -> float | None:
    """Half of impact with the sign turned: a buy is hurt when the mid falls after it."""
    found = None if kind is VenueKind.AUCTION else sums.averages()
    return None if found is None else -impact_bps(1, found["mid"], found["mid"] + found["x"]) / 2
