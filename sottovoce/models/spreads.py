"""What a fill paid and earned against the quotes around it.

Signs follow the TCA reference §4 (T-TCA-4): spreads and impact are costs to the taker, so effective =
realised + impact exactly; a markout is the price's move in our favour after the fill, the opposite reading,
and is printed beside the realised spread. side is +1 for a buy, −1 for a sell; prices in any one unit;
results in bps of the mid at the fill unless named otherwise.
"""

from __future__ import annotations

from sottovoce.core.errors import ModelError
from sottovoce.models.guards import positive, side_sign


def quoted_bps(bid: float, ask: float) -> float:
    """(ask − bid)/mid. Refuses a crossed quote (`crossed_quote`): its mid is not a price."""
    _refuse_crossed(bid, ask)
    return (ask - bid) / positive("Mid", (bid + ask) / 2) * 1e4


def effective_bps(side: int, px: float, mid: float) -> float:
    """2s(p − m)/m: what the round trip would have cost at this fill."""
    return 2 * side_sign(side) * (px - mid) / positive("Mid", mid) * 1e4


def realised_bps(side: int, px: float, mid: float, mid_after: float) -> float:
    """2s(p − m_after)/m: what the other side kept once the price had moved."""
    return 2 * side_sign(side) * (px - mid_after) / positive("Mid", mid) * 1e4


def impact_bps(side: int, mid: float, mid_after: float) -> float:
    """2s(m_after − m)/m: how far the price followed the trade."""
    return 2 * side_sign(side) * (mid_after - mid) / positive("Mid", mid) * 1e4


def effective_over_quoted(side: int, px: float, bid: float, ask: float) -> float:
    """E/Q: 1 pays the full spread, 0 trades at the mid, below 0 earns. A locked quote is refused."""
    return side_sign(side) * (px - (bid + ask) / 2) / _half_spread(bid, ask)


def spread_capture(side: int, px: float, bid: float, ask: float) -> float:
    """s(m − p)/half-spread: a buy at the bid +1, at the mid 0, at the ask −1."""
    return -effective_over_quoted(side, px, bid, ask)


def price_improvement(side: int, px: float, bid: float, ask: float) -> float:
    """s(far touch − p), in price: how much better than crossing the spread."""
    _refuse_crossed(bid, ask)
    far = ask if side_sign(side) > 0 else bid
    return side * (far - px)


def markout(side: int, px: float, mid_after: float) -> float:
    """s(m_after − p), in price: positive is good for us after the trade, negative is adverse selection."""
    return side_sign(side) * (mid_after - px)


def markout_bps(side: int, px: float, mid: float, mid_after: float) -> float:
    """Markout in bps of the mid at the fill; half the realised spread with the sign turned."""
    return markout(side, px, mid_after) / positive("Mid", mid) * 1e4


def _half_spread(bid: float, ask: float) -> float:
    _refuse_crossed(bid, ask)
    if ask == bid:
        raise ModelError("The quote is locked; there is no spread to compare with.", code="locked_quote")
    return (ask - bid) / 2


def _refuse_crossed(bid: float, ask: float) -> None:
    if ask < bid:
        raise ModelError("The quote is crossed; its mid is not a price.", code="crossed_quote")
