"""No order is priced outside the price bands of its market (PT-19); bands that cannot be true are told of instead.

A child beyond a band goes back to its algorithm, which asks again at its next look: nothing waits at the door with an
old price. Where the feed gives no bands the venue's own are the only ones.
"""

from __future__ import annotations

from sottovoce.core.band_events import BandsDoubted
from sottovoce.core.events import StageEvent
from sottovoce.core.market import Unusable
from sottovoce.core.reasons import failure
from sottovoce.models.price_bands import doubt
from sottovoce.stages.risk.case import STAGE, Case, Found, price


def within_bands(case: Case) -> Found:
    """PT-19: a child's limit is at a band or between the two; doubted bands bind nobody."""
    market, quote = case.market, case.quote
    if market is None or market.bands is None or case.child is None or isinstance(quote, Unusable):
        return None
    lower, upper = market.bands
    if lower <= case.px <= upper or doubt(lower, upper, quote.mid):
        return None
    room = case.px - upper if case.px > upper else lower - case.px
    return [failure(STAGE, "outside_bands", price(case.px), f"{price(lower)} to {price(upper)}", f"-{price(room)}")]


def doubted(case: Case) -> list[StageEvent]:
    """An alert for each pair of bands that is not believed, once."""
    market, quote, name = case.market, case.quote, case.path.instrument_id
    if market is None or market.bands is None or isinstance(quote, Unusable):
        return []
    why = doubt(*market.bands, quote.mid)
    if not why or case.state.bands_doubted.get(name) == market.bands:
        return []
    lower, upper = market.bands
    return [
        BandsDoubted(parent_id="", ts_ns=case.ts_ns, instrument_id=name, lower_px=lower, upper_px=upper, reason=why)
    ]
