"""What every test may rely on: repeatable property tests, and the shared market data where it is present.

A test that takes the `market_data` fixture, or is marked `data`, belongs to `make test-data`; where the
folder is absent it is skipped with that reason, and the summary counts how many were.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
DATA = (ROOT / os.environ.get("SOTTOVOCE_DATA", "../shared/data")).resolve()
ABSENT = "the shared market data folder is absent; set SOTTOVOCE_DATA to where it is"

# Wall time says more about the neighbours than about the code, so no deadline and no slowness check.
settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", parent=settings.get_profile("ci"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def market_data() -> Path:
    """The folder of shared market data; skips the test where it is absent."""
    if not DATA.is_dir():
        pytest.skip(ABSENT)
    return DATA


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what reads the shared data before -m selects, and skip it where there is none."""
    for item in items:
        if "market_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.data)
        if item.get_closest_marker("data") and not DATA.is_dir():
            item.add_marker(pytest.mark.skip(reason=ABSENT))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how much was not tested for want of the data."""
    skipped = terminalreporter.stats.get("skipped", [])
    absent = sum(1 for report in skipped if ABSENT in str(report.longrepr))
    if absent:
        terminalreporter.write_line(f"{absent} tests skipped: {ABSENT}", yellow=True)
