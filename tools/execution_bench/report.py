"""The report of the study: one page, the same as text, every figure as JSON, each picture as a file.

The figures are a function of the study's seeds; nothing in the report says when it was made.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.analytics.reports.chart_svg import Spec, svg
from sottovoce.analytics.reports.picture_file import picture
from tools.execution_bench.arms import ARMS, COMPARED
from tools.execution_bench.charts import coverage_chart, difference_chart
from tools.execution_bench.findings import MEASURES, Compared, Covered, arm_figures, comparisons, coverages
from tools.execution_bench.playing import Played
from tools.execution_bench.report_tables import (
    MEASURE_TITLES,
    Table,
    arm_table,
    coverage_table,
    difference_table,
    learned_table,
    sentences,
    tape_table,
)
from tools.execution_bench.sessions import DATE, SYMBOLS, WINDOWS_MIN
from tools.execution_bench.study import Found
from tools.execution_bench.tapes import TapeDifference, tape_differences

TEMPLATE = Path(__file__).with_name("report.html.j2")
DRAWN = ("cost", "risk", "tracking")
TITLE = "Execution strategies on paired sessions"
NO_TAPES = "The recorded days were not tried: the shared market data is not here (SOTTOVOCE_DATA)."


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the files are written from."""

    intro: tuple[str, ...]
    said: dict[str, list[str]]
    tables: tuple[Table, ...]
    charts: dict[str, tuple[Spec, str]]
    figures: dict[str, Any]


def report_of(found: Sequence[Found], tapes: Sequence[Played]) -> Report:
    """Work out every figure. tapes: orders on recorded days, none where the data is absent."""
    tested = [order for each in found for order in each.tested]
    compared = comparisons(tested)
    covered = coverages(tested, {each.generator: each.learned for each in found})
    recorded = tape_differences(tapes) if tapes else []
    tables = (
        arm_table(arm_figures(tested), "on the generators"),
        *(difference_table(compared, measure) for measure in MEASURES),
        coverage_table(covered),
        learned_table(found),
        *((arm_table(arm_figures(tapes), "on recorded days"), tape_table(recorded)) if recorded else ()),
    )
    return Report(
        intro=_intro(found, tapes),
        said=sentences(compared),
        tables=tables,
        charts=_charts(compared, covered),
        figures=_figures(found, compared, covered, recorded),
    )


def write(report: Report, out: Path) -> list[Path]:
    """Write report.html, report.md, report.json and a PNG of every chart; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    files = {
        "report.html": _page(report).encode(),
        "report.md": markdown(report).encode(),
        "report.json": msgspec.json.format(msgspec.json.encode(report.figures), indent=2) + b"\n",
        **{f"{name}.png": picture(spec, ".png", says) for name, (spec, says) in report.charts.items()},
    }
    for name, content in files.items():
        (out / name).write_bytes(content)
    return [out / name for name in files]


def markdown(report: Report) -> str:
    """The report as text."""
    lines = [f"# {TITLE}", "", *(f"{line}\n" for line in report.intro), "## What it says", ""]
    for title, said in report.said.items():
        lines += [f"**{title}**", "", *(f"- {each}" for each in said or ["nothing"]), ""]
    for table in report.tables:
        lines += [f"## {table.title}", "", _row(table.heads), _row(["---"] * len(table.heads))]
        lines += [*map(_row, table.rows), "", table.note, ""]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(each.replace('|', chr(92) + '|') for each in cells)} |"


def _intro(found: Sequence[Found], tapes: Sequence[Played]) -> tuple[str, ...]:
    names = ", ".join(f"{each.generator} {len({order.seed for order in each.tested})}" for each in found)
    windows = " and ".join(f"minutes {start} to {end}" for start, end in WINDOWS_MIN)
    days = ", ".join(dict.fromkeys(each.market for each in tapes))
    return (
        f"Sessions: {names}. Every arm ({'; '.join(arm.title for arm in ARMS)}) works the same orders, a buy and a "
        "sell, in the same session under the same draws of the background, by the whole desk: gateway, risk, planning, "
        "algorithms, routing.",
        f"Names {', '.join(SYMBOLS)} on {DATE}, in {windows} after the open in turn; strategies are compared at "
        f"{COMPARED.part:.0%} of the window's usual volume. Seeds of the test were not used in training.",
        f"Recorded days: {days}; {len(tapes)} orders. Our own impact is absent there." if tapes else NO_TAPES,
    )


def _charts(compared: Sequence[Compared], covered: Sequence[Covered]) -> dict[str, tuple[Spec, str]]:
    drawn = {
        measure: (difference_chart(compared, measure), f"Paired differences in {MEASURE_TITLES[measure]}")
        for measure in DRAWN
    }
    says = "Coverage of the 80 % cost intervals by size and market"
    return {**drawn, "coverage": (coverage_chart(covered), says)}


def _figures(
    found: Sequence[Found], compared: Sequence[Compared], covered: Sequence[Covered], tapes: Sequence[TapeDifference]
) -> dict[str, Any]:
    tested = [order for each in found for order in each.tested]
    return {
        "arms": arm_figures(tested),
        "differences": compared,
        "coverage": [
            {**msgspec.to_builtins(each), "part": each.found.part, "error": each.found.error, "within": each.within}
            for each in covered
        ],
        "learned": {each.generator: each.learned for each in found},
        "tapes": tapes,
    }


def _page(report: Report) -> str:
    from jinja2 import Environment, StrictUndefined

    page = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    drawings = {name: (svg(spec, name, says), says) for name, (spec, says) in report.charts.items()}
    return page.from_string(TEMPLATE.read_text("utf-8")).render(title=TITLE, report=report, drawings=drawings)
