"""The report on simulated markets as one self-contained HTML page: every gate for every generator, and plots.

The page is laid out by templates/market.html.j2; here figures become words and charts. The same figures give the
same bytes: nothing on it says when it was made.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.market_facts.gates import GATES, Judged
from sottovoce.analytics.market_facts.measured import Measured
from sottovoce.analytics.reports import market_charts, market_order_charts

TEMPLATE = "market.html.j2"
ABSENT = "–"

Row = dict[str, object]

HOW = {
    "Impact exponent": "TWAP parents of 0.2 to 20 % of a day's volume at 5 to 15 % participation, each run twice under "
    "the same draws, with and without it. The mid at completion less the paired mid, in daily volatilities, is fitted "
    "over sizes by least squares weighted by the bins' errors; intervals draw whole sessions.",
    "Decay": "The same difference one order length after completion, over what it was at completion.",
    "Sign memory": "Autocorrelation of the signs of aggressive orders (prints of one moment and side are one), log-log "
    "slope over bins of lags 10 to 500.",
    "Diffusivity": "Variance of ten-minute moves of the mid over sixty times that of ten-second moves, in sessions.",
    "Signature plot": "Variance per second of trade prices and mids sampled every 1 s to 20 min.",
    "Volume curve": "Half-hour shares of continuous volume against the middle three; auction share of all volume.",
    "Spread": "Time-weighted, in the bucket of the name: half to twice its known spread, or one to two volatilities of "
    "a trade. Its link to volatility on five-minute intervals, within sessions.",
    "Fat tails": "Hill's estimator over the largest 2 % of absolute one-minute returns.",
    "Volatility clustering": "Each absolute return over what is usual at its time of day in the other sessions; "
    "autocorrelation at 30 minutes, within sessions, around one mean for all.",
    "Order-flow imbalance": "Shares that came to the bid or left the ask less the reverse, over ten seconds, against "
    "the move of the mid, anew each half hour.",
    "Fill realism": "Orders of 100 shares that join the touch every 30 s for 50 s; filled means before the touch left "
    "them behind. Markout: the mid 10 s after the fill against the mid just before it.",
    "Reactivity": "Sessions repeated with orders of quantity 0 must print the same bytes; other orders must cost.",
}


def render_market_html(markets: Sequence[Measured], symbol: str) -> str:
    """The page for generators first, then recorded markets; symbol is the name that was simulated."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("sottovoce.analytics.reports", "templates")
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    generators = [market for market in markets if not market.recorded]
    return page.get_template(TEMPLATE).render(
        symbol=symbol,
        tiles=[_tile(market) for market in generators],
        markets=[{"name": market.name, "recorded": market.recorded, "head": _head(market)} for market in markets],
        facts=_facts(markets),
        notes=_notes(generators),
        charts=charts(markets),
        how=HOW,
    )


def charts(markets: Sequence[Measured]) -> dict[str, str | None]:
    """Every chart of the page by name, as SVG."""
    generators = [market for market in markets if not market.recorded]
    return {
        "impact": market_order_charts.impact("im", generators),
        "memory": market_charts.sign_memory("me", markets),
        "signature": market_charts.signature("si", markets),
        "volume": market_charts.day_volume("vo", markets),
        "spread": market_charts.spread_and_volatility("sp", markets),
        "tails": market_charts.tails("ta", markets),
        "clustering": market_charts.clustering("cl", markets),
        "flow": market_charts.order_flow("of", markets),
        "fills": market_order_charts.fill_probability("fi", generators),
        "markouts": market_order_charts.fill_markout("mo", generators),
    }


def _tile(market: Measured) -> tuple[str, str, str]:
    passed = sum(each.passed for each in market.judged)
    explained = sum(each.verdict == "explained" for each in market.judged)
    rest = len(market.judged) - passed - explained
    under = f"{explained} explained, {rest} failed" if explained + rest else "none failed"
    return market.name, f"{passed} of {len(market.judged)} passed", under


def _head(market: Measured) -> str:
    busy = sum(facts.trades for facts in market.facts) / len(market.facts)
    return (
        f"{len(market.facts)} sessions, {market.volume:,.0f} shares and {busy:,.0f} prints a session, "
        f"volatility {market.volatility:.2%} open to close"
    )


def _facts(markets: Sequence[Measured]) -> list[Row]:
    """The table: facts, their gates, and a cell for each market."""
    cells = [{each.gate.key: each for each in market.judged} for market in markets]
    found: dict[str, list[Row]] = {}
    for gate in GATES:
        known = [each.get(gate.key) for each in cells]
        allowed = next((each.gate.allowed for each in known if each is not None), gate.allowed)
        row: Row = {
            "measure": gate.measure,
            "allowed": allowed,
            "cells": [_cell(each, market.recorded) for each, market in zip(known, markets, strict=True)],
        }
        found.setdefault(gate.fact, []).append(row)
    return [{"name": fact, "rows": rows} for fact, rows in found.items()]


def _cell(judged: Judged | None, recorded: bool) -> Row:
    if judged is None:
        return {"got": "", "error": "", "verdict": "", "tone": "none"}
    places = judged.gate.decimals
    got = ABSENT if judged.got.value is None else f"{judged.got.value:.{places}f}".replace("-", "−")
    error = "" if judged.got.error is None else f"± {judged.got.error:.{places}f}"
    if recorded:
        verdict = "" if judged.passed else "outside"
        return {"got": got, "error": error, "verdict": verdict, "tone": "none"}
    return {"got": got, "error": error, "verdict": judged.verdict, "tone": judged.verdict}


def _notes(generators: Sequence[Measured]) -> list[Row]:
    """What did not pass, with its explanation or what was seen."""
    return [
        {
            "market": market.name,
            "what": f"{each.gate.fact}: {each.gate.measure}",
            "says": each.explanation or each.got.note or "no explanation is known",
            "verdict": each.verdict,
        }
        for market in generators
        for each in market.judged
        if not each.passed
    ]
