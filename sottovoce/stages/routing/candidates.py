"""Which venues could take a child now, what each would be worth, and why the others cannot.

Fill probabilities are stated conventions until the loop learns them from our own fills: taking a displayed price
nearly always works, resting works the better the shorter the queue, a midpoint pool sometimes.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import DarkUse, Side, Tactic, VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.orders import Child
from sottovoce.core.ports import VenueFacts
from sottovoce.models.scoring import DEFAULT_WEIGHTS, ScoreWeights, VenueCandidate

PPM = 1_000_000


class RoutingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stated assumptions of the router.

    take_fill, dark_fill: chance that a taken price, a midpoint order, trades. queue_turnover: shares that trade or
    leave at a touch while a child rests there; a queue of that length fills half the time.
    adverse_passive: expected markout against a passive fill, price units a share. explore_ppm: how often the
    runner-up is tried, so that venues can be compared without bias.
    """

    weights: ScoreWeights = DEFAULT_WEIGHTS
    take_fill: float = 0.98
    dark_fill: float = 0.3
    queue_turnover: int = 2_000
    adverse_passive: int = 2_000
    explore_ppm: int = 20_000


def venue_price(child: Child, quote: VenueQuote) -> tuple[int, int]:
    """(price, displayed) at a venue on the side this child would use: the far touch to take, the near to rest."""
    takes_ask = (child.side is Side.BUY) == (child.tactic is Tactic.AGGRESSIVE)
    return (quote.ask, quote.ask_size) if takes_ask else (quote.bid, quote.bid_size)


def ineligible(child: Child, facts: VenueFacts, quote: VenueQuote | None, qty: int) -> str:
    """The code of the reason a venue cannot take this child; empty when it can."""
    if (facts.kind is VenueKind.AUCTION) != (child.tactic is Tactic.AUCTION):
        return "venue_not_wanted"
    if facts.kind is VenueKind.AUCTION:
        return ""
    if facts.kind is VenueKind.DARK:
        if child.dark is DarkUse.NONE or child.dark_ppm == 0:
            return "venue_not_wanted"
        return "venue_min_qty" if qty < facts.min_qty else ""
    if child.dark is DarkUse.ONLY:
        return "venue_not_wanted"
    if quote is None:
        return "venue_no_quote"
    price, _ = venue_price(child, quote)
    if price <= 0:
        return "venue_no_quote"
    through = child.side.sign * (price - child.limit_px) > 0
    return "venue_through_limit" if through and child.tactic is Tactic.AGGRESSIVE else ""


def candidate(
    child: Child, facts: VenueFacts, quote: VenueQuote | None, state: MarketState, config: RoutingConfig
) -> VenueCandidate:
    """The figures of an eligible venue for the scoring model, price units a share."""
    spread = state.ask - state.bid
    if facts.kind is VenueKind.AUCTION:
        return VenueCandidate(
            mic=facts.venue,
            improvement=spread // 2,
            fee=facts.auction_fee,
            latency_ns=facts.latency_ns,
            fill_probability=config.take_fill,
            displayed=child.qty,
        )
    if facts.kind is VenueKind.DARK or quote is None:
        return VenueCandidate(
            mic=facts.venue,
            improvement=spread // 2,
            fee=facts.take_fee,
            latency_ns=facts.latency_ns,
            fill_probability=config.dark_fill,
            displayed=child.qty,
        )
    price, displayed = venue_price(child, quote)
    far = state.ask if child.side is Side.BUY else state.bid
    improvement = child.side.sign * (far - price)
    if child.tactic is Tactic.AGGRESSIVE:
        return VenueCandidate(
            mic=facts.venue,
            improvement=improvement,
            fee=facts.take_fee,
            latency_ns=facts.latency_ns,
            fill_probability=config.take_fill,
            displayed=displayed,
        )
    return VenueCandidate(
        mic=facts.venue,
        improvement=improvement,
        fee=facts.make_fee,
        latency_ns=facts.latency_ns,
        fill_probability=config.queue_turnover / (config.queue_turnover + displayed),
        displayed=displayed,
        adverse=config.adverse_passive,
    )
