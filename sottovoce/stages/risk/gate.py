"""The order the checks run in: every one of them reports, and one that fails inside rejects (P2)."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.stages.risk import (
    checks_access,
    checks_bands,
    checks_child,
    checks_conduct,
    checks_envelope,
    checks_exposure,
    checks_price,
    checks_rate,
    checks_short,
    checks_size,
)
from sottovoce.stages.risk.case import STAGE, Case, Check

ORDER_CHECKS: tuple[Check, ...] = (
    checks_access.halted,
    checks_access.latched,
    checks_access.attribution,
    checks_access.currency,
    checks_price.market,
    checks_price.reference,
    checks_access.restricted,
    checks_access.approved,
    checks_access.mandate,
    checks_short.marking,
    checks_short.locate,
    checks_size.order_value,
    checks_size.order_quantity,
    checks_size.order_adv,
    checks_size.adv_age,
    checks_size.outstanding,
    checks_price.collar,
    checks_exposure.limits_present,
    checks_exposure.gross,
    checks_exposure.net,
    checks_exposure.sector,
    checks_exposure.country,
    checks_exposure.concentration,
    checks_exposure.weight,
    checks_exposure.position_value,
    checks_exposure.position_adv,
    checks_exposure.loss,
    checks_conduct.front_running,
)
"""Hard: any of them rejects a parent."""

ORDER_HOLDS: tuple[Check, ...] = (checks_size.order_adv_soft, checks_exposure.near)
"""Soft: a person looks before anything is sent."""

ORDER_WARNINGS: tuple[Check, ...] = (checks_price.passive, checks_size.value_near, checks_exposure.loss_near)

CHILD_CHECKS: tuple[Check, ...] = (
    checks_access.halted,
    checks_access.latched,
    checks_price.market,
    checks_price.reference,
    checks_price.fresh,
    checks_bands.within_bands,
    checks_access.restricted,
    checks_access.approved,
    checks_access.mandate,
    checks_short.price_test,
    checks_price.collar,
    checks_price.protection,
    checks_price.drift,
    checks_size.child_value,
    checks_size.child_adv,
    checks_rate.message_rate,
    checks_rate.rerun,
    checks_envelope.participation,
    checks_child.same_order,
    checks_child.reserved,
    checks_exposure.limits_present,
    checks_exposure.loss,
    checks_conduct.self_match,
    checks_child.within_limit,
    checks_child.within_reserve,
)
"""Hard: any of them stops a child."""

CHILD_WARNINGS: tuple[Check, ...] = (
    checks_size.child_value_soft,
    checks_size.child_quantity_soft,
    checks_size.child_adv_soft,
    checks_size.value_near,
    checks_envelope.participation_early,
)


def run(checks: Sequence[Check], case: Case) -> list[Failure]:
    """What every check found, in order. A check that fails inside has found that it cannot judge: a rejection."""
    found: list[Failure] = []
    for check in checks:
        try:
            failed = check(case)
        except Exception as error:  # whatever it was: an order nobody could judge does not leave
            failed = [failure(STAGE, "check_failed", f"{check.__name__}: {type(error).__name__}")]
        if failed:
            found += failed
    return found
