"""The cost report as plain text for a terminal: no colour, no markup, readable at 100 columns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import wrap

from sottovoce.analytics.reports.exchange_time import minute, zone_of
from sottovoce.analytics.reports.figures import amount, bps, percent, plain_bps, price, shares, signed
from sottovoce.analytics.reports.tca_report import DENOMINATOR, Report
from sottovoce.analytics.tca.account import UNSPLIT, in_bps
from sottovoce.analytics.tca.benchmark_prices import NO_TAPE
from sottovoce.analytics.tca.measure import OrderTca
from sottovoce.analytics.tca.outcome import Outcome, Participation
from sottovoce.analytics.tca.portfolio import Portfolio, total_bps
from sottovoce.analytics.tca.venues import VenueRow
from sottovoce.models.shortfall import Amount

LABELS = {
    "delay": "Delay",
    "spread": "Spread",
    "temporary": "Temporary impact",
    "permanent": "Permanent impact",
    "timing": "Timing",
    UNSPLIT: "Trading, not split",
    "opportunity": "Opportunity",
    "fees": "Fees",
}
ORDERS_SHOWN = 20
WIDTH = 100


def render_text(report: Report) -> str:
    """The report; several orders get a summary and one line each, a single order everything."""
    lines = _together(report) if len(report.orders) > 1 else []
    shown = report.orders[:ORDERS_SHOWN]
    for each in shown:
        lines += [*([""] if lines else []), *_order(each)]
    if len(shown) < len(report.orders):
        lines += ["", f"{len(report.orders) - len(shown)} more orders are in the JSON and HTML reports."]
    lines += ["", f"Inputs {report.inputs_digest[:16]}. Positive is cost. Basis points of {DENOMINATOR}."]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def sentence(text: str, indent: str = "") -> list[str]:
    """A sentence broken at WIDTH columns."""
    return wrap(text, WIDTH, initial_indent=indent, subsequent_indent=indent)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns padded to their widest cell, the first to the left and the others to the right."""
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    return ["  " + _aligned(row, widths) for row in (head, *rows)]


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])


def _together(report: Report) -> list[str]:
    whole, zone = report.portfolio, zone_of(report.orders[0].order.calendar)
    lines = [
        f"Transaction costs of {whole.orders} orders: {', '.join(whole.symbols)}",
        f"{minute(whole.first_ns, zone)} to {minute(whole.last_ns, zone)}",
        f"Filled {shares(whole.filled_qty)} of {shares(whole.ordered_qty)} shares.",
    ]
    if whole.totals is None:
        return [*lines, f"Shortfall not totalled: {whole.reason}."]
    totals = whole.totals
    lines.append(f"Executed {amount(totals.executed).lstrip('+')} {totals.currency}.")
    shortfall = total_bps(totals, totals.total)
    lines.append(f"Shortfall {bps(shortfall)} by value, {bps(whole.mean_bps)} by order ({_sure(whole)}).")
    rows = [(LABELS[name], plain_bps(total_bps(totals, part), 2), amount(part)) for name, part in totals.parts.items()]
    rows.append(("Total", plain_bps(shortfall, 2), amount(totals.total)))
    return [*lines, "", *table(("", "bps", totals.currency), rows), *_why(totals.reasons)]


def _sure(whole: Portfolio) -> str:
    if whole.interval_bps is None:
        return whole.interval_reason
    low, high = whole.interval_bps
    return f"95 % interval {signed(low)} to {signed(high)}"


def _order(each: OrderTca) -> list[str]:
    zone = zone_of(each.order.calendar)
    lines = [
        f"{order_sentence(each)} ({each.order.parent_id})",
        f"{minute(each.window.start_ns, zone)} to {minute(each.window.end_ns, zone)}",
        f"{filled_sentence(each)}{_ending(each)}",
        *sentence(f"Shortfall {bps(each.shortfall_bps)}. {forecast_sentence(each.outcome)}"),
        "",
    ]
    return lines + _split(each) + _against(each) + _market(each.participation) + _venues(each) + _notes(each)


def order_sentence(each: OrderTca) -> str:
    """The order in words: "Buy 30,000 MSFT by VWAP"."""
    order = each.order
    name = f"{order.side.value.replace('_', ' ').capitalize()} {shares(order.final_qty)} {order.symbol}"
    return f"{name} by {order.strategy}" if order.strategy else name


def filled_sentence(each: OrderTca) -> str:
    """What filled, of what, at what average."""
    order, account = each.order, each.account
    if not account.filled:
        return "Nothing filled"
    average = price(float(account.filled_notional / account.filled), order.price_scale)
    done = percent(account.filled / order.final_qty if order.final_qty else None)
    return f"Filled {shares(account.filled)} ({done}) at {average} {order.currency}"


