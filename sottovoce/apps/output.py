"""What reaches the person or the program: one JSON object, or text; an error is a sentence with a code."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.core.errors import ConfigError, SottovoceError
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import REASONS, sentence

OK, FAULT, USAGE, STOPPED, NOT_FOUND, CONFLICT, UNAVAILABLE, UNKNOWN = range(8)
"""Exit codes: done · verification found a fault · bad input · refused or held · not found · conflict ·
unavailable · state unknown (a defect)."""


class Stopped(SottovoceError):
    """The desk's own rules stopped an order: not an error of the program, but not a success either."""

    code = "stopped"
    exit_code = STOPPED

    def __init__(self, message: str, failures: tuple[Failure, ...], document: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.failures = failures
        self.document = document or {}


def emit(document: object, as_json: bool, text: Callable[[], str]) -> None:
    """Print the document as one JSON object, or its text."""
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
    else:
        sys.stdout.write(text().rstrip("\n") + "\n")


def write_page(path: Path, page: str) -> None:
    """Write a page where the person asked for it. Raises ConfigError, code page_unwritable."""
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}", code="page_unwritable") from error


def failure_text(failed: Failure) -> str:
    """A failed check for a person; a code without a table row shows its own words."""
    if failed.code in REASONS:
        return sentence(failed)
    return f"[{failed.code}] value {failed.value}, limit {failed.limit}; {failed.action}"


def fail(error: SottovoceError, as_json: bool) -> int:
    """Report an error; returns the exit code."""
    document: dict[str, Any] = {"error": {"code": error.code, "message": str(error)}}
    lines = [f"sottovoce: {error} [{error.code}]"]
    if isinstance(error, Stopped):
        document = error.document | document
        document["error"]["failures"] = msgspec.to_builtins(error.failures)
        lines.extend(f"  {failure_text(one)}" for one in error.failures)
    if as_json:
        emit(document, True, str)
    sys.stderr.write("\n".join(lines) + "\n")
    return error.exit_code
