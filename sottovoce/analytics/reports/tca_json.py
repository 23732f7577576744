"""The cost report as one JSON object: bps as numbers, money and times as text, null with a reason beside it."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from sottovoce.analytics.reports.tca_report import DENOMINATOR, Report
from sottovoce.analytics.tca.account import Account, in_bps
from sottovoce.analytics.tca.measure import OrderTca
from sottovoce.analytics.tca.outcome import Outcome
from sottovoce.analytics.tca.portfolio import Portfolio, total_bps
from sottovoce.analytics.tca.venues import Markout, VenueRow
from sottovoce.core.units import format_ns, money

FORMAT = "sottovoce-tca/1"
Json = dict[str, object]


def report_json(report: Report) -> Json:
    """The whole report. A single order's benchmarks, forecast and venues stand at the top as well."""
    whole = report.portfolio
    single = report.orders[0] if len(report.orders) == 1 else None
    rows = report.venues
    return {
        "format": FORMAT,
        **_headline(whole),
        "symbols": list(whole.symbols),
        "from": format_ns(whole.first_ns, 6),
        "to": format_ns(whole.last_ns, 6),
        "order_count": whole.orders,
        "ordered_qty": whole.ordered_qty,
        "filled_qty": whole.filled_qty,
        "mean_bps": whole.mean_bps,
        "mean_interval_bps": None if whole.interval_bps is None else list(whole.interval_bps),
        "mean_interval_reason": whole.interval_reason,
        "benchmarks": _benchmarks(single) if single else _slippages(whole),
        "performance": None if single is None else _performance(single),
        "participation": None if single is None else _participation(single),
        "forecast": _forecast(single.outcome) if single else _forecast_of_all(whole),
        "venues": None if rows is None else [_venue(row, report.orders[0].order.price_scale) for row in rows],
        "venue_kinds": None
        if report.kinds is None
        else [_venue(row, report.orders[0].order.price_scale) for row in report.kinds],
        "venues_reason": report.venue_reason,
        "orders": [_order(each) for each in report.orders],
        "inputs_digest": report.inputs_digest,
    }


def _headline(whole: Portfolio) -> Json:
    totals = whole.totals
    if totals is None:
        return {"shortfall_bps": None, "components_bps": None, "reasons": {"total": whole.reason}}
    return {
        "shortfall_bps": total_bps(totals, totals.total),
        "components_bps": {name: total_bps(totals, part) for name, part in totals.parts.items()},
        "reasons": totals.reasons,
        "denominator": DENOMINATOR,
        "currency": totals.currency,
        "shortfall": _text(totals.total),
        "components": {name: _text(part) for name, part in totals.parts.items()},
        "decision_value": _text(totals.denominator),
        "executed_value": _text(totals.executed),
    }


def _order(each: OrderTca) -> Json:
    order, account = each.order, each.account
    return {
        "parent_id": order.parent_id,
        "symbol": order.symbol,
        "side": order.side.value,
        "strategy": order.strategy or None,
        "currency": order.currency,
        "order_qty": order.order_qty,
        "final_qty": order.final_qty,
        "filled_qty": account.filled,
        "returned_qty": order.returned_qty,
        "end_reason": order.end_reason,
        "arrival_time": format_ns(order.arrival_ns, 6),
        "from": format_ns(each.window.start_ns, 6),
        "to": format_ns(each.window.end_ns, 6),
        "average_px": account.filled_notional / account.filled / order.price_scale if account.filled else None,
        "end_px": None if account.end_px is None else account.end_px / order.price_scale,
        "end_rule": account.end_rule,
        "executed_value": _money(account.filled_notional, each),
        "shortfall_bps": each.shortfall_bps,
        "components_bps": {name: in_bps(part, account.decision_notional) for name, part in account.parts.items()},
        "shortfall": _money(account.total, each),
        "components": {name: _money(part, each) for name, part in account.parts.items()},
        "reasons": account.reasons,
        "drift": _drift(account, each),
        "benchmarks": _benchmarks(each),
        "performance": _performance(each),
        "participation": _participation(each),
        "forecast": _forecast(each.outcome),
        "post_trade": _post_trade(each),
        "schedule": _schedule(each),
        "venues": [_venue(row, order.price_scale) for row in each.venues],
        "venue_kinds": [_venue(row, order.price_scale) for row in each.kinds],
        "fills": int(each.fills.qty.size),
        "notes": list(account.notes),
    }


def _drift(account: Account, each: OrderTca) -> Json | None:
    """Drift of the mid: the market's move times beta, and the rest."""
    if account.drift is None:
        return None
    named = {"market": account.drift.market, "residual": account.drift.residual}
    found: Json = {name: _money(part, each) for name, part in named.items()}
    return found | {f"{name}_bps": in_bps(part, account.decision_notional) for name, part in named.items()}


