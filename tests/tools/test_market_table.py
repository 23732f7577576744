"""The generated table of published market figures: every quick one is met, and the page says what the code gives."""

from __future__ import annotations

import pytest

from tools.market_rows.row import Row, exact, near, within
from tools.market_table import PAGE, all_rows, cells, rendered


@pytest.fixture(scope="module")
def quick() -> list[Row]:
    return all_rows(slow=False)


def test_every_quick_figure_is_met(quick: list[Row]) -> None:
    assert [row for row in quick if not row.ok] == []


def test_page_is_current_for_the_quick_figures(quick: list[Row]) -> None:
    """The slow ones are compared by `python tools/market_table.py --check`."""
    page = set(PAGE.read_text("utf-8").splitlines())
    assert [line for line in rendered(quick).splitlines() if line not in page] == []


def test_page_has_every_row_of_the_reference_text() -> None:
    page = PAGE.read_text("utf-8")
    wanted = [f"T-SIM-{number}" for number in range(1, 6)] + [f"T-MKT-{number}" for number in range(1, 10)]
    assert [name for name in wanted if f"| {name} |" not in page] == []
    assert "NO" not in {line.rsplit("|", 2)[-2].strip() for line in page.splitlines() if line.startswith("| T-")}


def test_missed_figure_is_said() -> None:
    rows = [near("T-X-1", "a", 1.01, 1.0, 0.001), exact("T-X-2", "b", "x", "y"), within("T-X-3", "c", 3.0, None, 3.0)]
    assert [cells(row)[-1] for row in rows] == ["NO", "NO", "NO"]


def test_figure_at_its_tolerance_is_met() -> None:
    assert near("T-X-1", "a", 1.0005, 1.0, 0.001).ok
    assert within("T-X-2", "b", 3.1, 3.0, 4.0).ok
    assert exact("T-X-3", "c", 5, 5).ok
