"""The plan's two documents as plain text for a terminal: sections of aligned pairs, and tables with a header."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.reports.choice_text import choice_lines, condition_lines, watch_lines
from sottovoce.analytics.reports.impact_sections import Factor, ImpactDocument, ImpactPart
from sottovoce.analytics.reports.plan_layout import LABEL, heading, labelled, pairs, table, wrapped
from sottovoce.analytics.reports.strategy_sections import CostEstimates, StrategyDocument

NOT_ESTIMATED = "not estimated"
IN_TOTAL = "not estimated on its own; in the total"
BAR = 28


def strategy_text(document: StrategyDocument) -> str:
    """The execution-strategy document, lines of at most about a hundred characters."""
    return "\n".join(
        [
            *heading(f"Execution strategy · {document.title}"),
            *_order(document), *_manner(document), *_when(document), *_cost(document.cost_estimates),
            *_ways(document), *_choice(document), *_notes(document.flags),
        ]
    )  # fmt: skip


def impact_text(document: ImpactDocument) -> str:
    """The market-impact document."""
    return "\n".join(
        [
            *heading(document.title),
            *pairs([("Average daily volume", shares(document.adv))]),
            *_source(document),
            *pairs(
                [
                    ("Order size", f"{document.quantity:,} shares"),
                    ("Share of ADV", percent(document.pct_of_adv)),
                    ("Share of market cap", percent(document.pct_of_market_cap)),
                    ("Horizon", NOT_ESTIMATED if document.horizon_days is None
                     else f"{document.horizon_days:.2f} average days of volume"),
                ]
            ),
            "", *_part("Temporary", document.temporary), *_part("Permanent", document.permanent),
            "", *_factors(document),
            "", *pairs(
                [
                    ("Total impact", total_text(document)),
                    ("Model", document.model_version),
                    ("Best strategy", f"{document.best_strategy.strategy} ({document.best_strategy.name})"),
                ]
            ),
            *wrapped(document.best_strategy.reason, LABEL + 2),
            "", *table(["Model", "cost bps", "note"],
                       [[each.model, number(each.cost_bps), each.note] for each in document.models]),
            *_notes(document.flags),
        ]
    )  # fmt: skip


def factors_of(document: ImpactDocument) -> tuple[Factor, ...]:
    """The document's factors in the order they are shown."""
    return (
        document.volatility_adjustment,
        document.momentum,
        document.volatility_regime,
        document.time_of_day,
        document.sector_concentration,
    )


def total_text(document: ImpactDocument) -> str:
    """ "1.82 bps ± 1.57 (80% on the model's errors)", or why there is no total or no interval."""
    total = document.total
    if total.bps is None:
        return f"{NOT_ESTIMATED} ({total.not_estimated})"
    if total.plus_minus_bps is None:
        return f"{bps(total.bps)} (the model publishes no errors)"
    return f"{bps(total.bps)} ± {total.plus_minus_bps:.2f} ({total.confidence:.0%} on the model's errors)"


def bps(value: float | None) -> str:
    """A figure with its unit, or "not estimated"."""
    return NOT_ESTIMATED if value is None else f"{value:.2f} bps"


def number(value: float | None) -> str:
    """A figure for a column whose head has the unit, or "not estimated"."""
    return NOT_ESTIMATED if value is None else f"{value:.2f}"


def short(value: float | None, form: str) -> str:
    """A figure in a narrow column; a dash is "not estimated"."""
    return "—" if value is None else format(value, form)


def percent(value: float | None) -> str:
    """A figure already in percent, with the digits it needs."""
    return NOT_ESTIMATED if value is None else f"{value:.3g} %"


def shares(value: float | None) -> str:
    """Shares with separators, or "not estimated"."""
    return NOT_ESTIMATED if value is None else f"{value:,.0f} shares"


def factor_text(factor: Factor) -> str:
    """A factor's figure and meaning, or why it has none."""
    if factor.value is None:
        return f"{NOT_ESTIMATED} ({factor.not_estimated})"
    meaning = f" · {factor.meaning}" if factor.meaning else ""
    return f"{factor.value:g} {factor.unit}{meaning}"


def _order(document: StrategyDocument) -> list[str]:
    order, horizon = document.order_details, document.horizon
    return pairs(
        [
            ("Order", f"{order.side.replace('_', ' ').upper()} {order.quantity:,} {order.symbol} ({order.name})"),
            ("Value", f"{order.value:,.0f} {order.currency} at {order.arrival_price}"),
            ("Limit", order.limit_price or "none"),
            ("Market", order.market),
            ("Horizon", f"{horizon.start[:16].replace('T', ' ')} to {horizon.end[:16].replace('T', ' ')} "
             f"{horizon.time_zone}, {horizon.sessions} session{'s' if horizon.sessions > 1 else ''}"),
            ("Urgency", horizon.urgency),
        ]
    )  # fmt: skip


