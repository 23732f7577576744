"""The cost–risk frontier as a Vega-Lite description: every candidate, the frontier joined, the chosen one marked."""

from __future__ import annotations

from typing import Any

from sottovoce.core.choices import Choice, PlanCandidate

CHOSEN, ON, BEATEN, LINE, INK = "#c4472f", "#2f6db5", "#a5b0bb", "#a9c6e8", "#1b2530"
FAR = 1.5
"""A dominated way beyond this many times the frontier's own reach is left to the table: it would flatten the rest."""
CLEAR = 0.06
"""Part of each axis within which a second label would cover the first."""

Spec = dict[str, Any]


def choice_chart(choice: Choice, width: int = 330, height: int = 210) -> Spec:
    """Expected cost over risk. Filled points are on the frontier, hollow ones dominated; the chosen one is red."""
    rows = _rows(choice)
    against = f"risk against {choice.benchmark.value}, bps (one standard deviation)"
    x = {"field": "risk", "type": "quantitative", "title": against, "scale": {"zero": False, "nice": True}}
    y = {"field": "cost", "type": "quantitative", "title": "expected cost, bps", "scale": {"zero": False, "nice": True}}
    colour = {"field": "kind", "type": "nominal", "legend": None,
              "scale": {"domain": ["chosen", "frontier", "dominated"], "range": [CHOSEN, ON, BEATEN]}}  # fmt: skip
    return {
        "width": width,
        "height": height,
        "data": {"values": rows},
        "layer": [
            {"transform": [{"filter": "datum.kind != 'dominated'"}],
             "mark": {"type": "line", "color": LINE, "strokeWidth": 2},
             "encoding": {"x": x, "y": y, "order": {"field": "risk"}}},
            {"transform": [{"filter": "datum.kind == 'dominated'"}],
             "mark": {"type": "point", "filled": False, "size": 60}, "encoding": {"x": x, "y": y, "color": colour}},
            {"transform": [{"filter": "datum.kind == 'frontier'"}],
             "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
             "encoding": {"x": x, "y": y, "color": colour}},
            {"transform": [{"filter": "datum.kind == 'chosen'"}],
             "mark": {"type": "point", "filled": True, "size": 130, "opacity": 1},
             "encoding": {"x": x, "y": y, "color": colour}},
            {"mark": {"type": "text", "dx": 8, "dy": -8, "align": "left", "color": INK, "fontSize": 11},
             "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
        ],
    }  # fmt: skip


def says(choice: Choice) -> str:
    """The picture in words, for who cannot see it."""
    on = [each.name for each in choice.candidates if not each.dominated_by]
    ways = f"Expected cost over risk of {len(choice.candidates)} ways"
    return f"{ways}; {choice.chosen} is chosen; on the frontier: {', '.join(on)}"


def _rows(choice: Choice) -> list[Spec]:
    """A row a candidate; where labels would cover each other only the first has one, the chosen one before all."""
    chosen_first = sorted(_near(choice), key=lambda each: (each.name != choice.chosen, bool(each.dominated_by)))
    wide = _span([each.risk_bps for each in chosen_first])
    high = _span([each.expected_cost_bps for each in chosen_first])
    shown: list[PlanCandidate] = []
    rows = []
    for each in chosen_first:
        clear = all(
            abs(each.risk_bps - other.risk_bps) > 2 * CLEAR * wide
            or abs(each.expected_cost_bps - other.expected_cost_bps) > CLEAR * high
            for other in shown
        )
        if clear:
            shown.append(each)
        kind = "chosen" if each.name == choice.chosen else "dominated" if each.dominated_by else "frontier"
        rows.append({"risk": each.risk_bps, "cost": each.expected_cost_bps, "kind": kind,
                     "label": each.name if clear else ""})  # fmt: skip
    return rows


def _near(choice: Choice) -> list[PlanCandidate]:
    kept = [each for each in choice.candidates if not each.dominated_by or each.name == choice.chosen]
    cost, risk = FAR * max(each.expected_cost_bps for each in kept), FAR * max(each.risk_bps for each in kept)
    near = [each for each in choice.candidates if each.expected_cost_bps <= cost and each.risk_bps <= risk]
    return [each for each in choice.candidates if each in kept or each in near]


def _span(values: list[float]) -> float:
    return max(max(values) - min(values), 1e-9)
