"""The documentation does what it says: generated pages are current, examples and marked code blocks run.

A code block is run when the line before it is `<!-- run -->`; `<!-- run exit=3 -->` expects that exit code, and
`<!-- run data -->` needs the shared market data. A block after `<!-- shows -->` holds lines of what the last run
printed: they are compared without their figures, so a page shows the shape of today's output and real figures of
some day. The blocks of one page run in order in one empty folder.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.house.modules import ROOT
from tools.build_docs import PAGES, TARGET

EXAMPLES = sorted((ROOT / "examples").glob("[0-9]*.py"))
DOCUMENTS = [ROOT / name for name in ("README.md", "CHANGELOG.md", "examples/README.md")]
DOCUMENTS += sorted((ROOT / "docs").rglob("*.md"))
SECONDS_MAX = 400

_BLOCK = re.compile(r"^<!-- (run|shows)([^>]*?) ?-->\n+```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]*)(#[^)\s]*)?\)")
_PATH = re.compile(r"`((?:sottovoce|tests|tools|docs|examples|benchmarks|requirements)/[\w./-]+)`")
_FIGURE = re.compile(r"[-+−]?(?=[0-9a-f]*\d)[0-9a-f]+(?:[.,:]\d+)*|—")


class Block(NamedTuple):
    """A marked code block: kind is run or shows; options as written; language as fenced."""

    kind: str
    options: str
    language: str
    text: str

    @property
    def exit_code(self) -> int:
        found = re.search(r"exit=(\d+)", self.options)
        return int(found[1]) if found else 0

    @property
    def needs_data(self) -> bool:
        return "data" in self.options


def blocks(path: Path) -> Iterator[Block]:
    """The marked code blocks of a page, in order."""
    for found in _BLOCK.finditer(path.read_text("utf-8")):
        yield Block(*found.groups())


RUNNING = [path for path in DOCUMENTS if any(block.kind == "run" for block in blocks(path))]


def prepare(folder: Path) -> None:
    """An empty checkout: the examples, and a .venv whose commands are this Python's."""
    (folder / "build").mkdir()
    (folder / "examples").symlink_to(ROOT / "examples")
    commands = folder / ".venv/bin"
    commands.mkdir(parents=True)
    for name, arguments in (("python", ""), ("sottovoce", " -m sottovoce")):
        command = commands / name
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}"{arguments} "$@"\n')
        command.chmod(0o755)


def run(block: Block, folder: Path, data: Path | None) -> str:
    """Run a block; what it printed. Fails the test on another exit code than the page promises."""
    words = ["sh", "-e", "-c", block.text] if block.language == "sh" else [sys.executable, "-c", block.text]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    if data is not None:
        environment["SOTTOVOCE_DATA"] = str(data)
    done = subprocess.run(
        words, cwd=folder, env=environment, text=True, timeout=SECONDS_MAX, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert done.returncode == block.exit_code, f"{block.text}\n{done.stdout[-3000:]}"
    return done.stdout


def without_figures(line: str) -> str:
    """A line with every figure, sign and run of blanks made alike."""
    return re.sub(r"\s+", " ", _FIGURE.sub("0", line)).strip()


def check_shown(block: Block, printed: str) -> None:
    """Every line of the block was printed, figures apart; a line of … stands for anything."""
    lines = {without_figures(line) for line in printed.splitlines()}
    missing = [line for line in block.text.splitlines() if line.strip() not in ("", "…")]
    missing = [line for line in missing if without_figures(line) not in lines]
    assert not missing, "not printed: " + "\n".join(missing) + f"\n\nprinted:\n{printed[-3000:]}"


def work_through(path: Path, folder: Path, data: Path | None) -> int:
    """Run the blocks of a page that need no data, or with data those that do; how many were."""
    prepare(folder)
    printed: str | None = None
    count = 0
    for block in blocks(path):
        if block.kind == "shows":
            if printed is not None:
                check_shown(block, printed)
        elif block.needs_data is (data is None):
            printed = None
        else:
            printed = run(block, folder, data)
            count += 1
    return count


@pytest.mark.parametrize("path", RUNNING, ids=lambda path: path.name)
def test_marked_blocks_of_a_page_run_and_show_what_they_print(path: Path, tmp_path: Path) -> None:
    assert work_through(path, tmp_path, None) > 0


def test_marked_blocks_with_market_data_run(market_data: Path, tmp_path: Path) -> None:
    with_data = [path for path in RUNNING if any(block.needs_data for block in blocks(path))]
    assert with_data
    for number, path in enumerate(with_data):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert work_through(path, folder, market_data) > 0


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_example_runs(example: Path, tmp_path: Path) -> None:
    assert len(example.read_text("utf-8").splitlines()) <= 60
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(example)], cwd=tmp_path, env=environment, capture_output=True, text=True,
        timeout=SECONDS_MAX, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 3
    assert list(tmp_path.iterdir()) == [], "an example leaves nothing behind"


def test_every_example_is_listed() -> None:
    listed = (ROOT / "examples/README.md").read_text("utf-8")
    missing = [path.name for path in (ROOT / "examples").iterdir() if path.is_file() and path.name not in listed]
    assert missing == ["README.md"]


@pytest.mark.parametrize("name", PAGES)
def test_generated_page_is_current(name: str) -> None:
    page = TARGET / name
    assert page.is_file(), f"{name} is missing: make docs"
    assert page.read_text("utf-8") == PAGES[name](), f"{name} is out of date: make docs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_links_and_paths_lead_somewhere(path: Path) -> None:
    text = path.read_text("utf-8")
    broken = [
        target + anchor
        for target, anchor in _LINK.findall(text)
        if "://" not in target and not _leads(path, target, anchor)
    ]
    broken += [named for named in _PATH.findall(text) if not (ROOT / named).exists()]
    assert not broken, f"{path.name}: {', '.join(broken)}"


def _leads(page: Path, target: str, anchor: str) -> bool:
    goal = (page.parent / target).resolve() if target else page
    return goal.exists() and (not anchor or anchor[1:] in _anchors(goal))


def _anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_a_page_that_shows_what_is_not_printed_fails() -> None:
    shown = Block("shows", "", "text", "Filled 30,000 (100.0 %) at 89.4213 USD.\n…\n")
    check_shown(shown, "Filled 1,200 (99.1 %) at 1.5 USD.\n")
    with pytest.raises(AssertionError, match="not printed"):
        check_shown(shown, "Filled 1,200 of 2,000 at 1.5 USD.\n")
