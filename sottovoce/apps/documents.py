"""The two documents of a plan, in every form they are read in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from sottovoce.analytics.reports.impact_document import impact_document
from sottovoce.analytics.reports.impact_sections import ImpactDocument
from sottovoce.analytics.reports.plan_text import impact_text, strategy_text
from sottovoce.analytics.reports.strategy_document import document_json, strategy_document
from sottovoce.analytics.reports.strategy_sections import StrategyDocument
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.ports import Session
from sottovoce.runtime.preview import Preview


class PlanDocuments(msgspec.Struct, frozen=True, kw_only=True):
    """The execution strategy and the market impact of one planned order."""

    strategy: StrategyDocument
    impact: ImpactDocument

    def json(self) -> dict[str, Any]:
        """Both documents as one object."""
        return {"strategy": document_json(self.strategy), "impact": document_json(self.impact)}

    def text(self) -> str:
        """Both documents for a terminal."""
        return "\n\n".join([strategy_text(self.strategy), impact_text(self.impact)])

    def html(self) -> str:
        """Both documents as one self-contained page."""
        from sottovoce.analytics.reports.plan_html import plan_html

        return plan_html(self.strategy, self.impact)


def documents_of(
    order: ParentOrder, plan: Plan, instrument: Instrument, market: MarketState | None, sessions: Sequence[Session]
) -> PlanDocuments:
    """The documents of an order as planned."""
    return PlanDocuments(
        strategy=strategy_document(order, plan, instrument, market, sessions),
        impact=impact_document(order, plan, instrument, market),
    )


def plan_documents(seen: Preview, instrument: Instrument, sessions: Sequence[Session]) -> PlanDocuments:
    """The documents of a preview that reached a plan."""
    assert seen.order is not None
    assert seen.plan is not None
    return documents_of(seen.order, seen.plan, instrument, seen.market, sessions)
