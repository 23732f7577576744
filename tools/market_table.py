"""Every published market figure against what the code gives: T-row, got, expected, tolerance, ok.

Run: python tools/market_table.py [--quick] [--check]; see tools/figures_page.py.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from tools.figures_page import FiguresPage  # noqa: E402
from tools.market_rows import clusters, events, instruments, order_flow, protections, queues, zero_intelligence  # noqa: E402

PAGE = FiguresPage(
    path=ROOT / "docs/reference/market-figures.md",
    tool="tools/market_table.py",
    title="Market figures",
    intro="Published and computed figures of market models (T-SIM: order-book simulation; T-MKT: events, protections, "
    "instruments; T-IMP: order flow) against what the code gives. Random ones are of fixed seeds.",
    order=("T-SIM", "T-MKT", "T-IMP"),
    quick=(queues.rows, events.rows, protections.rows, instruments.rows, order_flow.rows),
    slow=(queues.slow_rows, zero_intelligence.slow_rows, clusters.slow_rows),
)

if __name__ == "__main__":
    sys.exit(PAGE.main())
