"""The market data check: its table of published figures, what it says where there is no data, and that all agree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tools.market_checks.expected import TABLES, known
from tools.market_data_check import GROUPS, checked, main


def test_published_tables_name_every_figure_once() -> None:
    assert set(TABLES) == set(GROUPS)
    assert {group: len(known(group)) for group in TABLES} == {
        "lobster": 11,
        "itch": 12,
        "crypto": 32,
        "dbn": 22,
        "ticks": 7 * 9 + 5 * 6 + 7 * 13,
    }
    assert known("ticks")["IBM 20131008 close_auction"] == "N 262,948 @ 178.72"
    assert known("crypto")["three books quotes_agree"] == "2,317 of 2,317"


def test_without_the_folder_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOTTOVOCE_DATA", str(tmp_path / "none"))
    assert main([]) == 2
    assert "SOTTOVOCE_DATA" in capsys.readouterr().err


@pytest.mark.parametrize("group", GROUPS)
def test_figure_that_is_not_measured_differs(group: str, tmp_path: Path) -> None:
    rows = list(checked(group, tmp_path))
    assert rows
    assert not any(row.ok for row in rows)
    assert {row.expected for row in rows if row.name != "reading"} <= {*known(group).values()}


def test_exit_is_1_and_json_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOTTOVOCE_DATA", str(tmp_path))
    assert main(["--only", "itch", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["differ"]) == (False, found["figures"])
    assert {"group", "name", "got", "expected", "ok"} == set(found["rows"][0])
    assert main(["--only", "itch", "--summary"]) == 1
    assert "NO" in capsys.readouterr().out


def test_every_published_figure_is_what_we_read(
    market_data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SOTTOVOCE_DATA", str(market_data))
    code = main(["--json"])
    found = json.loads(capsys.readouterr().out)
    assert [row for row in found["rows"] if not row["ok"]] == []
    assert (code, found["figures"]) == (0, 264)
