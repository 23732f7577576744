"""The report on simulated markets as figures: every gate of every market, the laws and their bins."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.analytics.market_facts.gates import Judged
from sottovoce.analytics.market_facts.measured import Measured
from sottovoce.analytics.market_facts.passive_fills import queue_rows


def market_json(markets: Sequence[Measured], symbol: str) -> bytes:
    """Indented JSON. Figures that could not be measured, and open ends of ranges, are null."""
    document = {"symbol": symbol, "markets": [_market(market) for market in markets]}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _market(market: Measured) -> dict[str, object]:
    return {
        "name": market.name,
        "recorded": market.recorded,
        "sessions": len(market.facts),
        "shares_a_session": market.volume,
        "volatility_open_to_close": market.volatility,
        "gates": [_gate(each) for each in market.judged],
        "impact": market.impact,
        "cost": market.cost,
        "queue": queue_rows(market.probes),
    }


def _gate(each: Judged) -> dict[str, object]:
    return {
        "key": each.gate.key,
        "fact": each.gate.fact,
        "measure": each.gate.measure,
        "low": each.gate.low,
        "high": each.gate.high,
        "got": each.got.value,
        "error": each.got.error,
        "note": each.got.note,
        "verdict": each.verdict,
        "explanation": each.explanation,
    }
