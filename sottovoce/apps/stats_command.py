"""`sottovoce stats DIR`: the counts and timings a run left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import cyclopts
import msgspec

from sottovoce.apps.output import emit
from sottovoce.core.errors import MalformedMessage, NotFound

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def stats(folder: Path, *, as_json: Json = False) -> None:
    """Show what each stage did and how long it took, rejects by code, and venue fill rates of a run.

    Args:
        folder: the --out folder of a run.
        as_json: one JSON object on standard output.
    """
    path = folder / "stats.json"
    if not path.is_file():
        raise NotFound(f"There is no {path}; give the --out folder of a run.", code="no_stats")
    try:
        document: dict[str, Any] = msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise MalformedMessage(f"{path} is not readable: {error}", code="bad_stats") from error
    emit(document, as_json, lambda: stats_text(document))


def stats_text(document: dict[str, Any]) -> str:
    """Stages, rejects, venues and counters as tables."""
    lines = [f"{'stage':<12}{'decisions':>10}{'events':>10}{'p50 µs':>10}{'p99 µs':>10}{'max µs':>10}"]
    for name, row in document.get("stages", {}).items():
        times = "".join(f"{row[key]:>10.1f}" for key in ("p50_us", "p99_us", "max_us"))
        lines.append(f"{name:<12}{row['decisions']:>10}{row['events']:>10}{times}")
    lines += ["", f"{'venue':<12}{'orders':>10}{'shares':>12}{'filled':>12}{'fill rate':>10}"]
    for name, row in document.get("venues", {}).items():
        rate = f"{100 * row['filled'] / row['shares']:.1f} %" if row["shares"] else "no orders"
        lines.append(f"{name:<12}{row['orders']:>10}{row['shares']:>12,}{row['filled']:>12,}{rate:>10}")
    rejects = document.get("rejects", {})
    lines += ["", "rejects: " + (", ".join(f"{code} {count}" for code, count in rejects.items()) or "none")]
    lines += [f"{name}: {value}" for name, value in document.get("counters", {}).items()]
    return "\n".join(lines)
