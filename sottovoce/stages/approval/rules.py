"""Which rules hold an order, for whom, and on what figures. Pure functions (PT-27, API6)."""

from __future__ import annotations

from sottovoce.core.instrument import Instrument, known
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.reasons import failure
from sottovoce.stages.approval.config import ApprovalConfig

STAGE = "approval"
RULE = "E-RM-1"
PERCENT = 100.0


def second_person(
    order: ParentOrder, plan: Plan, instrument: Instrument | None, lately: tuple[int, int], config: ApprovalConfig
) -> list[Failure]:
    """PT-27: the rules that ask for a second person. lately: what else was entered (value, shares): see API6."""
    found = [
        _value(order, lately[0], config),
        _volume(order, instrument, lately[1], config),
        _cost(plan.expected_cost_bps, config),
    ]
    return [rule for rule in found if rule is not None]


def _value(order: ParentOrder, lately: int, config: ApprovalConfig) -> Failure | None:
    value = order.order_qty * order.arrival_px / order.price_scale
    whole = value + lately / order.price_scale
    limit = f"{config.value_max:,}"
    if value > config.value_max:
        return _fired("value", f"{value:,.0f} {order.currency}", limit)
    if whole > config.value_max:
        text = f"{whole:,.0f} {order.currency} in {config.window_minutes} minutes"
        return _fired("split", text, limit)
    return None


def _volume(order: ParentOrder, instrument: Instrument | None, lately: int, config: ApprovalConfig) -> Failure | None:
    adv = known(instrument.adv) if instrument is not None else None
    if not adv:
        return None
    share, whole = PERCENT * order.order_qty / adv, PERCENT * (order.order_qty + lately) / adv
    limit = f"{config.adv_percent_max:g} %"
    if share > config.adv_percent_max:
        return _fired("adv", f"{share:.2f} % of ADV", limit)
    if whole > config.adv_percent_max:
        return _fired("splitadv", f"{whole:.2f} % of ADV in {config.window_minutes} minutes", limit)
    return None


def _cost(cost_bps: float, config: ApprovalConfig) -> Failure | None:
    if cost_bps <= config.cost_bps_max:
        return None
    return _fired("cost", f"{cost_bps:.1f} bps", f"{config.cost_bps_max:g} bps")


def _fired(name: str, value: str, limit: str) -> Failure:
    return failure(STAGE, f"{RULE}:{name}", value, limit)
