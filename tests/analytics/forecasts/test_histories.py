"""Histories people hand in: read as tables, or refused with the row that is wrong."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sottovoce.analytics.forecasts.histories import read_history
from sottovoce.core.errors import ConfigError

GOOD = "date,symbol,volume\n2026-01-05,B,30\n2026-01-02,A,10\n2026-01-02,B,20\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "history.csv"
    path.write_text(text, "utf-8")
    return path


def test_rows_become_days_by_names_with_gaps(tmp_path: Path) -> None:
    found = read_history(written(tmp_path, GOOD), "symbol", ("volume",))
    assert (found.days, found.columns) == (("2026-01-02", "2026-01-05"), ("A", "B"))
    expected = np.array([[10.0, 20.0], [np.nan, 30.0]])
    assert np.array_equal(found.tables["volume"], expected, equal_nan=True)


def test_bins_are_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    rows = "".join(f"2026-01-02,{number},{number}\n" for number in (10, 2, 1))
    assert read_history(written(tmp_path, f"date,bin,volume\n{rows}"), "bin", ("volume",)).columns == ("1", "2", "10")


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("", "history_unreadable", "history.csv"),
        ("date,symbol,volume\n", "history_rows", "0 rows"),
        ("date,name,volume\n2026-01-02,A,1\n", "history_columns", "symbol"),
        (GOOD + "2026-01-02,A,11\n", "history_rows", "A stands twice on 2026-01-02"),
        (GOOD + "2026-01-06,A,-1\n", "history_figures", "2026-01-06"),
        (GOOD + "2026-01-06,A,many\n", "history_figures", "volume"),
        (GOOD + ",A,1\n", "history_rows", "no date"),
        (GOOD + "2026-01-06,A,inf\n", "history_figures", "inf"),
        (GOOD + "2026-01-06,A,99999999999999999999\n", "history_figures", "99999999999999999999"),
        (GOOD + "2026-02-30,A,1\n", "history_rows", "2026-02-30"),
        (GOOD + "nan,A,1\n", "history_rows", "nan"),
        ("date,symbol,volume\n20260102,A,1\n", "history_rows", "20260102"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, code: str, said: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_history(written(tmp_path, text), "symbol", ("volume",))
    assert refused.value.code == code
    assert said in str(refused.value)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        read_history(tmp_path / "none.parquet", "symbol", ("volume",))
    assert refused.value.code == "history_unreadable"


@pytest.mark.parametrize("odd", ["nan", "abc", "-1", "09:30", "24:00"])
def test_a_bin_that_has_no_place_in_the_day_is_refused(tmp_path: Path, odd: str) -> None:
    rows = "".join(f"2026-01-02,{name},10\n" for name in (1, 2, odd))
    with pytest.raises(ConfigError) as refused:
        read_history(written(tmp_path, f"date,bin,volume\n{rows}"), "bin", ("volume",))
    assert refused.value.code == "history_rows"
    assert odd in str(refused.value)


def test_bins_may_be_times_and_days_may_have_a_time(tmp_path: Path) -> None:
    rows = "".join(f"2026-01-02T00:00:00,{name},10\n" for name in ("10:00", "09:30"))
    found = read_history(written(tmp_path, f"date,bin,volume\n{rows}"), "bin", ("volume",))
    assert (found.days, found.columns) == (("2026-01-02",), ("09:30", "10:00"))