def _benchmarks(each: OrderTca) -> Json:
    scale = each.order.price_scale
    return {
        row.name: {
            "px": None if row.px is None else row.px / scale,
            "slippage_bps": row.slippage_bps,
            "rule" if row.px is not None else "reason": row.rule,
        }
        for row in each.benchmarks
    }


def _slippages(whole: Portfolio) -> Json:
    return {row.name: {"slippage_bps": row.slippage_bps, "orders": row.orders} for row in whole.slippages}


def _performance(each: OrderTca) -> Json:
    row = next(row for row in each.benchmarks if row.name == each.benchmark)
    return {"benchmark": row.name, "slippage_bps": row.slippage_bps, "reason": row.rule if row.px is None else ""}


def _participation(each: OrderTca) -> Json:
    part = each.participation
    return {
        "own_qty": part.own_qty,
        "others_qty": part.others_qty,
        "own_of_market": part.of_market,
        "own_of_others": part.of_others,
        "rpm": part.rpm,
        "reason": part.reason,
    }


def _forecast(outcome: Outcome) -> Json:
    return {
        "expected_bps": outcome.expected_bps,
        "low_bps": outcome.low_bps,
        "high_bps": outcome.high_bps,
        "interval": outcome.interval,
        "realised_bps": outcome.realised_bps,
        "residual_bps": outcome.residual_bps,
        "z": outcome.z,
        "inside_interval": outcome.inside,
        "model_version": outcome.model_version,
        "denominator": "filled quantity × arrival price",
        "reason": outcome.reason,
    }


def _forecast_of_all(whole: Portfolio) -> Json:
    totals = whole.totals
    realised = None if totals is None else in_bps(totals.realised, totals.arrival_value)
    residual = None if realised is None or whole.expected_bps is None else realised - whole.expected_bps
    return {
        "expected_bps": whole.expected_bps,
        "realised_bps": realised,
        "residual_bps": residual,
        "denominator": "filled quantity × arrival price",
        "reason": "" if whole.expected_bps is not None else "not every order that traded had a forecast",
    }


def _post_trade(each: OrderTca) -> Json:
    found = each.post_trade
    impact = found.impact
    return {
        "px": None if found.px is None else found.px / each.order.price_scale,
        "permanent_bps": None if impact is None else impact.permanent_bps,
        "realised_bps": None if impact is None else impact.realised_bps,
        "temporary_bps": None if impact is None else impact.temporary_bps,
        "reason": found.reason,
    }


def _schedule(each: OrderTca) -> Json | None:
    progress = each.progress
    if progress is None:
        return None
    return {
        "times": [format_ns(ns, 0) for ns in progress.ts_ns],
        "wanted_qty": list(progress.wanted),
        "filled_qty": list(progress.filled),
        "gap_max_qty": progress.gap_max,
    }


def _venue(row: VenueRow, scale: int) -> Json:
    return {
        "venue": row.venue,
        "kind": row.kind.value,
        "routes": row.routes,
        "sent_qty": row.sent_qty,
        "filled_qty": row.filled_qty,
        "fills": row.fills,
        "fill_rate": row.fill_rate,
        "share": row.share,
        "fees": _text(Fraction(row.fees, scale)),
        "fees_bps": row.fees_bps,
        "effective_spread_bps": row.effective_bps,
        "price_improvement_bps": row.price_improvement_bps,
        "spread_capture": row.spread_capture,
        "adverse_selection_bps": row.adverse_selection_bps,
        "markouts": {each.horizon: _markout(each) for each in row.markouts},
        "reasons": row.reasons,
        "thin_sample": row.thin,
    }


def _markout(each: Markout) -> Json:
    return {
        "markout_bps": each.markout_bps,
        "realised_spread_bps": each.realised_bps,
        "standard_error_bps": each.standard_error_bps,
        "fills": each.fills,
        "reason": each.reason,
    }


def _money(amount: int | Fraction | None, each: OrderTca) -> str | None:
    if not isinstance(amount, int):
        return None if amount is None else _text(amount / each.order.price_scale)
    return _decimals(money(amount, each.order.price_scale, each.order.currency).amount)


def _text(amount: Fraction | None) -> str | None:
    """Money in plain notation: exact where it has an end, cut to 9 decimals where a rate gave it none."""
    if amount is None:
        return None
    return _decimals(Decimal(round(amount * 10**9)).scaleb(-9))


def _decimals(value: Decimal) -> str:
    """At least two decimals, no trailing zeros beyond."""
    whole, _, part = f"{value:f}".partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
