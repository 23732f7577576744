"""`sottovoce scenario`: play texts that say what happens on a desk, and what must be true of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cyclopts

from sottovoce.apps.output import FAULT, OK, emit
from sottovoce.core.errors import NotFound

if TYPE_CHECKING:
    from sottovoce.runtime.scenario import Played

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]
SUFFIX = ".scenario"


def scenario(*paths: Path, as_json: Json = False) -> int:
    """Play scenario files and say of each expectation whether it held; exit 1 when one did not.

    Args:
        paths: scenario files, or folders of them.
        as_json: one JSON object on standard output, progress none.
    """
    from rich.progress import track

    from sottovoce.intake.scenario_file import read_scenario
    from sottovoce.runtime.scenario import play

    read = [(path, read_scenario(path)) for path in _files(paths)]
    rows = read if as_json else track(read, description="scenarios", console=_console(), transient=True)
    played = [(path, play(each, str(path))) for path, each in rows]
    document: dict[str, Any] = {"scenarios": [_document(path, each) for path, each in played]}
    emit(document, as_json, lambda: "\n\n".join(_text(path, each) for path, each in played))
    return OK if all(each.passed for _, each in played) else FAULT


def _console() -> Any:
    from rich.console import Console

    return Console(stderr=True)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    """The files named, folders opened. Raises NotFound, code no_scenario."""
    found: list[Path] = []
    for path in paths:
        inside = sorted(path.rglob(f"*{SUFFIX}")) if path.is_dir() else [path]
        if not inside or not (path.is_dir() or path.is_file()):
            raise NotFound(f"There is no scenario at {path}; give a file or a folder of *{SUFFIX}.", code="no_scenario")
        found += inside
    if not found:
        raise NotFound(f"No scenario was named; give a file or a folder of *{SUFFIX}.", code="no_scenario")
    return found


def _document(path: Path, played: Played) -> dict[str, Any]:
    import msgspec

    body: dict[str, Any] = msgspec.to_builtins(played)
    return {"file": str(path), "passed": played.passed} | body


def _text(path: Path, played: Played) -> str:
    lines = [f"{played.title} ({path})"]
    for verdict in played.verdicts:
        mark = "ok  " if verdict.ok else "FAIL"
        found = "" if verdict.ok else f"; found {verdict.got}"
        lines.append(f"  {mark} line {verdict.line:>3}  {verdict.clock:<8}  {verdict.expected}{found}")
    lines.append(f"  digest {played.digest[:16]}, journal {played.journal_digest[:16]}")
    return "\n".join(lines)
