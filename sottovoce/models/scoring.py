"""What a share is expected to be worth at each venue: the router's ranking.

On the order path: plain Python, no arrays. For a venue with fill probability p the score per share, in
price units (higher is better), is

    p · (improvement − fee − adverse) − (1 − p) · miss − latency · latency_cost − shortage · size_cost

improvement: how much better than the touch we would cross the venue trades (half the spread in a midpoint
pool, 0 when taking the touch); fee: what a fill pays, negative for a rebate; adverse: the expected markout
against us after a fill there; miss: the cost of coming back later for a share that did not fill; shortage:
the part of what is needed that the venue does not show.

Each part is rounded to the integer grid of one price unit (1e-6 of the currency for US equities) before it
is added, so the parts printed in a decision add up to its score and no ranking turns on the last bit of a
float. Equal scores are ranked by MIC. Source: routing reference §4 (T-RTE-10): rank by all-in expected
cost, never by rebate.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from operator import attrgetter

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.core.ranges import CountOrNone
from sottovoce.core.units import NS_PER_MILLISECOND


class VenueCandidate(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One eligible venue as the router sees it now.

    improvement, fee, adverse: price units per share, signed as in the formula. latency_ns: one way, >= 0.
    fill_probability: 0 to 1. displayed: shares shown or expected there at our price, >= 0.
    """

    mic: str
    improvement: int
    fee: int
    latency_ns: int
    fill_probability: float
    displayed: int
    adverse: int = 0


class ScoreWeights(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """What the score charges, price units per share: a miss, a millisecond, and showing none of the size."""

    miss: CountOrNone = 5_000
    latency_per_ms: CountOrNone = 100
    size: CountOrNone = 1_000


_mic, _score = attrgetter("mic"), attrgetter("score")

DEFAULT_WEIGHTS = ScoreWeights()
"""At a price scale of 1e6: half a cent to miss, a hundredth of a cent per millisecond, a tenth of a cent
for size.
"""


class VenueScore(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A candidate's score and its parts, price units per share, integers; score = sum of the parts. displayed is the
    candidate's, in shares. preferred: what a client's preference is worth.
    """

    mic: str
    score: int
    price: int
    fee: int
    adverse: int
    miss: int
    latency: int
    size: int
    displayed: int
    preferred: int = 0


def rank(
    candidates: list[VenueCandidate] | tuple[VenueCandidate, ...],
    needed: int,
    weights: ScoreWeights = DEFAULT_WEIGHTS,
) -> list[VenueScore]:
    """The candidates from best to worst, ties by MIC; the second is the runner-up.

    Args: needed: shares to place, > 0.
    Raises: ModelError `not_positive`, `out_of_range` for a probability outside 0 to 1 (NaN included).
    """
    if needed <= 0:
        raise ModelError(f"Shares to place is {needed}; it must be above zero.", code="not_positive")
    return _ordered([score(candidate, needed, weights) for candidate in candidates])


def preferring(scores: Sequence[VenueScore], preferred: Collection[str], bonus: int) -> list[VenueScore]:
    """The scores in their new order, with a bonus for the venues preferred: they win what would be within it of a tie.

    Args: preferred: MICs. bonus: price units a share, 0 or more; the most a preference may cost.
    """
    return _ordered(
        [
            msgspec.structs.replace(each, score=each.score + bonus, preferred=bonus) if each.mic in preferred else each
            for each in scores
        ]
    )


def _ordered(scores: list[VenueScore]) -> list[VenueScore]:
    scores.sort(key=_mic)
    scores.sort(key=_score, reverse=True)  # a stable sort: equal scores stay in MIC order
    return scores


def score(candidate: VenueCandidate, needed: int, weights: ScoreWeights = DEFAULT_WEIGHTS) -> VenueScore:
    """One candidate's score; needed > 0."""
    p = candidate.fill_probability
    if not 0.0 <= p <= 1.0:
        raise ModelError(f"Fill probability at {candidate.mic} is {p}; it must be 0 to 1.", code="out_of_range")
    price = round(p * candidate.improvement) if candidate.improvement else 0
    fee = -round(p * candidate.fee)
    adverse = -round(p * candidate.adverse) if candidate.adverse else 0
    miss = -round((1.0 - p) * weights.miss)
    latency = -(candidate.latency_ns * weights.latency_per_ms // NS_PER_MILLISECOND)
    displayed = candidate.displayed
    size = -((needed - displayed) * weights.size // needed) if displayed < needed else 0
    return VenueScore(
        mic=candidate.mic, score=price + fee + adverse + miss + latency + size, price=price, fee=fee,
        adverse=adverse, miss=miss, latency=latency, size=size, displayed=displayed,
    )  # fmt: skip
