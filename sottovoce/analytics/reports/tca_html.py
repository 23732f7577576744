"""The cost report as one self-contained HTML page: no script, no font, no picture from anywhere else.

The page is laid out by templates/tca.html.j2; here figures become words and charts. The same report gives the
same bytes: nothing on it says when it was made.
"""

from __future__ import annotations

from fractions import Fraction

from sottovoce.analytics.reports.exchange_time import minute, zone_of
from sottovoce.analytics.reports.figures import UNKNOWN, amount, bps, percent, plain_bps, price, shares, signed
from sottovoce.analytics.reports.tca_charts import forecast_strip, venue_bars, waterfall
from sottovoce.analytics.reports.tca_report import DENOMINATOR, Report
from sottovoce.analytics.reports.tca_text import LABELS, filled_sentence, forecast_sentence, order_sentence
from sottovoce.analytics.reports.tca_time_charts import DOTS_MAX, axis_of, price_chart, schedule_chart
from sottovoce.analytics.tca.account import in_bps
from sottovoce.analytics.tca.market_tape import MarketTape
from sottovoce.analytics.tca.measure import OrderTca
from sottovoce.analytics.tca.portfolio import Portfolio, total_bps
from sottovoce.analytics.tca.venues import MARKOUT_FILLS_MIN, VenueRow
from sottovoce.models.shortfall import Amount

ORDERS_DRAWN = 12
TEMPLATE = "tca.html.j2"

View = dict[str, object]