def _ending(each: OrderTca) -> str:
    left = max(each.order.final_qty - each.account.filled, 0)
    if not left:
        return "."
    reason = f": {each.order.end_reason}" if each.order.end_reason else ""
    return f"; {shares(left)} not filled{reason}."


def forecast_sentence(outcome: Outcome) -> str:
    """What had been forecast, what it was, and how far apart."""
    if outcome.expected_bps is None:
        return f"Against arrival {bps(outcome.realised_bps)}; {outcome.reason}."
    low, high = outcome.low_bps or 0.0, outcome.high_bps or 0.0
    reach = f"{signed(low)} to {signed(high)}, {outcome.interval}"
    said = f"Forecast {signed(outcome.expected_bps)} bps against arrival ({reach})"
    if outcome.residual_bps is None:
        return f"{said}; {outcome.reason}."
    where = "inside" if outcome.inside else "outside"
    z = "" if outcome.z is None else f", z {signed(outcome.z, 2)}"
    return f"{said}; it was {bps(outcome.realised_bps)}, {where} the interval{z}. Model {outcome.model_version}."


def _split(each: OrderTca) -> list[str]:
    account, order = each.account, each.order
    scale = order.price_scale
    rows = [
        (LABELS[name], plain_bps(in_bps(part, account.decision_notional), 2), _money(part, scale))
        for name, part in account.parts.items()
    ]
    rows.append(("Total", plain_bps(each.shortfall_bps, 2), _money(account.total, scale)))
    return [*table(("", "bps", order.currency), rows), *_why(account.reasons)]


def _money(part: Amount | None, scale: int) -> str:
    return amount(None if part is None else Fraction(part) / scale)


def _why(reasons: dict[str, str]) -> list[str]:
    words = [f"{LABELS.get(name, name.capitalize())}: {reason}." for name, reason in reasons.items()]
    return [line for each in words for line in sentence(each, "  ")]


def _against(each: OrderTca) -> list[str]:
    scale = each.order.price_scale
    known = [row for row in each.benchmarks if row.px is not None]
    rows = [
        (row.label + (" *" if row.name == each.benchmark else ""), price(row.px, scale), plain_bps(row.slippage_bps, 2))
        for row in known
    ]
    missing = [f"{row.label}: {row.rule}." for row in each.benchmarks if row.px is None and row.rule != NO_TAPE]
    unseen = [row.label for row in each.benchmarks if row.px is None and row.rule == NO_TAPE]
    if unseen:
        missing.append(f"No tape: {'; '.join(unseen)}.")
    missing = [line for text in missing for line in sentence(text, "  ")]
    return ["", *table(("Against (* its own)", "price", "bps of it"), rows), *missing]


def _market(part: Participation) -> list[str]:
    if part.others_qty is None:
        return ["", f"  Our part of the volume: {part.reason}."]
    ranked = "" if part.rpm is None else f" Ours beat {percent(part.rpm)} of the market's volume."
    return [
        "",
        *sentence(
            f"We traded {shares(part.own_qty)} beside {shares(part.others_qty)} of others: "
            f"{percent(part.of_market)} of all, {percent(part.of_others)} of theirs.{ranked}",
            "  ",
        ),
    ]


def _venues(each: OrderTca) -> list[str]:
    if not each.venues:
        return ["", "  Nothing was sent to a venue."]
    head = ("Venue", "kind", "filled", "share", "fill rate", "eff. spr", "impr.", "markout 1m", "adverse", "fees")
    body = [_venue(row) for row in (*each.venues, *(each.kinds if len(each.kinds) > 1 else ()))]
    lines = ["", *table(head, body), "  bps of the mid; markout positive = good for us, adverse positive = cost."]
    if any(row.thin and row.fills for row in each.venues):
        lines.append("  Under 200 fills a row describes this order and is no evidence about the venue.")
    return lines


def _venue(row: VenueRow) -> tuple[str, ...]:
    minute_after = next(each for each in row.markouts if each.horizon == "1min")
    return (
        row.venue,
        row.kind.value,
        shares(row.filled_qty),
        percent(row.share),
        percent(row.fill_rate),
        plain_bps(row.effective_bps, 2),
        plain_bps(row.price_improvement_bps, 2),
        plain_bps(minute_after.markout_bps, 2),
        plain_bps(row.adverse_selection_bps, 2),
        plain_bps(row.fees_bps, 2),
    )


def _notes(each: OrderTca) -> list[str]:
    rule = each.account.end_rule
    rules = [f"What did not fill is valued at {rule}."] if rule else []
    notes = [*rules, *each.account.notes]
    return ["", *(line for note in notes for line in sentence(note, "  "))] if notes else []
