"""The candidates costed on common paths, the dominated ones marked, and one chosen.

Utility is expected cost plus the price of risk times the standard deviation of the cost against the manager's
benchmark. A way less likely to finish than the profile asks is not chosen while a likelier one exists. Between the
desk's standard ways and the rest, the standard one stands unless the gain is above the configured margin and above
twice the error of the difference, path by path: a difference that may be chance is not a reason.

The expected cost here is a mean over days of uncertain volume; the plan's headline is the same model at the volume
forecast, and a little lower.
"""

from __future__ import annotations

from math import hypot, inf, sqrt

import msgspec
import numpy as np

from sottovoce.core.choices import Benchmark, PlanCandidate
from sottovoce.core.enums import DarkUse, Strategy
from sottovoce.core.orders import ParentOrder
from sottovoce.core.units import BPS
from sottovoce.models.arrays import BoolArray, FloatArray
from sottovoce.models.common_paths import LEFT, PathCosts, PathMarket, Ways, draws, path_costs
from sottovoce.stages.planning.alternatives import figure
from sottovoce.stages.planning.candidates import Candidate
from sottovoce.stages.planning.completion import errors_over, middle_of, volume_error
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.costing import Impact, fees_bps, impact_at
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.horizon import Horizon
from sottovoce.stages.planning.sizing import CATCH_UP, auction_share, auction_volume, dark_part, max_participation
from sottovoce.stages.planning.tolerances import RiskProfile

SAME = 5e-5
"""Bps below which two figures of a plan are the same figure."""
AS_OFTEN = 0.005
"""Ways whose chances of finishing differ by less finish as often as each other."""
SURE = 2.0
"""Standard errors a gain must be above."""
GOLDEN = 0.6180339887498949


