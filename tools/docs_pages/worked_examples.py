"""The worked example of a command: what its docstring gives under Example, run here, with what it printed."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
import shlex

from sottovoce.apps.cli import run_command_line

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
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        code = run_command_line(words)
    if code:
        raise RuntimeError(f"sottovoce {shlex.join(words)} ended with {code}")
    shown = VERSION.sub(r"\1/…", out.getvalue().rstrip())
    return f"```text\n{_wrapped(['sottovoce', *words])}\n\n{shown}\n```"


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
