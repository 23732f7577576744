"""What the desk's own controls said while an order lived: its plan's bounds, losses, venues' ratios, price bands."""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.analytics.audit.order_sentences import Sentence
from sottovoce.analytics.audit.wording import failed
from sottovoce.core import band_events as bd
from sottovoce.core import envelope_events as en
from sottovoce.core import ratio_events as ra
from sottovoce.core import risk_events as ri
from sottovoce.core.reasons import REASONS

CONTROL_SENTENCES: Mapping[type, Sentence] = {
    en.EnvelopeLeft: lambda x, w: f"The order left the bounds of its plan: {failed(x.failure)}.",
    en.EnvelopeKept: lambda x, w: f'It was no longer so that "{REASONS[x.code].meaning}".',
    ra.VenueRatioNear: lambda x, w: f"New orders to {x.venue} went slowly from here on: {failed(x.failure)}.",
    ri.LossWarned: lambda x, w: f"The desk was warned of a loss: {failed(x.failure)}.",
    ri.MarkStale: lambda x, w: (
        f"{x.instrument_id} was held and had no price; it counted as {x.assumed_ppm / 10_000:g} % worse than its last."
    ),
    bd.BandsDoubted: lambda x, w: (
        f"Price bands {x.lower_px / 1e6:g} to {x.upper_px / 1e6:g} of {x.instrument_id} were not believed: {x.reason}."
    ),
}

CONTROL_LEFT_OUT: Mapping[type, str] = {
    ri.DayResultPeaked: "the desk's result of the day, kept to measure its fall from; no part of an order's story",
}
