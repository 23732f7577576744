"""Requests for quote: what a dealer answers, and the sheet of answers the client chooses from.

A dealer quotes around the composite mid, in basis points of yield turned into price by the bond's DV01: his half
spread; what the trade adds to the cost of holding his inventory, quadratic in it, so that a trade that brings him
nearer to flat is quoted better; and a cost of information that grows with the number of dealers asked, since every
loser learns of a trade the winner still has to work off. Whether and when he answers, and the rest, are draws that
the caller passes in. Prices are integers, units of 1e-6 per 100 of par; they are rounded in the dealer's favour.
The model's form is an assumption of ours; that information cost grows with the number asked: markets reference §5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from sottovoce.core.enums import Side
from sottovoce.core.errors import ModelError
from sottovoce.core.units import PRICE_SCALE_USD, Rounding, px_from_float
from sottovoce.models.guards import not_negative, positive

PAR_MILLION = 1_000_000


class Dealer(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How one dealer quotes.

    half_spread_bp, information_bp (for each other dealer asked), noise_bp (standard deviation): bp of yield.
    inventory: par held, negative when short. holding_bp: what one million of inventory more costs, bp of yield for
    each million held. capacity: largest par quoted. answer_probability and slowest_ns: whether and within what time.
    """

    name: str
    half_spread_bp: float
    holding_bp: float = 0.0
    information_bp: float = 0.0
    noise_bp: float = 0.0
    inventory: int = 0
    capacity: int = 1_000 * PAR_MILLION
    answer_probability: float = 1.0
    slowest_ns: int = 0


class DealerDraw(NamedTuple):
    """What chance decides of one answer: two numbers in [0, 1), and a standard normal one."""

    answer: float
    delay: float
    noise: float


class QuoteRequest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A client's request. mid: composite, per 100 of par, > 0; dv01: of the bond, per 100; limit_px: 0 for none."""

    request_id: str
    side: Side
    par: int
    mid: float
    dv01: float
    window_ns: int
    limit_px: int = 0


class Quote(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A dealer's firm price until until_ns."""

    dealer: str
    px: int
    at_ns: int
    until_ns: int


def quoted_width_bp(dealer: Dealer, side: Side, par: int, dealers: int, noise: float = 0.0) -> float:
    """How far from the mid a dealer quotes, bp of yield, positive against the client.

    Args: par > 0; dealers: how many are asked, himself included, >= 1; noise: a standard normal draw.
    Holding costs k q²/2 for an inventory q, so taking s par from it costs k (par/2 - s q) for each unit of par.
    Raises: ModelError `not_positive`, `negative`.
    """
    millions = positive("Par", par) / PAR_MILLION
    others = not_negative("Other dealers", dealers - 1)
    held = dealer.inventory / PAR_MILLION
    holding = dealer.holding_bp * (millions / 2 - side.sign * held)
    return dealer.half_spread_bp + holding + dealer.information_bp * others + dealer.noise_bp * noise


def quoted_px(dealer: Dealer, request: QuoteRequest, dealers: int, tick: int, noise: float = 0.0) -> int:
    """A dealer's price for a request, units, on a tick, rounded in his favour. Raises ModelError as above."""
    width = quoted_width_bp(dealer, request.side, request.par, dealers, noise)
    value = positive("Mid", request.mid) + request.side.sign * width * positive("DV01", request.dv01)
    return px_from_float(value, PRICE_SCALE_USD, tick, request.side.sign, Rounding.AGGRESSIVE)


def answer_ns(dealer: Dealer, request: QuoteRequest, draw: DealerDraw) -> int | None:
    """How long a dealer takes, None when he does not answer (by chance, or because it is too large for him)."""
    if not (0 <= draw.answer < 1 and 0 <= draw.delay < 1):
        raise ModelError(f"Draws must lie in [0, 1), not {draw}.", code="out_of_range")
    if request.par > dealer.capacity or draw.answer >= dealer.answer_probability:
        return None
    return int(draw.delay * dealer.slowest_ns)


def ranked(quotes: Sequence[Quote], side: Side) -> list[Quote]:
    """Quotes, the best for the client first; of equal prices the earlier, then by name."""
    return sorted(quotes, key=lambda quote: (side.sign * quote.px, quote.at_ns, quote.dealer))


def cover_distance_bp(best_px: int, cover_px: int, dv01: float) -> float:
    """How far the second best price lies from the best, bp of yield, >= 0. dv01 per 100 of par, > 0."""
    return abs(cover_px - best_px) / PRICE_SCALE_USD / positive("DV01", dv01)
