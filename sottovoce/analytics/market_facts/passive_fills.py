"""Whether waiting is realistic: who fills by place in the queue, and what the price does to those who were filled.

A probe is a small order of ours that joins the touch. Its place is the shares displayed there before it, as a
multiple of what is displayed on average, so that names compare. Two things are known of real queues: the further
back, the less likely a fill; and a fill at the back needs the whole queue to be eaten, so the price has more often
gone through. The markout is the mid's move in our favour after the fill, from the mid just before it.
Source: reference text §6, gate "fill realism"; Moallemi and Yuan 2017 for the value of a place.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.market_facts.pooling import Estimate, pooled, unmeasured
from sottovoce.models.arrays import FloatArray, IntArray

FIFTHS = 5
FILLS_MIN = 30


class Probe(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One passive order: shares ahead at entry over the average displayed there, whether it filled, in what time.

    markout_bps is None where it did not fill or the session ended before the mid could answer.
    """

    session: int
    ahead: float
    filled: bool
    seconds: float
    markout_bps: float | None = None


class QueueRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One fifth of the places, front first: mean place, probes, part filled, mean markout and its standard error."""

    ahead: float
    probes: int
    filled: float
    filled_error: float
    markout_bps: float
    markout_error: float


def queue_rows(probes: Sequence[Probe]) -> list[QueueRow]:
    """The probes by fifths of their places, front first; fewer rows when many places are equal."""
    if not probes:
        return []
    place = fifths(np.array([probe.ahead for probe in probes]))
    return [
        _row([probe for probe, at in zip(probes, place, strict=True) if at == number])
        for number in range(int(place.max()) + 1)
    ]


def fifths(ahead: FloatArray) -> IntArray:
    """Which fifth each place is in, 0 in front; equal places are in one, shape (n,)."""
    edges = np.quantile(ahead, np.linspace(0.0, 1.0, FIFTHS + 1)[1:-1])
    _, place = np.unique(np.searchsorted(edges, ahead, side="right"), return_inverse=True)
    return place.astype(np.int64)


def _row(probes: Sequence[Probe]) -> QueueRow:
    count = len(probes)
    part = sum(probe.filled for probe in probes) / count
    moves = np.array([probe.markout_bps for probe in probes if probe.markout_bps is not None])
    return QueueRow(
        ahead=float(np.mean([probe.ahead for probe in probes])),
        probes=count,
        filled=part,
        filled_error=float(np.sqrt(max(part * (1 - part), 0.25 / count) / count)),
        markout_bps=float(moves.mean()) if moves.size else float("nan"),
        markout_error=float(moves.std(ddof=1) / np.sqrt(moves.size)) if moves.size > 1 else float("nan"),
    )


def largest_rise(rows: Sequence[QueueRow]) -> float:
    """How much more often any fifth fills than one in front of it, in standard errors of the difference.

    Minus infinity with a single row: nothing rises, and nothing has been shown.
    """
    pairs = [(front, back) for at, front in enumerate(rows) for back in rows[at + 1 :]]
    rises = [(back.filled - front.filled) / np.hypot(back.filled_error, front.filled_error) for front, back in pairs]
    return float(max(rises, default=float("-inf")))


def front_less_back(probes: Sequence[Probe]) -> Estimate:
    """Fill probability of the front fifth of places less that of the back fifth."""
    return pooled(_by_session(probes), _front_less_back, missing="all probes had the same place")


def _front_less_back(sessions: Sequence[Sequence[Probe]]) -> float:
    rows = queue_rows([probe for session in sessions for probe in session])
    return rows[0].filled - rows[-1].filled if len(rows) > 1 else float("nan")


def mean_markout(probes: Sequence[Probe]) -> Estimate:
    """Average markout of filled probes in bps, negative where the price went against us."""
    known = [probe for probe in probes if probe.markout_bps is not None]
    if len(known) < FILLS_MIN:
        return unmeasured(f"{len(known)} fills with a markout, {FILLS_MIN} are needed")
    return pooled(_by_session(known), _mean_markout)


def _mean_markout(sessions: Sequence[Sequence[Probe]]) -> float:
    moves = [probe.markout_bps for session in sessions for probe in session if probe.markout_bps is not None]
    return float(np.mean(moves))


def back_less_front(probes: Sequence[Probe]) -> Estimate:
    """Average markout in bps of fills from the back fifth of places less that from the front fifth."""
    known = [probe for probe in probes if probe.markout_bps is not None]
    if len(known) < FIFTHS * FILLS_MIN:
        return unmeasured(f"{len(known)} fills with a markout, {FIFTHS * FILLS_MIN} are needed")
    return pooled(_by_session(known), _back_less_front, missing="all fills had the same place")


def _back_less_front(sessions: Sequence[Sequence[Probe]]) -> float:
    rows = queue_rows([probe for session in sessions for probe in session])
    return rows[-1].markout_bps - rows[0].markout_bps if len(rows) > 1 else float("nan")


def _by_session(probes: Sequence[Probe]) -> list[list[Probe]]:
    found: dict[int, list[Probe]] = {}
    for probe in probes:
        found.setdefault(probe.session, []).append(probe)
    return list(found.values())
