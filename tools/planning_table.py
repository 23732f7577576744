"""Every published figure of impact and schedules against what the commands give: T-row, got, expected, tolerance, ok.

A row is asked of the command line wherever a command answers it, so the page shows that a user reaches it too.

Run: python tools/planning_table.py [--quick] [--check]; see tools/figures_page.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from tools.figures_page import FiguresPage  # noqa: E402
from tools.planning_rows import impact, recovery, risk, several, transient, volume  # noqa: E402

PAGE = FiguresPage(
    path=ROOT / "docs/reference/planning-figures.md",
    tool="tools/planning_table.py",
    title="Planning figures",
    intro="Published and computed figures of impact models (T-IMP) and schedules (T-SCH) against what the code gives, "
    "asked of the command line where a command answers. Random ones are of fixed seeds.",
    order=("T-IMP", "T-SCH"),
    quick=(impact.rows, transient.rows, risk.rows, several.rows, volume.rows),
    slow=(transient.slow_rows, recovery.slow_rows, volume.slow_rows),
)

if __name__ == "__main__":
    sys.exit(PAGE.main())
