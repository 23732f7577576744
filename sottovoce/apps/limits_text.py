"""The report on limits for a person at a terminal: what to look at first, then the rest."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.limit_report import Cell, LimitReport
from sottovoce.apps.limits_use import Use
from sottovoce.core.units import format_ns

BOUND_SHOWN = 15


def report_text(report: LimitReport, use: Sequence[Use]) -> str:
    """The whole report."""
    lines = [
        f"Limits from {format_ns(report.from_ns, 0)} to {format_ns(report.until_ns, 0)}: "
        f"{report.orders:,} orders checked, {report.orders_rejected:,} rejected; "
        f"{report.children:,} children checked, {report.children_rejected:,} rejected",
        "",
        "Look at these:",
        *([_cell(cell) for cell in report.flagged] or ["  nothing rejects more than its share"]),
        "",
        "All rejections:",
        *([_cell(cell) for cell in report.cells] or ["  none"]),
        "",
        "Limits that bound: " + (_bound(report) or "none"),
        f"Limits that never bound ({len(report.never_bound)}): " + (", ".join(report.never_bound) or "none"),
        "",
        "Most used:",
        *([_use(each) for each in use] or ["  nothing was at risk"]),
        "",
        *[f"Review overdue: {row.limit_id}, {row.review_date}, owner {row.owner}" for row in report.overdue],
        *_changes(report),
    ]
    return "\n".join(lines)


def _cell(cell: Cell) -> str:
    others = "no other account" if cell.others_share is None else f"others {cell.others_share:.1%}"
    rows = f" by {', '.join(cell.limit_ids)}" if cell.limit_ids else ""
    flag = f"  << {cell.flag}" if cell.flag else ""
    share = f"{cell.rejected:,} of {cell.checked:,} ({cell.share:.1%}; {others})"
    return f"  {cell.account:<16} {cell.what:<6} {cell.code:<22} {share}{rows}{flag}"


def _use(use: Use) -> str:
    part = "no limit" if not use.value else f"{use.peak / use.value:.1%} of {use.value:,}"
    return f"  {use.account:<16} {use.limit:<6} {use.peak:>18,} at most, {part}"


def _bound(report: LimitReport) -> str:
    shown = [f"{limit_id} {count:,}x" for limit_id, count in list(report.bound.items())[:BOUND_SHOWN]]
    rest = len(report.bound) - len(shown)
    return ", ".join(shown) + (f" and {rest} more" if rest else "")


def _changes(report: LimitReport) -> list[str]:
    found = ["", "Changes:"] if report.changes else ["No limit changed."]
    for change in report.changes:
        second = f", {change.approved_by} approved" if change.approved_by else ""
        who = f"{change.proposed_by} proposed{second}: " if change.proposed_by else ""
        number = f" {change.change_id}" if change.change_id else ""
        found.append(f"  {format_ns(change.ts_ns, 0)}{number} {', '.join(change.rows)}: {who}{change.reason}")
    return found
