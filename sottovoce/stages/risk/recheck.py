"""Checking a held order again when people have released it: on current data, with nothing else relaxed (controls A4).

Hard checks bind as they always do: a limit that was lowered meanwhile, a halt, a name that has become restricted stop
the order here. A soft one passes only if it was released, and only up to the figure that was shown. The order's
reservation stands since it was cleared, so only what has been added to its worst case counts again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.override_events import RecheckAsked, RecheckFailed, RecheckPassed
from sottovoce.core.override_figures import within
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.book import RiskBook
from sottovoce.stages.risk.case import STAGE, Case
from sottovoce.stages.risk.gate import ORDER_CHECKS, ORDER_HOLDS, run

CaseOf = Callable[[ParentOrder, Child | None, MarketView], Case]


class Rechecks:
    """Decides on RecheckAsked."""

    def __init__(self, book: RiskBook, case: CaseOf) -> None:
        self._book = book
        self._case = case

    def decide(self, event: RecheckAsked, view: MarketView) -> Sequence[StageEvent]:
        """The order passes again, or does not."""
        failures = self._failures(event, view)
        if failures:
            failed = RecheckFailed(parent_id=event.parent_id, ts_ns=view.ts_ns, failures=tuple(failures), by=event.by)
            return (failed,)
        version = self._book.limits.version
        return (RecheckPassed(parent_id=event.parent_id, ts_ns=view.ts_ns, limits_version=version, by=event.by),)

    def _failures(self, event: RecheckAsked, view: MarketView) -> list[Failure]:
        order = event.order
        held = self._book.state.exposure.reservations.get(order.parent_id)
        if held is None:
            return [failure(STAGE, "not_reserved", order.order_qty, 0, 0)]
        case = self._case(order, None, view)
        px = case.worst_px(order.limit_px)
        added = max(held.open_qty * (px - held.worst_px), 0)
        case.resize(order.order_qty, order.limit_px, px, added, 0)
        released = dict(event.relaxed)
        soft = [each for each in run(ORDER_HOLDS, case) if not _released(each, released)]
        return run(ORDER_CHECKS, case) + soft


def _released(rule: Failure, released: Mapping[str, str]) -> bool:
    return rule.code in released and within(rule, released[rule.code])
