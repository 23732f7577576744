"""The worked example of a command: what its docstring gives under Example, run here, with what it printed.

Each example runs in a folder of its own that has the repository's examples, and what other examples would have left
under build/: a calibrated model, and the journal of a run. So each works alone, and leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import shlex
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sottovoce.apps.cli import run_command_line

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"
BEFORE = (
    "calibrate impact examples/finished_orders.csv --form square-root --draws 400 --registry build/models.db",
    "run 'Buy 500 XEC POV 10%' --seed 5 --out build/runs/1",
)
"""What some examples need of others."""

HEAD = "Example:\n"
WIDTH = 110
VERSION = re.compile(r"(\d{4}-\d\d-\d\d)/[0-9a-f]{8}\b")
"""A calibrated version ends in a digest of its figures, which no reader looks at."""


def example(function: object) -> list[str]:
    """The words of the example after `sottovoce`; empty where a docstring has none."""
    text = (inspect.getdoc(function) or "").partition(HEAD)[2]
    return shlex.split(text.replace("\\;", ";"))[1:]


def worked(function: object) -> str:
    """The example and its answer as a block of text; "" where there is none. An example that fails is an error here."""
    words = example(function)
    if not words:
        return ""
    with tempfile.TemporaryDirectory() as scratch:
        folder = shutil.copytree(_prepared().name, f"{scratch}/examples", symlinks=True)
        shown = VERSION.sub(r"\1/…", _printed(words, Path(folder)).rstrip())
    return f"```text\n{_wrapped(['sottovoce', *words])}\n\n{shown}\n```"


def prepare(folder: Path) -> None:
    """Make a folder one to run examples in. Raises RuntimeError where what they need cannot be made."""
    (folder / "examples").symlink_to(EXAMPLES)
    (folder / "build").mkdir()
    for command in BEFORE:
        _printed(shlex.split(command), folder)


@cache
def _prepared() -> tempfile.TemporaryDirectory[str]:
    """The folder every example gets a copy of; gone when this process ends."""
    folder = tempfile.TemporaryDirectory()
    prepare(Path(folder.name))
    return folder


def _printed(words: list[str], folder: Path) -> str:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_command_line(words)
    if code:
        raise RuntimeError(f"sottovoce {shlex.join(words)} ended with {code}: {err.getvalue().strip()}")
    return out.getvalue()


def _wrapped(words: list[str]) -> str:
    """A shell line, broken before flags where it is long."""
    lines = ["$"]
    for place, word in enumerate(words):
        quoted = shlex.quote(word)
        if word.startswith("--") and len(lines[-1]) + len(" ".join(words[place : place + 2])) > WIDTH:
            lines[-1] += " \\"
            lines.append("   ")
        lines[-1] += f" {quoted}"
    return "\n".join(lines)
