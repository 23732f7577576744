"""Why what an order says of its own pace cannot be followed: participation, bands, an impact limit, a better price."""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.core.reason import Reason

_R = Reason
INSTRUCTION_REASONS: Mapping[str, Reason] = {
    "bad_participation": _R("a participation is not a decimal above 0 and at most 0.5", "correct it", "PT-24"),
    "participation_missing": _R("a participation strategy needs a rate", "give the rate", "PT-24"),
    "bad_band": _R(
        "a participation band needs two rates, the lower first, with the rate itself between them",
        "correct the rates",
        "PT-24",
    ),
    "band_without_pov": _R("only a participation strategy keeps a band", "drop the band, or make it POV", "PT-24"),
    "would_price_missing": _R("a quantity was given for a price nobody named", "give the price too", "PT-24"),
    "would_past_limit": _R("the order would trade at a price its own limit forbids", "correct one of the two", "PT-24"),
    "would_unscheduled": _R(
        "this strategy has no schedule to trade ahead of", "drop the price, or the strategy", "PT-24"
    ),
    "bad_impact_limit": _R("an impact limit is not a decimal above 0 and at most 10000 bps", "correct it", "PT-24"),
    "impact_unscheduled": _R(
        "this strategy has no pace that an impact limit could slow", "drop one of the two", "PT-24"
    ),
    "impact_limit": _R(
        "no pace keeps the order's expected impact within its limit", "ask for fewer shares, or a higher limit"
    ),
}
