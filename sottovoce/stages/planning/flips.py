"""What would change the choice: the nearest price of risk, volatility and volume at which another way is better.

Each is found by costing the candidates again. The price of risk and the volatility leave the paths as they are, so the
figures follow: risk is proportional to volatility, impact is the model's own at the new one. Volume changes what caps
leave room for and how the candidates are drawn, so the paths are met again at several multiples, the figures taken
linearly between them, and the multiple found is told only if the candidates drawn anew there choose another way. A way
becomes the choice where it is better by more than the configured margin, or where the one chosen stops being likely
enough to finish. Where nothing changes within the configured stretch, there is nothing to tell of.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.choices import Flip
from sottovoce.core.enums import Strategy
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.stages.planning.candidates import candidates_for
from sottovoce.stages.planning.choosing import Compared, Scene, at_volumes, compare, impact_of, least_completion
from sottovoce.stages.planning.sizing import auction_room, max_participation

GRID = 120
"""Multiples looked at each way, evenly in their logarithm; the root is taken linearly between two of them."""
RISK_STRETCH = 100.0
VOLUME_PATHS = 32
"""Enough for a difference of differences: the change with volume, on the very paths of the forecast's own figure."""
BEYOND = 1.1
"""A flip is tried at this power of its multiple: ten per cent further on the way."""


def flips_of(scene: Scene, compared: Compared, chosen: int, risk_price: float) -> tuple[Flip, ...]:
    """The nearest flips, at most one below and one above for each figure."""
    stretch = scene.config.choice.stretch
    found: list[Flip] = []
    for end in (1.0 / RISK_STRETCH, RISK_STRETCH) if risk_price > 0 else ():
        multiples = _multiples(end)
        utility = compared.expected_bps + risk_price * multiples[:, None] * compared.risk_bps
        done = np.broadcast_to(compared.completion, utility.shape)
        found += _nearest(scene, chosen, "risk_price", risk_price, multiples, utility, done)
    for end in (1.0 / stretch, stretch):
        multiples = _multiples(end)
        utility = by_volatility(scene, compared, risk_price, multiples)
        done = np.broadcast_to(compared.completion, utility.shape)
        found += _nearest(scene, chosen, "volatility", scene.facts.sigma_daily or 0.0, multiples, utility, done)
    return (*found, *_by_volume(scene, compared, chosen, risk_price, stretch))


def by_volatility(scene: Scene, compared: Compared, risk_price: float, multiples: FloatArray) -> FloatArray:
    """Utility at multiples of the volatility, bps, shape (n, m). Impact is the model's at both ends and a power of the
    multiple between, as in both models used.
    """
    now, end = impact_of(scene)[0], impact_of(scene, volatility=float(multiples[-1]))[0]
    here, there = (paid.paid * paid.permanent_bps + paid.temporary_bps for paid in (now, end))
    power = np.log(there / here) / np.log(multiples[-1])
    rest = compared.expected_bps - compared.impact_bps
    impact = (multiples**power)[:, None] * compared.impact_bps
    return np.asarray(rest + impact + risk_price * multiples[:, None] * compared.risk_bps, dtype=np.float64)


def _by_volume(scene: Scene, compared: Compared, chosen: int, risk_price: float, stretch: float) -> list[Flip]:
    knots = (1.0 / stretch, stretch**-0.5, 1.0, stretch**0.5, stretch)
    states = at_volumes(scene, knots, VOLUME_PATHS)
    base, logs = states[2], np.log(knots)
    moved = np.stack([each.utility(risk_price) - base.utility(risk_price) for each in states])
    gone = np.stack([each.completion - base.completion for each in states])
    found: list[Flip] = []
    expected = (scene.facts.adv or 0.0) * scene.horizon.mean_volume
    for end in (1.0 / stretch, stretch):
        multiples = _multiples(end)
        at = np.log(multiples)
        utility = compared.utility(risk_price) + _between(at, logs, moved)
        done = np.clip(compared.completion + _between(at, logs, gone), 0.0, 1.0)
        nearest = _nearest(scene, chosen, "volume", expected, multiples, utility, done)
        tried = [each for flip in nearest for each in _tried(scene, chosen, flip, risk_price)]
        found += tried or _auction_too_small(scene, chosen, expected, end, risk_price)
    return found


