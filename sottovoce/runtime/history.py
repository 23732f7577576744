"""What a journal says of the desk's earlier restarts."""

from __future__ import annotations

from typing import Any

from sottovoce.core.ports import Journal
from sottovoce.core.recovery_events import DeskRecovered, RouteNotResent, RouteResent


def last_recovery(journal: Journal) -> dict[str, Any]:
    """How often the desk was started, and after the last start: orders asked about, sent again, too old for that."""
    found: dict[str, Any] = {"starts": 0, "orders": 0, "resent": [], "too_old": []}
    for _, step in journal.steps():
        for event in step.events:
            if isinstance(event, DeskRecovered):
                found = {"starts": event.number, "orders": event.orders, "resent": [], "too_old": []}
            elif isinstance(event, RouteResent):
                found["resent"].append(event.cl_ord_id)
            elif isinstance(event, RouteNotResent):
                found["too_old"].append(event.cl_ord_id)
    return found
