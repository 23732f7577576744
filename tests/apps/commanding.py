"""The command line, called in process: exit code, standard output and standard error of one command."""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.apps.cli import run_command_line

VWAP = "Buy 30k MSFT VWAP"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON object it must be."""
        found = msgspec.json.decode(self.out, type=dict[str, Any])
        assert self.out.endswith("}\n")
        return found

    def refused(self) -> str:
        """The code of the refusal, which stands in the JSON object and in a sentence on standard error."""
        error = self.json()["error"]
        assert self.err.startswith(f"sottovoce: {error['message']} [{error['code']}]")
        assert len(error["message"]) > 10
        assert "Traceback" not in self.err
        code: str = error["code"]
        return code


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run: its answer and the folder it wrote."""

    answer: Answer
    folder: Path

    @property
    def document(self) -> dict[str, Any]:
        return self.answer.json()

    @property
    def journal(self) -> str:
        return str(self.folder / "journal.db")


def ask(*arguments: str) -> Answer:
    """Run one command."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run_command_line(list(arguments))
    return Answer(code=code, out=out.getvalue(), err=err.getvalue())