class Scene(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """What candidates are costed in: the order, its figures, the market's forecast, and who wants what."""

    order: ParentOrder
    facts: Facts
    config: PlanningConfig
    profile: RiskProfile
    horizon: Horizon
    candidates: tuple[Candidate, ...]


class Compared(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The candidates' figures in one state of the market, shape (m,): bps, bps and parts of one.

    costs: each path's, bps, shape (m, paths). error_bps: what the impact model's own errors allow. impact_bps: of
    expected, the impact.
    """

    expected_bps: FloatArray
    risk_bps: FloatArray
    completion: FloatArray
    error_bps: FloatArray
    impact_bps: FloatArray
    costs: FloatArray

    def utility(self, risk_price: float) -> FloatArray:
        """Expected cost plus priced risk, bps."""
        return np.asarray(self.expected_bps + risk_price * self.risk_bps, dtype=np.float64)


def compare(scene: Scene) -> Compared:
    """Cost every candidate on the same paths."""
    return at_volumes(scene, (1.0,), scene.config.choice.paths)[0]


def at_volumes(scene: Scene, multiples: tuple[float, ...], paths: int) -> tuple[Compared, ...]:
    """The same at several multiples of the forecast volume, all on the same paths."""
    market, ways = _market(scene), _ways(scene)
    count, size = len(multiples), len(scene.candidates)
    found = draws(scene.config.choice.seed, paths, len(market.volumes))
    scaled = msgspec.structs.replace(
        ways, curves=np.tile(ways.curves, (count, 1)), rates=np.tile(ways.rates, count), most=np.tile(ways.most, count),
        to_close=np.tile(ways.to_close, count), scale=np.repeat(np.array(multiples), size),
    )  # fmt: skip
    met = path_costs(scaled, _wild(scene, market, paths), found, impact_of(scene)[0].exponent)
    sending, against = _sending(scene), _against(met, scene.profile.benchmark)
    states = []
    for at, multiple in enumerate(multiples):
        rows = slice(at * size, (at + 1) * size)
        impact, mean = impact_of(scene, multiple)
        states.append(_figures(scene, impact, mean, met.temporary[rows], met.done[rows], sending, against[rows]))
    return tuple(states)


def impact_of(scene: Scene, volume: float = 1.0, volatility: float = 1.0) -> tuple[Impact, float]:
    """(the model's answer for the order at its mean share of volume, that share), at multiples of both forecasts."""
    facts, order, config = scene.facts, scene.order, scene.config
    changed = msgspec.structs.replace(
        facts, adv=(facts.adv or 0.0) * volume, sigma_daily=(facts.sigma_daily or 0.0) * volatility
    )
    total = (changed.adv or 0.0) * config.volume_curve.continuous * float(scene.horizon.volume_parts.sum())
    mean = min(order.order_qty / total, max_participation(order, config))
    return impact_at(changed, order.order_qty, mean, config.impact), mean


def _figures(
    scene: Scene, impact: Impact, mean: float, temporary: FloatArray, done: FloatArray, sending: FloatArray,
    against: FloatArray,
) -> Compared:  # fmt: skip
    impacts = impact.paid * impact.permanent_bps + impact.temporary_bps / mean**impact.exponent * temporary
    impact_bps = impacts.mean(axis=1)
    at_mean = max(impact.paid * impact.permanent_bps + impact.temporary_bps, 1e-12)
    late = (1.0 - done) * scene.facts.half_spread_bps
    costs = impacts + late + sending[:, None] + against
    return Compared(
        expected_bps=costs.mean(axis=1),
        risk_bps=costs.std(axis=1),
        completion=(done >= 1.0 - LEFT).mean(axis=1),
        error_bps=impact.standard_error_bps * impact_bps / at_mean,
        impact_bps=impact_bps,
        costs=costs,
    )


def _against(met: PathCosts, benchmark: Benchmark) -> FloatArray:
    """What the price did to each way, less what it did to the benchmark; our own impact on that is left out."""
    if benchmark is Benchmark.VWAP:
        return met.move_bps - met.vwap_bps
    return met.move_bps - met.close_bps if benchmark is Benchmark.CLOSE else met.move_bps


def _market(scene: Scene) -> PathMarket:
    facts, config, horizon = scene.facts, scene.config, scene.horizon
    day, middle = facts.adv or 0.0, middle_of(horizon)
    return PathMarket(
        volumes=day * middle * config.volume_curve.continuous * horizon.volume_parts,
        days=np.diff(horizon.risk_days),
        sigma_bps=(facts.sigma_daily or 0.0) * BPS,
        whole_log_sd=volume_error(len(horizon.sessions), errors_over(horizon, config.volume_log_sd)),
        step_log_sd=config.choice.step_log_sd,
        auction=middle * auction_volume(facts, config, horizon) if horizon.reaches_close else 0.0,
    )


def _wild(scene: Scene, market: PathMarket, paths: int) -> PathMarket:
    """After a scheduled event each path lives in one of the regimes that may follow, the pair of a path in the same."""
    event_ns, horizon = scene.facts.event_ns, scene.horizon
    if event_ns is None or not horizon.start_ns < event_ns < horizon.end_ns:
        return market
    regimes = scene.config.choice.event_regimes
    ends = np.cumsum([chance for chance, _ in regimes])
    spread = np.modf((np.arange(paths) % (paths // 2) + 1) * GOLDEN)[0] * ends[-1]
    multiple = np.array([each for _, each in regimes])[np.minimum(np.searchsorted(ends, spread), len(regimes) - 1)]
    after = horizon.edges_ns[1:] > event_ns
    return msgspec.structs.replace(market, wilder=np.where(after[:, None], multiple[None, :], 1.0))


def _ways(scene: Scene) -> Ways:
    order, config = scene.order, scene.config
    cap = max_participation(order, config)
    room = inf
    if order.limit_px is not None:
        room = BPS * order.side.sign * (order.limit_px - order.arrival_px) / order.arrival_px
    options = [each.option for each in scene.candidates]
    auctioned = auction_share(order, scene.facts, config, scene.horizon) / order.order_qty
    return Ways(
        curves=np.stack([np.zeros_like(e.curve) if _closes(e) else e.curve for e in scene.candidates]),
        rates=np.array([min(each.rate, max_participation(order, config, each.rate)) for each in options]),
        most=np.array([max_participation(order, config, each.rate) if each.rate else cap for each in options]),
        to_close=np.array([auctioned if _closes(each) else 0.0 for each in scene.candidates]),
        quantity=float(order.order_qty),
        room_bps=room,
        catch_up=CATCH_UP,
    )


def _closes(candidate: Candidate) -> bool:
    return candidate.option.strategy is Strategy.CLOSE


def _sending(scene: Scene) -> FloatArray:
    """Spread and fees of each candidate, bps: costing's own, by what it crosses, rests and offers in the dark."""
    order, facts, config = scene.order, scene.facts, scene.config
    found = []
    for each in scene.candidates:
        urgency = each.option.urgency
        dark = dark_part(order, facts, config, urgency) * (1.0 if order.dark is DarkUse.ONLY else config.dark_fill)
        crossing = (1.0 - dark) * config.policy(urgency).crossing
        if _closes(each):
            found.append(BPS * config.auction_fee / 1e6 / facts.price)
        else:
            found.append(facts.half_spread_bps * crossing + fees_bps(facts, config, crossing, dark))
    return np.array(found)


def eligible(compared: Compared, completion_min: float) -> BoolArray:
    """Which candidates may be chosen, shape (m,) of booleans: likely enough to finish, or no likelier one exists."""
    return np.asarray(compared.completion >= least_completion(compared.completion, completion_min), dtype=np.bool_)


def least_completion(completion: FloatArray, completion_min: float) -> FloatArray:
    """How likely a way must be to finish, of candidates shaped (…, m), shape (…, 1): as asked, or, where none is, as
    likely as the likeliest.
    """
    most = completion.max(axis=-1, keepdims=True)
    return np.asarray(np.where(most < completion_min, most - AS_OFTEN, completion_min) - 1e-12, dtype=np.float64)


def best_of(compared: Compared, risk_price: float, completion_min: float, standard: BoolArray, margin: float) -> int:
    """Index of the choice. standard: the desk's own ways, shape (m,) of booleans."""
    allowed, utility = eligible(compared, completion_min), compared.utility(risk_price)
    best = int(np.where(allowed, utility, inf).argmin())
    usual = allowed & standard
    if not usual.any() or usual[best]:
        return best
    own = int(np.where(usual, utility, inf).argmin())
    gain = float(utility[own] - utility[best])
    return best if gain > max(margin, SURE * difference_error(compared, own, best)) else own


def difference_error(compared: Compared, one: int, other: int) -> float:
    """Standard error of the difference of two mean costs, bps, the pairs of opposite prices taken together."""
    gap = compared.costs[one] - compared.costs[other]
    half = len(gap) // 2
    return float((0.5 * (gap[:half] + gap[half:])).std()) / sqrt(half)


def as_candidates(scene: Scene, compared: Compared, chosen: int, risk_price: float) -> tuple[PlanCandidate, ...]:
    """The candidates as a plan carries them."""
    utility, quantiles = compared.utility(risk_price), scene.config.cost_quantiles
    beaten = dominated(compared)
    found = []
    for at, each in enumerate(scene.candidates):
        cost, risk = float(compared.expected_bps[at]), float(compared.risk_bps[at])
        low, high = quantiles.ends(cost, hypot(float(compared.error_bps[at]), risk))
        found.append(
            PlanCandidate(
                name=each.name, strategy=each.option.strategy, participation=figure(each.option.rate),
                expected_cost_bps=figure(cost), risk_bps=figure(risk), cost_low_bps=figure(low),
                cost_high_bps=figure(high), completion_probability=figure(float(compared.completion[at])),
                utility_bps=figure(float(utility[at])),
                difference_error_bps=figure(difference_error(compared, at, chosen)),
                dominated_by="" if beaten[at] < 0 else scene.candidates[beaten[at]].name,
            )
        )  # fmt: skip
    return tuple(found)


def dominated(compared: Compared) -> list[int]:
    """For each candidate the one that is nowhere worse and somewhere better, of those the cheapest; −1 for none."""
    cost, risk, done = compared.expected_bps, compared.risk_bps, compared.completion
    no_worse = (cost[None] <= cost[:, None] + SAME) & (risk[None] <= risk[:, None] + SAME)
    better = (cost[None] < cost[:, None] - SAME) | (risk[None] < risk[:, None] - SAME)
    beats = no_worse & better & (done[None] >= done[:, None] - AS_OFTEN)
    return [int(np.where(row, cost, inf).argmin()) if row.any() else -1 for row in beats]