def _manner(document: StrategyDocument) -> list[str]:
    risk, algorithm, venues = document.risk_parameters, document.primary_algorithm, document.venue_allocation
    size = document.size_distribution
    told = {name.replace("_", " "): value for name, value in algorithm.parameters.items()}
    parameters = ", ".join(
        f"{name} {value:g}" if isinstance(value, int | float) else f"{name} {value}" for name, value in told.items()
    )
    return [
        "",
        *pairs(
            [
                ("Algorithm", f"{algorithm.name}: {algorithm.description}"),
                ("Maximum participation", f"{risk.max_participation:.1%} of volume"),
                ("Impact at most", noted(risk.impact_limit_bps, "(model, at maximum participation)")),
                ("Volatility tolerance",
                 noted(risk.volatility_tolerance_bps, "of timing risk" + _priced(risk.risk_price))),
                ("Venues", f"dark {venues.dark:.0%}, lit {venues.lit:.0%}, crossing {venues.crossing:.0%} "
                 "(closing auction)"),
                ("Clips", f"average {size.average_clip:,}, maximum {size.maximum_clip:,} shares, "
                 f"about {size.slices:,} slice{'s' if size.slices > 1 else ''}"),
            ]
        ),
        *labelled("Parameters", parameters),
    ]  # fmt: skip


def _when(document: StrategyDocument) -> list[str]:
    time = document.time_distribution
    most = max((day.quantity for day in time.days), default=1)
    rows = [
        [day.date, f"{day.quantity:,}", f"{day.part:.1%}", f"{day.auction_quantity:,}",
         "█" * max(round(BAR * day.quantity / most), 1)]
        for day in time.days
    ]  # fmt: skip
    return [
        "",
        *pairs([("Peak / off-peak", f"{time.peak:.0%} / {time.off_peak:.0%} ({time.peak_definition})")]),
        "",
        *table(["Day", "shares", "part", "in auction", ""], rows),
    ]


def _cost(cost: CostEstimates) -> list[str]:
    interval = ""
    if cost.impact_low_bps is not None and cost.impact_high_bps is not None:
        low, high = cost.impact_low_bps, cost.impact_high_bps
        interval = f"  [{low:.2f}, {high:.2f}] {cost.confidence:.0%} on the model's errors"
    outcome = NOT_ESTIMATED
    if cost.outcome_low_bps is not None and cost.outcome_high_bps is not None:
        low, high = cost.outcome_low_bps, cost.outcome_high_bps
        outcome = f"[{low:.1f}, {high:.1f}] bps, {cost.confidence:.0%} for this one order"
    return [
        "",
        *pairs(
            [
                ("Total", f"{cost.total_bps:.2f} bps, about {cost.total_value:,.0f}, against {cost.benchmark}"),
                ("  impact", bps(cost.impact_bps) + interval),
                ("  spread", IN_TOTAL if cost.spread_bps is None else bps(cost.spread_bps)),
                ("  fees", IN_TOTAL if cost.fees_bps is None else bps(cost.fees_bps)),
                ("Timing risk", noted(cost.timing_risk_bps, "(one standard deviation)")),
                ("Outcome", outcome),
                ("Completion", f"{cost.completion_probability:.1%} likely by the end"),
                ("Model", cost.model_version),
            ]
        ),
    ]


def _ways(document: StrategyDocument) -> list[str]:
    rows = [
        [("▶ " if way.recommended else "  ") + way.name, way.strategy, way.end[:16].replace("T", " "),
         short(way.participation, ".1%"), number(way.expected_cost_bps), short(way.impact_bps, ".2f"),
         short(way.timing_risk_bps, ".1f"), f"{short(way.cost_low_bps, '.0f')} … {short(way.cost_high_bps, '.0f')}",
         f"{way.completion_probability:.0%}"]
        for way in document.alternatives
    ]  # fmt: skip
    header = ["  Way", "algo", "done by", "of vol.", "cost", "impact", "risk", "80 % outcome", "done"]
    shown = ["", *table(header, rows)] if rows else []
    return [*shown, "", *wrapped(document.reason, 2)]


def _choice(document: StrategyDocument) -> list[str]:
    chosen = [] if document.choice is None else choice_lines(document.choice)
    return [*chosen, *condition_lines(document.conditions), *watch_lines(document.watches)]


def _part(name: str, part: ImpactPart) -> list[str]:
    figure = f"{NOT_ESTIMATED} ({part.not_estimated})" if part.bps is None else bps(part.bps)
    if part.paid_bps is not None and part.paid_bps != part.bps:
        figure += f", of which the order pays {part.paid_bps:.2f}"
    errors = ", ".join(
        f"{each.name} {each.value:g}" + (f" ± {each.standard_error:g}" if each.standard_error is not None else "")
        for each in part.coefficients
    )
    return pairs([(name, figure), ("", part.formula), *([("", errors)] if errors else [])])


def _factors(document: ImpactDocument) -> list[str]:
    named = [(each.name.capitalize(), factor_text(each)) for each in factors_of(document)]
    return [line for label, text in named for line in labelled(label, text)]


def _source(document: ImpactDocument) -> list[str]:
    if document.adv is None:
        return []
    return labelled("  of", f"{document.adv_as_of}, {document.adv_source}")


def noted(value: float | None, note: str) -> str:
    """A figure in bps with what it is; the note makes no sense without the figure."""
    return NOT_ESTIMATED if value is None else f"{value:.2f} bps {note}"


def _priced(price: float | None) -> str:
    return "" if price is None else f", a bp of it worth {price:g} bp of cost"


def _notes(flags: Sequence[str]) -> list[str]:
    return ["", *(line for flag in flags for line in wrapped(f"! {flag}", 2))] if flags else []
