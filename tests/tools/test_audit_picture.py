"""The docs' picture of an order's story: the sample is worked, its page written, a browser told to draw it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.audit_picture import main

BROWSER = """#!/bin/sh
for word in "$@"; do
  case "$word" in
    --screenshot=*) echo drawn > "${word#--screenshot=}" ;;
    file://*) test -s "${word#file://}" || exit 3 ;;
  esac
done
"""


def test_page_is_written_beside_the_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(tmp_path)]) == 0
    page = (tmp_path / "story.html").read_text("utf-8")
    assert "record intact" in page
    assert (tmp_path / "journal.db").is_file()
    assert str(tmp_path / "story.html") in capsys.readouterr().out


def test_browser_is_told_to_draw_the_page(tmp_path: Path) -> None:
    browser, out = tmp_path / "browser", tmp_path / "pictures" / "story.png"
    browser.write_text(BROWSER)
    browser.chmod(0o755)
    assert main(["--folder", str(tmp_path / "work"), "--out", str(out), "--browser", str(browser)]) == 0
    assert out.read_text() == "drawn\n"


def test_machine_without_a_browser_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--folder", str(tmp_path / "work"), "--out", str(tmp_path / "x.png"), "--browser", ""]
    assert main(arguments) == 6
    assert "no browser" in capsys.readouterr().err
