"""The coordinated schedule of a list: its legs worked as one, within the list's limits.

The legs are those the gateway resolved and priced; what the schedule needs beyond them comes from the instrument
master, and what the master does not know is said (`flags`) or, where no schedule can be made without it, refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf

import msgspec
import numpy as np

from sottovoce.core.errors import PlanError
from sottovoce.core.forecast import SPREAD, VOLATILITY, VOLUME
from sottovoce.core.instrument import Instrument, expected, known
from sottovoce.core.orders import ParentOrder
from sottovoce.core.ports import ReferenceData, Session
from sottovoce.models.arrays import IntArray
from sottovoce.models.impact_of_list import ListImpact, list_impact
from sottovoce.models.schedule_constrained import ConstrainedSchedule, constrained_schedule
from sottovoce.models.schedule_constrained_list import ListedName, ListMarket, listed_basket
from sottovoce.models.schedule_constrained_lots import LotSchedule, in_lots
from sottovoce.models.schedule_constrained_problem import BasketLimits, ConstrainedBasket
from sottovoce.models.session_buckets import session_buckets
from sottovoce.models.volume import fit_to_session
from sottovoce.stages.planning.ahead import known_forecasts
from sottovoce.stages.planning.config import ListPolicy, PlanningConfig

AHEAD = "forecasts of the session are used for {count} names"
BETA = "beta 1 is assumed for every name: the instrument master has none"
SPREAD_ASSUMED = "a spread of {bps:g} bps is assumed for {count} names without one"
SPREAD_BPS = 2.0
TOLD_MAX = 5


class ListPlan(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The list as the optimiser took it, its schedule, the same in lots, what its impact rests on, what had to be
    assumed; edges_ns: the ends of its buckets and the start before them, ns UTC, shape (N + 1,).
    """

    basket: ConstrainedBasket
    schedule: ConstrainedSchedule
    lots: LotSchedule
    impact: ListImpact
    edges_ns: IntArray
    flags: tuple[str, ...]


def plan_list(
    legs: Sequence[ParentOrder], session: Session, now_ns: int, reference: ReferenceData, config: PlanningConfig
) -> ListPlan:
    """Schedule the legs of a list from now, or the open, to the close of a session.

    Raises: PlanError `no_adv`, `no_sigma` naming the legs without one, `no_session`, and everything
        `constrained_schedule` and `listed_basket` raise.
    """
    policy = config.lists
    found = [(leg, _instrument(leg, reference)) for leg in legs]
    _refuse_unknown(found)
    market, edges_ns = _market(session, now_ns, config)
    names = [_listed(leg, instrument, session.date, edges_ns) for leg, instrument in found]
    basket = listed_basket(names, market)
    schedule = constrained_schedule(basket, limits_of(policy), policy.risk_aversion)
    lots = in_lots(basket, schedule, np.array([leg.lot for leg in legs], dtype=np.int64))
    impact = list_impact(basket, schedule.holdings, np.array([known(each.adv) for _, each in found]), market)
    return ListPlan(
        basket=basket,
        schedule=schedule,
        lots=lots,
        impact=impact,
        edges_ns=edges_ns,
        flags=tuple(_flags(found, session)),
    )


def limits_of(policy: ListPolicy) -> BasketLimits:
    """The policy's limits, inf where nothing is asked."""
    asked = (policy.cash_imbalance_max, policy.beta_max, policy.sector_max)
    cash, beta, sector = (inf if each is None else each for each in asked)
    return BasketLimits(cash_max=cash, beta_max=beta, sector_max=sector)


def _market(session: Session, now_ns: int, config: PlanningConfig) -> tuple[ListMarket, IntArray]:
    """What the rest of the session has, and the edges of its buckets."""
    curve, policy, length = config.volume_curve, config.lists, session.close_ns - session.open_ns
    start = max(now_ns - session.open_ns, 0) / length
    if start >= 1.0:
        raise PlanError("The session is over; enter the list before it closes.", code="no_session")
    buckets = max(ceil(policy.buckets * (1.0 - start) - 1e-9), 1)
    day = fit_to_session(curve, curve.open_ns, curve.open_ns + length)
    cut = session_buckets(day, 1.0, buckets, start)
    parts = np.linspace(start, 1.0, buckets + 1)
    market = ListMarket(
        volume_days=cut.volume_days,
        continuous=curve.continuous,
        participation=policy.participation_ppm / 1e6,
        buckets=cut.labels,
        impact=config.impact,
    )
    return market, session.open_ns + np.rint(parts * length).astype(np.int64)


def _instrument(leg: ParentOrder, reference: ReferenceData) -> Instrument:
    instrument = reference.get(leg.instrument_id)
    if instrument is None:
        raise PlanError(f"{leg.symbol} is not in the reference data.", code="unknown_instrument")
    return instrument


def _refuse_unknown(found: Sequence[tuple[ParentOrder, Instrument]]) -> None:
    for code, field, what in (("no_adv", "adv", "average daily volume"), ("no_sigma", "sigma_daily", "volatility")):
        without = [leg.symbol for leg, instrument in found if not (known(getattr(instrument, field)) or 0.0) > 0.0]
        if without:
            more = f" and {len(without) - TOLD_MAX} more" if len(without) > TOLD_MAX else ""
            told = ", ".join(without[:TOLD_MAX]) + more
            raise PlanError(f"No {what} is known for {told}; a list is scheduled only where all are.", code=code)


def _listed(leg: ParentOrder, instrument: Instrument, date: str, edges_ns: IntArray) -> ListedName:
    """The leg with what its session is expected to trade as its volume: the average day's where nobody says more."""
    spread = expected(instrument, SPREAD, date)
    return ListedName(
        symbol=leg.symbol,
        quantity=float(-leg.side.sign * leg.order_qty),
        price=leg.arrival_px / leg.price_scale,
        adv=expected(instrument, VOLUME, date) or 0.0,
        sigma_daily=expected(instrument, VOLATILITY, date) or 0.0,
        spread_bps=SPREAD_BPS if spread is None else spread,
        sector=instrument.sector or "unknown",
        participation=None if leg.max_participation_ppm is None else leg.max_participation_ppm / 1e6,
        first_bucket=int(np.searchsorted(edges_ns[:-1], leg.start_ns)),
        last_bucket=int(np.searchsorted(edges_ns[1:], leg.end_ns, side="right")) - 1,
        lot=leg.lot,
    )


def _flags(found: Sequence[tuple[ParentOrder, Instrument]], session: Session) -> list[str]:
    flags = [BETA]
    count = sum(expected(instrument, SPREAD, session.date) is None for _, instrument in found)
    if count:
        flags.append(SPREAD_ASSUMED.format(bps=SPREAD_BPS, count=count))
    ahead = [known_forecasts(instrument.forecasts, (session,)) for _, instrument in found]
    used = sum(bool(each.used) for each in ahead)
    if used:
        flags.append(AHEAD.format(count=used))
    unused = [f"{leg.symbol}: {flag}" for (leg, _), each in zip(found, ahead, strict=True) for flag in each.flags]
    return [*flags, *dict.fromkeys(unused)]
