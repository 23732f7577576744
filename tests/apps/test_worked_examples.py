"""Every model of the command line has a worked example, and it works, as text and as JSON."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import cyclopts
import pytest

from sottovoce.apps.cli import app
from tests.apps.commanding import ask
from tools.docs_pages.worked_examples import example, prepare

GROUPS = ("impact", "schedule", "forecast", "calibrate")


def commands(parent: cyclopts.App, path: tuple[str, ...]) -> Iterator[tuple[str, object]]:
    """Every command below a group, by its whole name."""
    for name in parent:
        if not name.startswith("-"):
            child = parent[name]
            if child.default_command is None:
                yield from commands(child, (*path, name))
            else:
                yield " ".join((*path, name)), child.default_command


ALL = [found for group in GROUPS for found in commands(app[group], (group,))]
ALL.append(("frontier", app["frontier"].default_command))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("examples")
    prepare(made)
    return made


def test_the_models_are_all_there() -> None:
    assert len(ALL) >= 32


@pytest.mark.parametrize(("name", "function"), ALL, ids=[name for name, _ in ALL])
def test_the_example_works(name: str, function: object, folder: Path) -> None:
    words = example(function)
    assert words[: name.count(" ") + 1] == name.split(), "its docstring ends with an example of itself"
    with contextlib.chdir(folder):
        text, data = ask(*words), ask(*words, "--json")
    assert (text.code, data.code) == (0, 0), text.err + data.err
    assert text.out.strip()
    assert text.out != data.out
    assert data.json()
