"""A figure asked of the command line, as a user would: the command's JSON object."""

from __future__ import annotations

import contextlib
import io
import shlex
from typing import Any

import msgspec

from sottovoce.apps.cli import run_command_line


def ask(command: str) -> dict[str, Any]:
    """The JSON answer of `sottovoce COMMAND --json`. Raises RuntimeError where it is refused."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_command_line([*shlex.split(command), "--json"])
    if code:
        raise RuntimeError(f"sottovoce {command} ended with {code}: {err.getvalue().strip()}")
    return msgspec.json.decode(out.getvalue(), type=dict[str, Any])


def refusal(command: str) -> str:
    """The code a command is refused with; "" where it is not."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        run_command_line([*shlex.split(command), "--json"])
    found: dict[str, str] = msgspec.json.decode(out.getvalue(), type=dict[str, Any]).get("error", {})
    return found.get("code", "")
