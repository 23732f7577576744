"""The generated pages of published figures: every quick one is met, and each page says what the code gives."""

from __future__ import annotations

import functools

import pytest

from tools import market_table, planning_table
from tools.figure_row import Row, exact, near, relative, within
from tools.figures_page import FiguresPage, cells

PAGES = (market_table.PAGE, planning_table.PAGE)
WANTED = (
    *(f"T-SIM-{number}" for number in range(1, 6)),
    *(f"T-MKT-{number}" for number in range(1, 10)),
    *(f"T-IMP-{number}" for number in range(1, 14)),
    *(f"T-SCH-{number}" for number in (*range(1, 7), *range(8, 14), 15, 16)),
)


@functools.cache
def quick(page: FiguresPage) -> list[Row]:
    return page.rows(slow=False)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_every_quick_figure_is_met(page: FiguresPage) -> None:
    assert [row for row in quick(page) if not row.ok] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_page_is_current_for_the_quick_figures(page: FiguresPage) -> None:
    """The slow ones are compared by `--check` of the page's tool."""
    assert page.stale(quick(page)) == []


def test_every_row_of_the_reference_text_is_on_a_page() -> None:
    text = "\n".join(page.path.read_text("utf-8") for page in PAGES)
    assert [name for name in WANTED if f"| {name} |" not in text] == []
    assert "NO" not in {line.rsplit("|", 2)[-2].strip() for line in text.splitlines() if line.startswith("| T-")}


def test_missed_figure_is_said() -> None:
    rows = [
        near("T-X-1", "a", 1.01, 1.0, 0.001),
        exact("T-X-2", "b", "x", "y"),
        within("T-X-3", "c", 3.0, None, 3.0),
        relative("T-X-4", "d", 1.0 + 2e-6, 1.0, 1e-6),
    ]
    assert {cells(row)[-1] for row in rows} == {"NO"}


def test_figure_at_its_tolerance_is_met() -> None:
    assert near("T-X-1", "a", 1.0005, 1.0, 0.001).ok
    assert within("T-X-2", "b", 3.1, 3.0, 4.0).ok
    assert exact("T-X-3", "c", 5, 5).ok
    assert relative("T-X-4", "d", -1.0, -1.0, 0.0).ok


def test_page_that_differs_says_where() -> None:
    page = PAGES[1]
    row = near("T-IMP-1", "a figure nobody has", 1.0, 1.0, 0.1)
    assert page.stale([row]) == [page.rendered([row]).splitlines()[-1]]
