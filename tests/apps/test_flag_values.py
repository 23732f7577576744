"""Each flag of each worked example, given what it cannot be: refused with a code, never a defect or a figure of nan."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sottovoce.apps
from sottovoce.apps.cli import run_command_line
from tools.docs_pages.worked_examples import example, prepare

VALUES = ("nan", "inf", "-1", "0", "1e308", "1e-320", "99999999999999999999", "")
SLOW = {"run", "market", "scenario"}
"""Commands that play a day."""
DEFECT = 7
NO_FIGURE = re.compile(r"(?<![\w/.])-?(nan|inf)\b")


def _functions() -> Iterator[Any]:
    for found in pkgutil.iter_modules(sottovoce.apps.__path__):
        module = importlib.import_module(f"sottovoce.apps.{found.name}")
        own = (each for each in vars(module).values() if inspect.isfunction(each))
        yield from (each for each in own if each.__module__ == module.__name__)


EXAMPLES = {" ".join(example(each)[:2]): each for each in _functions() if example(each)}
QUICK = sorted(name for name in EXAMPLES if name.split()[0] not in SLOW)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("flags")
    prepare(made)
    return made


def test_there_are_examples_to_try() -> None:
    assert len(QUICK) >= 25


@pytest.mark.parametrize("name", QUICK)
def test_what_a_flag_cannot_be_is_refused(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    wrong = [said for words in _spoilt(EXAMPLES[name]) if (said := _wrong(words))]
    assert not wrong, "\n".join(wrong)


def _spoilt(function: Any) -> Iterator[list[str]]:
    """The example with one figure changed, and with each figure it does not give added."""
    words = example(function)
    figures = [f"--{name.replace('_', '-')}" for name, each in inspect.signature(function).parameters.items()
               if re.search("float|int", str(each.annotation))]  # fmt: skip
    for flag in figures:
        at = words.index(flag) if flag in words else len(words)
        for value in VALUES:
            yield [*words[:at], *words[at + 2 :], f"{flag}={value}"]


def _wrong(words: list[str]) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_command_line(words)
    bad = code == DEFECT or "Traceback" in err.getvalue() or (code == 0 and NO_FIGURE.search(out.getvalue()))
    return f"sottovoce {' '.join(words)}: exit {code}, {err.getvalue().strip()[-200:]}" if bad else ""
