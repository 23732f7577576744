"""What a run of the chaos prints: a table for people, an object for programs."""

from __future__ import annotations

from statistics import median
from typing import Any

import msgspec

from tools.chaos_run.runner import Outcome


def document_of(outcome: Outcome) -> dict[str, Any]:
    """The outcome as one JSON object; of the lives only the figures."""
    document: dict[str, Any] = msgspec.to_builtins(outcome)
    del document["lives"]
    return document | {
        "recovery_ms": _spread([life.recovery_ms for life in outcome.lives]),
        "ready_ms": _spread([life.ready_ms for life in outcome.lives]),
        "sound": outcome.comparison.sound,
    }


def table_of(outcome: Outcome) -> str:
    """Aligned text."""
    found, lives = outcome.comparison, outcome.lives
    recovery, ready = _spread([each.recovery_ms for each in lives]), _spread([each.ready_ms for each in lives])
    rows = [
        ("seed", str(outcome.seed)),
        ("kill -9 of the desk", f"{outcome.kills}, {outcome.killed_before_ready} of them before it accepted orders"),
        ("of these at a message to the venue", f"{outcome.killed_at_a_message}, just before or just after it"),
        ("kill -9 of the venue", str(outcome.venue_kills)),
        ("seconds", f"{outcome.seconds:.0f}"),
        ("orders acknowledged", f"{outcome.acknowledged}, asked again {outcome.retried} times"),
        ("refused for now", ", ".join(f"{code} {count}" for code, count in outcome.refused.items()) or "none"),
        ("journal", f"{found.steps} steps, {found.events} events; verify finds {len(found.verify_faults)} faults"),
        ("venue", f"{found.orders_at_venue} orders, {found.fills} fills"),
        ("acknowledged and lost", str(len(found.acknowledged_lost))),
        ("duplicates at the venue", str(found.duplicates_at_venue)),
        ("fills lost", str(len(found.fills_lost))),
        ("fills invented / counted twice", f"{len(found.fills_invented)} / {len(found.fills_twice)}"),
        ("parents filled beyond their size", str(len(found.over_ordered))),
        ("venue orders we do not know", str(len(found.orders_unknown_to_us))),
        ("digests", ", ".join(f"{name} {digest[:12]}" for name, digest in found.digests.items())),
        ("asked / resent / cancels again", _counts(outcome)),
        ("recovery from the journal", f"p50 {recovery['p50']:.0f} ms, max {recovery['max']:.0f} ms"),
        ("start of the process to accepting", f"p50 {ready['p50']:.0f} ms, max {ready['max']:.0f} ms"),
        ("verdict", "all equal, nothing lost, nothing twice" if found.sound else "FAILED"),
    ]
    return "\n".join(f"{name:<36}{value}" for name, value in rows)


def _counts(outcome: Outcome) -> str:
    lives = outcome.lives
    figures = (sum(each.questions for each in lives), sum(each.resent for each in lives))
    return f"{figures[0]} / {figures[1]} / {sum(each.cancels_again for each in lives)}"


def _spread(values: list[float]) -> dict[str, float]:
    return {"p50": median(values), "max": max(values)} if values else {"p50": 0.0, "max": 0.0}
