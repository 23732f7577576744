"""What an order says of its pace: the most impact it may be expected to have, and the band of its participation.

An impact limit is kept by pace: at a share π of the volume a model expects paid × permanent + temporary × π^β, and the
permanent part does not depend on π. The largest π under the limit is the most the order may ever be of the volume; as
no stretch of it goes faster, none of it costs more than the limit. Where the permanent part alone is above, no pace
helps, and there is no plan. The closing auction is kept to the same share of its volume.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Side, Strategy
from sottovoce.core.errors import PlanError
from sottovoce.core.market import Quote, Unusable
from sottovoce.core.orders import ParentOrder
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.costing import impact_at
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.sizing import max_participation

PPM = 1_000_000
PPM_PER_BP = 100
PACE_MIN = 0.001
"""Part of the volume below which an order is not being worked (policy)."""


def within_impact(order: ParentOrder, facts: Facts, config: PlanningConfig) -> ParentOrder:
    """The order with its maximum participation lowered as far as its impact limit asks; unchanged without one.

    Raises: PlanError `impact_limit`, where no pace is slow enough; `no_adv` or `no_sigma`, where nobody can tell.
    """
    if order.max_impact_ppm is None:
        return order
    _known(order, facts)
    limit, most = order.max_impact_ppm / PPM_PER_BP, max_participation(order, config, _fastest(order))
    impact = impact_at(facts, order.order_qty, most, config.impact)
    left = limit - impact.paid * impact.permanent_bps
    slowest = most * (max(left, 0.0) / impact.temporary_bps) ** (1.0 / impact.exponent)
    if slowest < PACE_MIN:
        least = impact.paid * impact.permanent_bps
        raise PlanError(
            f"{order.symbol}: {order.order_qty:,} shares are expected to cost {least:.1f} bps in impact however slowly "
            f"they trade, and more at {PACE_MIN:.1%} of the volume than the limit of {limit:g} bps.",
            code="impact_limit",
        )
    return msgspec.structs.replace(order, max_participation_ppm=int(min(most, slowest) * PPM))


def impact_flag(order: ParentOrder, most: float) -> tuple[str, ...]:
    """What an impact limit comes to, for a person; () without one."""
    if order.max_impact_ppm is None:
        return ()
    banded = (order.participation_max_ppm or 0) / PPM > most
    cut = ", and the band is cut there" if banded else ""
    return (
        f"impact limit of {order.max_impact_ppm / PPM_PER_BP:g} bps: at most {most:.2%} of the volume at any time{cut}",
    )


def would_flag(order: ParentOrder, quote: Quote | Unusable) -> tuple[str, ...]:
    """That the market is already where the client would trade, for a person; () where it is not."""
    if order.would_px is None or isinstance(quote, Unusable):
        return ()
    far = quote.ask if order.side is Side.BUY else quote.bid
    if order.side.sign * (far - order.would_px) > 0:
        return ()
    return ("the market is at the price the order would trade at: it begins at once, up to its maximum participation",)


def band_ppm(order: ParentOrder, strategy: Strategy, rate_ppm: int, config: PlanningConfig) -> tuple[int, int]:
    """(bottom, top) of the band a POV order's part of the volume is kept in, parts per million; zeros for any other.

    The client's own where the rate lies in it, else the desk's around the rate; never above a maximum the client gave.
    The desk's own maximum is of all the volume since the order began, and leaves room to catch up within minutes.
    """
    if strategy is not Strategy.POV:
        return 0, 0
    low, high = order.participation_min_ppm, order.participation_max_ppm
    if low is None or high is None or not low <= rate_ppm <= high:
        reach = rate_ppm * config.pov_band_ppm // PPM
        low, high = rate_ppm - reach, rate_ppm + reach
    most = PPM // 2 if order.max_participation_ppm is None else order.max_participation_ppm
    return min(low, most), min(high, most)


def top_rate(order: ParentOrder, strategy: Strategy) -> float:
    """The top of the client's own band, which the maximum participation is never below unless the client says so."""
    return (order.participation_max_ppm or 0) / PPM if strategy is Strategy.POV else 0.0


def _fastest(order: ParentOrder) -> float:
    """The rate a POV order asks for, or the top of its band; no other strategy has one."""
    if order.strategy is not Strategy.POV:
        return 0.0
    return max(order.participation_max_ppm or 0, order.participation_ppm or 0) / PPM


def _known(order: ParentOrder, facts: Facts) -> None:
    for value, code, what in ((facts.adv, "no_adv", "daily volume"), (facts.sigma_daily, "no_sigma", "volatility")):
        if value is None:
            raise PlanError(f"{order.symbol}: an impact limit needs a {what}, and none is known.", code=code)
