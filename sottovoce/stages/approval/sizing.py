"""The sizing gate: what the order costs as it would be sent, before it is.

A scheduled order costs what its plan expects. One that would go at once costs the sweep through what venues show now,
and the market's depth behind it; one for the opening auction costs what it would move that auction, which for a thin
name is a great deal. Above the line the trader decides, or the order is worked over time instead.
"""

from __future__ import annotations

from sottovoce.core.enums import Strategy
from sottovoce.core.errors import ModelError
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.reasons import failure
from sottovoce.models.sending_cost import Level, auction_cost_bps, sweep_cost_bps
from sottovoce.stages.approval.config import ApprovalConfig
from sottovoce.stages.approval.rules import PERCENT, STAGE

SOR = Strategy.SOR


def sizing(
    order: ParentOrder, plan: Plan, instrument: Instrument | None, view: MarketView, config: ApprovalConfig
) -> list[Failure]:
    """What of this order its trader must look at; empty where nothing is."""
    try:
        cost, how = sending_cost(order, plan, instrument, view, config)
    except ModelError as error:
        return [failure(STAGE, "sizing_unknown", str(error))]
    if cost is None:
        return [failure(STAGE, "sizing_unknown", how)]
    found = []
    if cost > config.sizing_bps_max:
        found.append(failure(STAGE, "sizing_cost", f"{cost:.1f} bps {how}", f"{config.sizing_bps_max:g} bps"))
    adv = known(instrument.adv) if instrument is not None else None
    share = PERCENT * order.order_qty / adv if adv else 0.0
    if at_once(order, plan) and share > config.sizing_adv_percent_max:
        found.append(
            failure(STAGE, "sizing_adv", f"{share:.2f} % of ADV {how}", f"{config.sizing_adv_percent_max:g} %")
        )
    return found


def at_once(order: ParentOrder, plan: Plan) -> bool:
    """Whether all of the order goes in one go: to the opening auction, or to every venue there is."""
    return order.opening or (plan.strategy is SOR and order.limit_px is None)


def sending_cost(
    order: ParentOrder, plan: Plan, instrument: Instrument | None, view: MarketView, config: ApprovalConfig
) -> tuple[float | None, str]:
    """(bps of the mid or None where nothing can be said, how it was costed). Raises ModelError."""
    if order.opening:
        return _opening(order, instrument, config)
    if plan.strategy is SOR:
        return _swept(order, instrument, view)
    return plan.expected_cost_bps, f"worked as {plan.strategy.value}"


def _opening(order: ParentOrder, instrument: Instrument | None, config: ApprovalConfig) -> tuple[float | None, str]:
    adv = known(instrument.adv) if instrument is not None else None
    sigma = known(instrument.sigma_daily) if instrument is not None else None
    if instrument is None or not adv or not sigma:
        return None, "no volume or no volatility for the opening auction"
    outstanding = known(instrument.shares_outstanding)
    cost = auction_cost_bps(order.order_qty, adv, config.open_share, sigma, outstanding)
    return cost, f"in an opening auction of about {adv * config.open_share:,.0f} shares"


def _swept(order: ParentOrder, instrument: Instrument | None, view: MarketView) -> tuple[float | None, str]:
    quote, state = view.quote(order.instrument_id), view.state(order.instrument_id)
    if isinstance(quote, Unusable) or state is None:
        return None, quote.detail if isinstance(quote, Unusable) else "no quote"
    buys = order.side.sign > 0
    levels = [Level(each.ask, each.ask_size) if buys else Level(each.bid, each.bid_size) for each in state.venues]
    cost = sweep_cost_bps(
        levels,
        order.order_qty,
        order.side.sign,
        quote.mid,
        adv=known(instrument.adv) if instrument is not None else None,
        sigma_daily=known(instrument.sigma_daily) if instrument is not None else None,
        limit_px=order.limit_px,
    )
    shown = sum(level.size for level in levels)
    return cost, f"swept at once, {shown:,} shares shown"
