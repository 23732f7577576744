"""`sottovoce stats DIR`: the counts and timings a run left behind."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import cyclopts
import msgspec

from sottovoce.apps.output import emit
from sottovoce.core.errors import MalformedMessage, NotFound

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


class StageFigures(msgspec.Struct, kw_only=True):
    """What one stage did: counts, and microseconds a decision took."""

    decisions: int
    events: int
    p50_us: float
    p99_us: float
    max_us: float


class VenueFigures(msgspec.Struct, kw_only=True):
    """What one venue got and gave: orders, shares, shares filled."""

    orders: int
    shares: int
    filled: int


class Statistics(msgspec.Struct, kw_only=True):
    """The part of stats.json that is shown as tables, by name of the stage, the venue, the reason, the counter."""

    stages: dict[str, StageFigures] = {}
    venues: dict[str, VenueFigures] = {}
    rejects: dict[str, int] = {}
    counters: dict[str, int] = {}


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
        content = path.read_bytes()
        document: dict[str, Any] = msgspec.json.decode(content)
        figures = msgspec.json.decode(content, type=Statistics)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MalformedMessage(f"{path} is not readable: {error}", code="bad_stats") from error
    emit(document, as_json, lambda: stats_text(figures))


def stats_text(figures: Statistics) -> str:
    """Stages, rejects, venues and counters as tables."""
    lines = [f"{'stage':<12}{'decisions':>10}{'events':>10}{'p50 µs':>10}{'p99 µs':>10}{'max µs':>10}"]
    for name, stage in figures.stages.items():
        times = "".join(f"{time_us:>10.1f}" for time_us in (stage.p50_us, stage.p99_us, stage.max_us))
        lines.append(f"{name:<12}{stage.decisions:>10}{stage.events:>10}{times}")
    lines += ["", f"{'venue':<12}{'orders':>10}{'shares':>12}{'filled':>12}{'fill rate':>10}"]
    for name, venue in figures.venues.items():
        rate = f"{100 * venue.filled / venue.shares:.1f} %" if venue.shares else "no orders"
        lines.append(f"{name:<12}{venue.orders:>10}{venue.shares:>12,}{venue.filled:>12,}{rate:>10}")
    rejects = ", ".join(f"{code} {count}" for code, count in figures.rejects.items()) or "none"
    counters = [f"{name}: {value}" for name, value in figures.counters.items()]
    return "\n".join([*lines, "", f"rejects: {rejects}", *counters])
