"""The queue-reactive book: what happens at a price depends on how many orders already wait there.

At distances 1 … K on each side of a reference price, limit orders, cancellations and market orders arrive with
intensities that are functions of that queue's size (Model I), and may be switched by a class of another queue: the best
one of its side (Model IIa) or the opposite best (Model IIb). When a best queue empties, the reference moves a tick that
way with probability θ; with probability θ_reinit the whole book is then drawn anew from its invariant law.

Source: Huang, Lehalle and Rosenbaum 2015, "Simulating and analyzing order book data: the queue-reactive model", Journal
of the American Statistical Association 110 107–122.
"""

from __future__ import annotations

from enum import IntEnum

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

FRANCE_TELECOM = (0.7, 0.85)
"""θ and θ_reinit the paper reports for France Telecom; from general knowledge, unverified."""


class Switch(IntEnum):
    """Which other queue switches a level's intensities."""

    NONE = 0
    OWN_BEST = 1
    OPPOSITE_BEST = 2


class Intensities(msgspec.Struct, frozen=True, kw_only=True):
    """Events a second by level, class and queue size: shape (levels, classes, sizes), sizes 0 … N, both sides alike.

    limit adds an order, cancel and market take one; nothing is taken from an empty queue nor added to a full one.
    switch says for each level whose size gives the class; class is the number of `edges` that size has reached.
    """

    limit: FloatArray
    cancel: FloatArray
    market: FloatArray
    switch: tuple[Switch, ...]
    edges: tuple[int, ...] = ()


def model_one(limit: FloatArray, cancel: FloatArray, market: FloatArray) -> Intensities:
    """Model I from arrays of shape (levels, sizes). Raises: ModelError, queue_intensities, when they make no chain."""
    return intensities(limit[:, None], cancel[:, None], market[:, None], (Switch.NONE,) * len(limit))


def intensities(
    limit: FloatArray, cancel: FloatArray, market: FloatArray, switch: tuple[Switch, ...], edges: tuple[int, ...] = ()
) -> Intensities:
    """Checked intensities. Raises: ModelError, queue_intensities, naming what is wrong."""
    shape = limit.shape
    if not (len(shape) == 3 and shape == cancel.shape == market.shape):
        raise _unfit(f"limit, cancel and market have shapes {shape}, {cancel.shape} and {market.shape}")
    if len(switch) != shape[0] or len(edges) != shape[1] - 1:
        raise _unfit(f"{len(switch)} switches and {len(edges)} edges do not fit {shape[0]} levels, {shape[1]} classes")
    together = np.stack([limit, cancel, market])
    if not np.isfinite(together).all() or (together < 0).any():
        raise _unfit("every intensity must be a number of at least 0")
    limit, cancel, market = limit.copy(), cancel.copy(), market.copy()
    limit[:, :, -1] = 0.0
    cancel[:, :, 0] = market[:, :, 0] = 0.0
    return Intensities(limit=limit, cancel=cancel, market=market, switch=switch, edges=edges)


def invariant_law(model: Intensities, level: int, kind: int = 0) -> FloatArray:
    """Long-run distribution of a queue's size while its class stays the same, shape (sizes,).

    π(n) ∝ Π_{j=1..n} λ(j − 1) / (μ(j) + c(j)). Raises: ModelError, queue_unbounded, where orders never leave.
    """
    born = model.limit[level, kind, :-1]
    gone = (model.cancel + model.market)[level, kind, 1:]
    reached = np.cumprod(born > 0.0)
    if (gone[reached > 0] <= 0.0).any():
        raise ModelError(
            f"Orders at level {level + 1} arrive at a size from which none leaves, so no long run exists.",
            code="queue_unbounded",
        )
    ratios = np.divide(born, gone, out=np.zeros_like(born), where=gone > 0.0) * reached
    weights = np.concatenate([[1.0], np.cumprod(ratios)])
    law: FloatArray = weights / weights.sum()
    return law


def _unfit(what: str) -> ModelError:
    return ModelError(f"These queue intensities cannot be used: {what}.", code="queue_intensities")
