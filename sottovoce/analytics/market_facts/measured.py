"""One market, simulated or recorded, with all its figures judged: what reports show and tools print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite

import msgspec
import numpy as np

from sottovoce.analytics.market_facts import passive_fills
from sottovoce.analytics.market_facts.gates import Gate, Judged, judge
from sottovoce.analytics.market_facts.paired_orders import PairedOrder, decay, mean_cost
from sottovoce.analytics.market_facts.passive_fills import Probe
from sottovoce.analytics.market_facts.pooling import Estimate, unmeasured
from sottovoce.analytics.market_facts.power_law import PowerLaw, fit_power_law
from sottovoce.analytics.market_facts.tape_facts import SessionFacts, daily_volatility, daily_volume, tape_estimates

NORMAL_95 = 1.96


class Measured(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A market's figures: judged gates, the fitted laws, and what plots are drawn from.

    recorded markets can be measured by their tape alone. volatility (open to close, a fraction) and volume (shares
    a session) are those of the sessions measured.
    """

    name: str
    recorded: bool
    judged: tuple[Judged, ...]
    facts: tuple[SessionFacts, ...]
    orders: tuple[PairedOrder, ...] = ()
    probes: tuple[Probe, ...] = ()
    impact: PowerLaw | None = None
    cost: PowerLaw | None = None
    volatility: float
    volume: float


def simulated(
    name: str,
    facts: Sequence[SessionFacts],
    orders: Sequence[PairedOrder],
    probes: Sequence[Probe],
    differing: Sequence[bool],
    gates: Sequence[Gate],
    explanations: Mapping[str, str],
) -> Measured:
    """Judge a generator by everything it did.

    Args:
        differing: of every session repeated with orders of quantity 0, whether its tape differed.
        explanations: sentences by key of a gate, shown where it did not pass.
    """
    impact = law_of(orders, [order.impact for order in orders])
    figures = dict(tape_estimates(facts)) | _moved(orders, impact) | _passive(probes) | _reactive(orders, differing)
    return Measured(
        name=name,
        recorded=False,
        judged=tuple(judge(gate, figures[gate.key], explanations.get(gate.key, "")) for gate in gates),
        facts=tuple(facts),
        orders=tuple(orders),
        probes=tuple(probes),
        impact=impact,
        cost=law_of(orders, [order.cost for order in orders]),
        volatility=daily_volatility(facts),
        volume=daily_volume(facts),
    )


def recorded(name: str, facts: Sequence[SessionFacts], gates: Sequence[Gate]) -> Measured:
    """What the gates that need a tape only read on a recorded market."""
    figures = tape_estimates(facts)
    return Measured(
        name=name,
        recorded=True,
        judged=tuple(judge(gate, figures[gate.key]) for gate in gates if gate.key in figures),
        facts=tuple(facts),
        volatility=daily_volatility(facts),
        volume=daily_volume(facts),
    )


def law_of(orders: Sequence[PairedOrder], moved: Sequence[float]) -> PowerLaw | None:
    """The law of what orders moved or cost; None with fewer than two sizes."""
    if len(orders) < 2:
        return None
    # Orders were sent in a few sizes; what filled of them differs a little.
    _, place = np.unique(np.round(np.log2([order.size for order in orders])), return_inverse=True)
    if int(place.max()) < 1:
        return None
    sizes = np.array([order.size for order in orders])
    sessions = np.array([order.session for order in orders], dtype=np.int64)
    return fit_power_law(sizes, np.array(moved), sessions, place.astype(np.int64))


def _moved(orders: Sequence[PairedOrder], law: PowerLaw | None) -> dict[str, Estimate]:
    if law is None or not isfinite(law.exponent):
        nothing = unmeasured("too few orders filled")
        return {"impact_exponent": nothing, "impact_prefactor": nothing, "decay": decay(orders)}
    done = float(np.mean([order.done for order in orders]))
    exponent = f"95 % {law.exponent_low:.2f} to {law.exponent_high:.2f}, {len(orders)} orders, {done:.1%} filled"
    return {
        "impact_exponent": Estimate(
            value=law.exponent, error=(law.exponent_high - law.exponent_low) / (2 * NORMAL_95), note=exponent
        ),
        "impact_prefactor": Estimate(
            value=law.prefactor,
            error=(law.prefactor_high - law.prefactor_low) / (2 * NORMAL_95),
            note=f"95 % {law.prefactor_low:.2f} to {law.prefactor_high:.2f}, R² {law.r_squared:.2f}",
        ),
        "decay": decay(orders),
    }


def _passive(probes: Sequence[Probe]) -> dict[str, Estimate]:
    rows = passive_fills.queue_rows(probes)
    rise = passive_fills.largest_rise(rows)
    filled = f"{len(probes)} probes, {np.mean([probe.filled for probe in probes]):.0%} filled" if probes else ""
    return {
        "queue_rise": Estimate(value=rise, note=filled) if isfinite(rise) else unmeasured("places did not vary"),
        "queue_front": passive_fills.front_less_back(probes),
        "markout": passive_fills.mean_markout(probes),
        "markout_back": passive_fills.back_less_front(probes),
    }


def _reactive(orders: Sequence[PairedOrder], differing: Sequence[bool]) -> dict[str, Estimate]:
    zero = unmeasured("not tried")
    if differing:
        zero = Estimate(value=float(sum(differing)), note=f"of {len(differing)} sessions repeated")
    return {"react_zero": zero, "react_cost": mean_cost(orders) if orders else unmeasured("no order filled")}
