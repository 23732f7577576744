"""Every way of working an order that is worth comparing, inside the window and the caps its instruction sets.

Even in time, in proportion to volume, at several shares of the volume, Almgren–Chriss at several prices of risk, the
optimum under the impact model's own power law, all of it in the close, and across a scheduled event. A way the order
names is always among them; one it forbids, or the figures known do not allow, never is.
"""

from __future__ import annotations

from math import sqrt

import msgspec

from sottovoce.core.enums import DarkUse, Strategy, Urgency
from sottovoce.core.orders import ParentOrder
from sottovoce.models.arrays import FloatArray
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.curves_many import shortfall_curves
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.horizon import Horizon
from sottovoce.stages.planning.options import Option
from sottovoce.stages.planning.sizing import auction_room, max_participation
from sottovoce.stages.planning.sloping import curve_of

LOW, MEDIUM, HIGH = Urgency.LOW, Urgency.MEDIUM, Urgency.HIGH
VWAP, TWAP, POV, IS, CLOSE = Strategy.VWAP, Strategy.TWAP, Strategy.POV, Strategy.IS, Strategy.CLOSE
PATIENT_RATE, QUICK_RATE = 0.1, 0.2
"""A POV order up to the first rate crosses the spread as a patient one does, above the second as an urgent one."""


class Candidate(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One way by its name. curve: part due at the end of each step of the horizon it is compared on, shape (n,)."""

    name: str
    option: Option
    curve: FloatArray


def candidates_for(
    order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon, volumes: FloatArray
) -> tuple[Candidate, ...]:
    """The candidates, the simplest first: a tie goes to the earlier. The figures of facts must be known."""
    most = max_participation(order, config)
    options = [*_plain(order), *_rates(order, config, most), *_by_risk(order, config)]
    if facts.event_ns is not None and horizon.start_ns < facts.event_ns < horizon.end_ns:
        options.append(_option(order, "event", IS, order.urgency, shape="event"))
    if horizon.reaches_close and _may_close(order, facts, config, horizon):
        options.append(_option(order, CLOSE.value, CLOSE, order.urgency))
    ladder = [each for each in options if each.strategy is IS and not each.shape]
    prices = tuple(each.risk_price or 0.0 for each in ladder)
    drawn = shortfall_curves(facts, horizon, volumes, order.order_qty, prices, most, config)
    curves = {each.name: curve for each, curve in zip(ladder, drawn, strict=True)}
    for each in options:
        if each.name not in curves:
            curves[each.name] = curve_of(
                each, order, facts, config, horizon, volumes, max_participation(order, config, each.rate)
            )
    return tuple(Candidate(name=each.name, option=each, curve=curves[each.name][1:]) for each in options)


def _may_close(order: ParentOrder, facts: Facts, config: PlanningConfig, horizon: Horizon) -> bool:
    """The auction has no pace to keep an impact limit by, and no schedule to leave at the client's price.

    An order that does not ask for it goes there only where its maximum participation has room for all of it.
    """
    paced = order.max_impact_ppm is not None or order.would_px is not None
    if paced or order.dark is DarkUse.ONLY or config.volume_curve.close_auction <= 0:
        return False
    room = auction_room(max_participation(order, config), facts, config, horizon)
    return order.strategy is CLOSE or order.order_qty <= room


def instructed(order: ParentOrder, config: PlanningConfig) -> str | None:
    """The candidate an order names, None where the desk may choose."""
    if order.strategy is None or order.strategy is Strategy.SOR:
        return None
    if order.strategy is POV:
        return rate_name((order.participation_ppm or config.participation_ppm) / 1e6)
    return risk_name(config.policy(order.urgency).risk_price) if order.strategy is IS else order.strategy.value


def rate_name(rate: float) -> str:
    """The name of a POV candidate."""
    return f"POV {100 * rate:.3g}%"


def risk_name(price: float) -> str:
    """The name of an Almgren–Chriss candidate."""
    return f"IS {price:.3g}"


def _option(
    order: ParentOrder, name: str, strategy: Strategy, urgency: Urgency, rate: float = 0.0,
    risk_price: float | None = None, shape: str = "",
) -> Option:  # fmt: skip
    return Option(
        name=name, strategy=strategy, urgency=urgency, start_ns=order.start_ns, end_ns=order.end_ns, days=order.days,
        rate=rate, risk_price=risk_price, shape=shape,
    )  # fmt: skip


def _plain(order: ParentOrder) -> list[Option]:
    """Patient ways cross as the order's urgency says where it names them, else as seldom as the desk ever does."""
    return [_option(order, each.value, each, order.urgency if order.strategy is each else LOW) for each in (VWAP, TWAP)]


def _rates(order: ParentOrder, config: PlanningConfig, most: float) -> list[Option]:
    rates = [each / 1e6 for each in config.choice.rates_ppm if each / 1e6 <= most]
    if order.strategy is POV:
        asked = (order.participation_ppm or config.participation_ppm) / 1e6
        rates = sorted({*rates, asked})
    return [_option(order, rate_name(each), POV, _of_rate(each), rate=each) for each in rates]


def _of_rate(rate: float) -> Urgency:
    return LOW if rate <= PATIENT_RATE else MEDIUM if rate <= QUICK_RATE else HIGH


def _by_risk(order: ParentOrder, config: PlanningConfig) -> list[Option]:
    """Almgren–Chriss at the price of each urgency and between them, and the power law at the order's own."""
    low, medium, high = (config.policy(each).risk_price for each in (LOW, MEDIUM, HIGH))
    ladder = ((low, LOW), (sqrt(low * medium), LOW), (medium, MEDIUM), (sqrt(medium * high), MEDIUM), (high, HIGH))
    found = {risk_name(price): _option(order, risk_name(price), IS, each, risk_price=price) for price, each in ladder}
    own = config.policy(order.urgency).risk_price
    power = _option(order, "power law", IS, order.urgency, risk_price=own, shape="power")
    return [*found.values(), power]
