"""The compiled modules do what the plain ones do, and a machine that cannot compile is told so."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sottovoce.models.mbo import book as plain
from tests.models.mbo.random_events import RandomFeed
from tools import compile as compiling


def test_a_machine_without_a_compiler_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", "no-such-compiler -O2")
    monkeypatch.setattr(sys, "argv", ["compile.py", "--out", str(tmp_path / "out")])
    with pytest.raises(SystemExit) as caught:
        compiling.main()
    assert caught.value.code == 6
    assert "There is no C compiler (no-such-compiler)" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_missing_headers_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CC", sys.executable)
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    assert "Python.h" in compiling.lacking()


def test_an_empty_folder_is_not_fresh_and_leaves_the_plain_modules_alone(tmp_path: Path) -> None:
    assert not compiling.is_fresh(tmp_path)
    with compiling.loaded(tmp_path) as modules:
        assert modules["sottovoce.models.mbo.book"].__file__ == plain.__file__
    assert sys.modules["sottovoce.models.mbo.book"] is plain
    assert str(tmp_path) not in sys.path


@pytest.mark.laws
def test_compiled_and_plain_book_agree(tmp_path: Path) -> None:
    """100,000 random events after a build of half a minute; faults and their sentences are the same too."""
    if missing := compiling.lacking():
        pytest.skip(missing)
    compiling.build(tmp_path)
    assert compiling.is_fresh(tmp_path)
    events = RandomFeed(7, ids=80).events(100_000)
    kind, order_id, side, px, qty = (column.tolist() for column in events.columns[1:])
    columns = (kind, order_id, side, px, qty)
    expected: list[int] = []
    got: list[int] = []
    slow = plain.MboBook()
    slow.apply_all(*columns, expected)
    with compiling.loaded(tmp_path) as modules:
        module = modules["sottovoce.models.mbo.book"]
        assert str(module.__file__).startswith(str(tmp_path))
        quick = module.MboBook()
        quick.apply_all(*columns, got)
    assert got == expected
    assert quick.counts == slow.counts
    assert all(quick.queue(side, px) == slow.queue(side, px) for side in (1, -1) for px, _, _ in slow.levels(side))
    with pytest.raises(Exception, match="mend the feed"):
        module.MboBook(strict=True).delete(1)