def render_html(report: Report) -> str:
    """The page. Orders beyond the first ORDERS_DRAWN are in the table of orders only, and the page says so."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("sottovoce.analytics.reports", "templates")
    page = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    drawn = report.orders[:ORDERS_DRAWN]
    orders = [_order(f"o{index}", each, report.tapes.get(each.order.tape_id)) for index, each in enumerate(drawn)]
    return page.get_template(TEMPLATE).render(
        title=_title(report),
        together=_together(report) if len(report.orders) > 1 else None,
        orders=orders,
        left_out=len(report.orders) - len(drawn),
        digest=report.inputs_digest,
        denominator=DENOMINATOR,
        thin=MARKOUT_FILLS_MIN,
    )


def _title(report: Report) -> str:
    if len(report.orders) == 1:
        return order_sentence(report.orders[0])
    return f"{len(report.orders)} orders in {', '.join(report.portfolio.symbols[:6])}"


def _together(report: Report) -> View:
    whole, totals = report.portfolio, report.portfolio.totals
    zone = zone_of(report.orders[0].order.calendar)
    parts = [] if totals is None else [(name, total_bps(totals, part)) for name, part in totals.parts.items()]
    total = None if totals is None else total_bps(totals, totals.total)
    return {
        "span": f"{minute(whole.first_ns, zone)} to {minute(whole.last_ns, zone)}",
        "tiles": _tiles_together(whole, total),
        "waterfall": waterfall("all-w", parts, total) if parts else None,
        "split": []
        if totals is None
        else [_part(name, value, totals.parts[name], totals.reasons) for name, value in parts]
        + [_part("total", total, totals.total, totals.reasons)],
        "currency": "" if totals is None else totals.currency,
        "reason": whole.reason,
        "rows": [_line(f"o{index}", each) for index, each in enumerate(report.orders)],
        "venues": None if report.venues is None else _venues("all-v", report.venues, report.kinds or ()),
    }


def _tiles_together(whole: Portfolio, total: float | None) -> list[tuple[str, str, str]]:
    sure = whole.interval_reason
    if whole.interval_bps is not None:
        sure = f"95 % interval {signed(whole.interval_bps[0])} to {signed(whole.interval_bps[1])}"
    executed = UNKNOWN if whole.totals is None else amount(whole.totals.executed, 0).lstrip("+")
    currency = "" if whole.totals is None else whole.totals.currency
    return [
        ("Shortfall, by value", bps(total), f"of {DENOMINATOR}"),
        ("Shortfall, by order", bps(whole.mean_bps), sure),
        ("Filled", f"{shares(whole.filled_qty)} shares", f"of {shares(whole.ordered_qty)} ordered"),
        ("Executed", executed, currency),
    ]


def _line(anchor: str, each: OrderTca) -> View:
    own = next(row for row in each.benchmarks if row.name == each.benchmark)
    return {
        "anchor": anchor,
        "name": order_sentence(each),
        "parent_id": each.order.parent_id,
        "side": "buy" if each.order.side.sign > 0 else "sell",
        "done": percent(each.account.filled / each.order.final_qty if each.order.final_qty else None),
        "shortfall": plain_bps(each.shortfall_bps),
        "arrival": plain_bps(each.outcome.realised_bps),
        "own": f"{plain_bps(own.slippage_bps)} ({own.label})",
        "expected": plain_bps(each.outcome.expected_bps),
    }


def _order(name: str, each: OrderTca, tape: MarketTape | None) -> View:
    order, account = each.order, each.account
    zone = zone_of(order.calendar)
    axis = axis_of(each, tape)
    parts = [(part, in_bps(value, account.decision_notional)) for part, value in account.parts.items()]
    scale = order.price_scale
    split = [_part(part, value, _unscaled(account.parts[part], scale), account.reasons) for part, value in parts]
    return {
        "anchor": name,
        "sentence": order_sentence(each),
        "side": "buy" if order.side.sign > 0 else "sell",
        "parent_id": order.parent_id,
        "span": f"{minute(each.window.start_ns, zone)} to {minute(each.window.end_ns, zone)}",
        "filled": filled_sentence(each),
        "ending": _ending(each),
        "tiles": _tiles(each),
        "waterfall": waterfall(f"{name}-w", parts, each.shortfall_bps),
        "split": [*split, _part("total", each.shortfall_bps, _unscaled(account.total, scale), account.reasons)],
        "drift": _drift(each),
        "currency": order.currency,
        "forecast": forecast_sentence(each.outcome),
        "strip": forecast_strip(f"{name}-f", each.outcome),
        "schedule": schedule_chart(f"{name}-s", each, axis),
        "price": price_chart(f"{name}-p", each, axis, tape),
        "dots": _dots(int(each.fills.qty.size)),
        "benchmarks": [_benchmark(each, row.name) for row in each.benchmarks],
        "venues": _venues(f"{name}-v", each.venues, each.kinds),
        "post": _post(each),
        "notes": _notes(each),
    }


def _tiles(each: OrderTca) -> list[tuple[str, str, str]]:
    """Label, figure, what it is of."""
    own = next(row for row in each.benchmarks if row.name == each.benchmark)
    part, order, account = each.participation, each.order, each.account
    done = percent(account.filled / order.final_qty if order.final_qty else None)
    tiles = [
        ("Shortfall", bps(each.shortfall_bps), f"against decision {price(order.decision_px, order.price_scale)}"),
        ("Against arrival", bps(each.outcome.realised_bps), "trading and fees, of what filled"),
    ]
    if own.name != "arrival":
        why = own.rule if own.px is None else "its own benchmark"
        tiles.append((f"Against {own.label}", bps(own.slippage_bps), why))
    tiles.append(("Filled", done, f"{shares(account.filled)} of {shares(order.final_qty)} shares"))
    volume = part.reason if part.others_qty is None else f"{percent(part.of_others)} of others’ volume"
    return [*tiles, ("Of the market", percent(part.of_market), volume)]


def _ending(each: OrderTca) -> str:
    left = max(each.order.final_qty - each.account.filled, 0)
    if not left:
        return ""
    reason = f" ({each.order.end_reason})" if each.order.end_reason else ""
    return f"{shares(left)} not filled{reason}, valued at {each.account.end_rule or 'nothing known'}"


def _unscaled(part: Amount | None, scale: int) -> Fraction | None:
    return None if part is None else Fraction(part) / scale


def _part(name: str, value: float | None, money: Fraction | None, reasons: dict[str, str]) -> View:
    return {
        "name": LABELS.get(name, "Shortfall"),
        "total": name == "total",
        "bps": bps(value, 2),
        "money": amount(money),
        "reason": reasons.get(name, ""),
    }


def _drift(each: OrderTca) -> str:
    drift, below = each.account.drift, each.account.decision_notional
    if drift is None:
        return ""
    market, residual = bps(in_bps(drift.market, below), 2), bps(in_bps(drift.residual, below), 2)
    return f"Of the drift between arrival and the fills, the market times beta is {market}, the rest {residual}."


def _dots(fills: int) -> str:
    """Said when there are more fills than dots."""
    return f"{DOTS_MAX} of {fills:,} fills are drawn, evenly taken." if fills > DOTS_MAX else ""


def _benchmark(each: OrderTca, name: str) -> View:
    row = next(row for row in each.benchmarks if row.name == name)
    return {
        "label": row.label,
        "own": name == each.benchmark,
        "px": price(row.px, each.order.price_scale),
        "slippage": bps(row.slippage_bps, 2),
        "rule": row.rule,
    }


def _venues(name: str, rows: tuple[VenueRow, ...], kinds: tuple[VenueRow, ...]) -> View:
    together = kinds if len(kinds) > 1 else ()
    return {
        "chart": venue_bars(name, rows),
        "rows": [_venue(row, False) for row in rows] + [_venue(row, True) for row in together],
        "thin": any(row.thin and row.fills for row in rows),
    }


def _venue(row: VenueRow, together: bool) -> View:
    return {
        "venue": row.venue,
        "kind": row.kind.value,
        "together": together,
        "sent": shares(row.sent_qty),
        "filled": shares(row.filled_qty),
        "fills": shares(row.fills),
        "rate": percent(row.fill_rate),
        "share": percent(row.share),
        "effective": plain_bps(row.effective_bps, 2),
        "improvement": plain_bps(row.price_improvement_bps, 2),
        "markouts": [plain_bps(each.markout_bps, 2) for each in row.markouts],
        "adverse": plain_bps(row.adverse_selection_bps, 2),
        "fees": plain_bps(row.fees_bps, 2),
    }


def _post(each: OrderTca) -> str:
    found = each.post_trade
    if found.impact is None:
        return f"Price after the order: {found.reason}."
    impact, px = found.impact, price(found.px, each.order.price_scale)
    return (
        f"Half an hour after the last fill the mid was {px}: permanent move {bps(impact.permanent_bps)} of arrival, "
        f"temporary part {bps(impact.temporary_bps)}."
    )


def _notes(each: OrderTca) -> list[str]:
    part = each.participation
    if part.rpm is None:
        return list(each.account.notes)
    return [f"Our average beats {percent(part.rpm)} of the market’s volume (ties half).", *each.account.notes]
