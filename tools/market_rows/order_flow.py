"""T-IMP-12: what one change of the touch contributes to order-flow imbalance."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.analytics.market_facts.order_flow import contributions
from tools.figure_row import Row, exact

BEFORE = (100, 10, 101, 10)
EVENTS = (
    ("bid 100×15", (100, 15, 101, 10), 5),
    ("bid 101×5 and ask 102×8", (101, 5, 102, 8), 15),
    ("bid 99×20", (99, 20, 101, 10), -10),
    ("ask 101×4", (100, 10, 101, 4), 6),
)


def rows() -> Iterator[Row]:
    """The four events after a quote of 100×10, 101×10."""
    for what, after, expected in EVENTS:
        columns = [np.array(pair) for pair in zip(BEFORE, after, strict=True)]
        yield exact("T-IMP-12", f"imbalance of {what} after 100×10, 101×10", int(contributions(*columns)[0]), expected)