def _auction_too_small(scene: Scene, chosen: int, expected: float, end: float, risk_price: float) -> list[Flip]:
    """Where less volume leaves the closing auction without room for an order that the desk sends there."""
    if scene.candidates[chosen].option.strategy is not Strategy.CLOSE or end > 1.0:
        return []
    rate = max_participation(scene.order, scene.config)
    multiple = scene.order.order_qty / auction_room(rate, scene.facts, scene.config, scene.horizon)
    if not end <= multiple < 1.0:
        return []
    return _tried(
        scene, chosen, Flip(figure="volume", now=_told(expected), at=_told(expected * multiple), becomes=""), risk_price
    )


def _tried(scene: Scene, chosen: int, flip: Flip, risk_price: float) -> list[Flip]:
    """The flip, if the candidates drawn for that volume, a little beyond it, choose another way; none otherwise.

    The auction may then have no room for the order, and the way chosen not be among them.
    """
    beyond = (flip.at / flip.now) ** BEYOND
    adv = flip.now / scene.horizon.mean_volume * beyond
    facts = msgspec.structs.replace(scene.facts, adv=adv)
    volumes = adv * scene.config.volume_curve.continuous * scene.horizon.volume_parts
    drawn = candidates_for(scene.order, facts, scene.config, scene.horizon, volumes)
    there = msgspec.structs.replace(scene, facts=facts, candidates=drawn)
    state = compare(there)
    names = [each.name for each in drawn]
    kept = scene.candidates[chosen].name in names
    at = names.index(scene.candidates[chosen].name) if kept else 0
    gain, becomes = _gain(scene, at, state.utility(risk_price)[None], state.completion[None])
    return [msgspec.structs.replace(flip, becomes=names[int(becomes[0])])] if gain[0] > 0 or not kept else []


def _gain(scene: Scene, chosen: int, utility: FloatArray, done: FloatArray) -> tuple[FloatArray, IntArray]:
    """(what the best way is better by than the one chosen less the margin, bps; that way), each shape (n,)."""
    allowed = done >= least_completion(done, scene.profile.completion_min_ppm / 1e6)
    rivals = np.where(allowed, utility, np.inf)
    own = np.where(allowed[:, chosen], utility[:, chosen] - scene.config.choice.margin_bps, np.inf)
    return own - rivals.min(axis=1), rivals.argmin(axis=1)


def _between(at: FloatArray, knots: FloatArray, values: FloatArray) -> FloatArray:
    return np.stack([np.interp(at, knots, column) for column in values.T], axis=1)


def _multiples(end: float) -> FloatArray:
    return np.asarray(np.geomspace(1.0, end, GRID + 1), dtype=np.float64)


def _nearest(
    scene: Scene, chosen: int, figure: str, now: float, multiples: FloatArray, utility: FloatArray, done: FloatArray
) -> list[Flip]:
    """The first multiple at which another way is the choice; where cost decides, the root between two looks."""
    gain, best = _gain(scene, chosen, utility, done)
    ahead = np.flatnonzero(gain[1:] > 0) + 1
    if not ahead.size:
        return []
    at = int(ahead[0])
    becomes = scene.candidates[int(best[at])].name
    where = float(multiples[at])
    if np.isfinite(gain[at]) and np.isfinite(gain[at - 1]) and gain[at - 1] < 0:
        part = float(gain[at - 1] / (gain[at - 1] - gain[at]))
        where = float(multiples[at - 1] * (multiples[at] / multiples[at - 1]) ** part)
    return [Flip(figure=figure, now=_told(now), at=_told(now * where), becomes=becomes)]


def _told(value: float) -> float:
    """Three significant digits: what a flip is good for."""
    return float(f"{value:.3g}")
