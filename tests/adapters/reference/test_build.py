"""What is shipped is what the tool builds from the data, byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
TOOL = ROOT / "tools/build_instruments.py"


@pytest.mark.data
def test_shipped_file_is_as_built(market_data: Path) -> None:
    pytest.importorskip("polars", reason="polars is not installed")
    environment = {**os.environ, "SOTTOVOCE_DATA": str(market_data)}
    done = subprocess.run(
        [sys.executable, str(TOOL), "--check"], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "instruments.json is as built\n"), done.stderr


def test_without_the_data_the_tool_says_so(tmp_path: Path) -> None:
    pytest.importorskip("polars", reason="polars is not installed")
    environment = {**os.environ, "SOTTOVOCE_DATA": str(tmp_path / "absent")}
    done = subprocess.run([sys.executable, str(TOOL)], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "set SOTTOVOCE_DATA" in done.stderr
