"""Which venues could take a child now, what each would be worth, and why the others cannot.

Fill probabilities are stated conventions until the loop learns them from our own fills: taking a displayed price
nearly always works, resting works the better the shorter the queue, a midpoint pool sometimes.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import CROSSING, DarkUse, Side, Tactic, VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.orders import Child
from sottovoce.core.ports import VenueFacts
from sottovoce.core.ranges import Count, Part, PerShare, Ppm
from sottovoce.core.route_events import Candidate
from sottovoce.models.scoring import DEFAULT_WEIGHTS, ScoreWeights, VenueCandidate, VenueScore
from sottovoce.stages.routing.ratios import RatioLimit

PPM = 1_000_000
# Looked at for every venue of every child: a name of the module is quicker to find than a member of its class.
AUCTION, DARK, LIT = VenueKind.AUCTION, VenueKind.DARK, VenueKind.LIT
NO_DARK, ONLY_DARK = DarkUse.NONE, DarkUse.ONLY
BUY = Side.BUY
PREFER_MOST_PPM = 1_000
"""Ten basis points: a preference that costs more is an instruction, and there are orders for those."""


class RoutingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stated assumptions of the router.

    take_fill, dark_fill: chance that a taken price, a midpoint order, trades. queue_turnover: shares that trade or
    leave at a touch while a child rests there; a queue of that length fills half the time.
    adverse_passive: expected markout against a passive fill, price units a share. explore_ppm: how often the
    runner-up is tried, so that venues can be compared without bias. prefer_ppm: the most that taking a venue which the
    order's manager prefers may cost, of the price (policy: a fifth of a basis point). ratios: what venues allow of
    messages a trade.
    """

    weights: ScoreWeights = DEFAULT_WEIGHTS
    take_fill: Part = 0.98
    dark_fill: Part = 0.3
    queue_turnover: Count = 2_000
    adverse_passive: PerShare = 2_000
    explore_ppm: Ppm = 20_000
    prefer_ppm: Ppm = 20
    ratios: tuple[RatioLimit, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.prefer_ppm <= PREFER_MOST_PPM:
            raise ValueError(f"prefer_ppm is between 0 and {PREFER_MOST_PPM}, not {self.prefer_ppm}")


def refusal(child: Child, facts: VenueFacts, quote: VenueQuote | None, qty: int) -> str:
    """The code of the reason a venue cannot take this child; empty when it can. qty is what it would be offered."""
    kind = facts.kind
    if facts.venue in child.avoid:
        return "venue_not_wanted"
    if (kind is AUCTION) != (child.tactic is Tactic.AUCTION):
        return "venue_not_wanted"
    if kind is LIT:
        return _refused_lit(child, quote)
    if kind is DARK:
        if child.dark is NO_DARK or child.dark_ppm == 0:
            return "venue_not_wanted"
        return "venue_min_qty" if qty < facts.min_qty else ""
    return ""


def _refused_lit(child: Child, quote: VenueQuote | None) -> str:
    """A lit venue needs a price on the side the child would use, and an aggressive child one within its limit."""
    if child.dark is ONLY_DARK:
        return "venue_not_wanted"
    if quote is None:
        return "venue_no_quote"
    if 0 < quote.ask <= quote.bid or min(quote.bid_size, quote.ask_size) < 0:
        return "venue_quote_unsound"
    aggressive, buys = child.tactic in CROSSING, child.side is BUY
    price = quote.ask if buys is aggressive else quote.bid
    if price <= 0:
        return "venue_no_quote"
    if aggressive and (price > child.limit_px if buys else price < child.limit_px):
        return "venue_through_limit"
    return ""


def candidate(
    child: Child, facts: VenueFacts, quote: VenueQuote | None, state: MarketState, config: RoutingConfig
) -> VenueCandidate:
    """The figures of an eligible venue for the scoring model, price units a share.

    At a lit venue the child takes the far touch or joins the near one; elsewhere it trades inside the spread.
    """
    if facts.kind is not LIT or quote is None:
        auction = facts.kind is AUCTION
        return VenueCandidate(
            mic=facts.venue,
            improvement=(state.ask - state.bid) // 2,
            fee=facts.auction_fee if auction else facts.take_fee,
            latency_ns=facts.latency_ns,
            fill_probability=config.take_fill if auction else config.dark_fill,
            displayed=child.qty,
        )
    aggressive, buys = child.tactic in CROSSING, child.side is BUY
    if buys is aggressive:
        price, displayed = quote.ask, quote.ask_size
    else:
        price, displayed = quote.bid, quote.bid_size
    improvement = state.ask - price if buys else price - state.bid
    if aggressive:
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


def recorded(one: VenueScore, allocated: int) -> Candidate:
    """A scored venue as the record keeps it; allocated: shares it gets."""
    return Candidate(
        venue=one.mic, eligible=True, score=one.score, price=one.price, fee=one.fee, adverse=one.adverse, miss=one.miss,
        latency=one.latency, size=one.size, displayed=one.displayed, allocated=allocated, preferred=one.preferred,
    )  # fmt: skip
