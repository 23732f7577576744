"""What a venue can do wrong, from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec

from sottovoce.core.errors import ConfigError


class TroubleKind(Enum):
    """silent: answers come when it is over. slow: both ways later. loses_orders, loses_reports: gone for good.
    rejects_orders: every new order. repeats_reports: each twice. shuffles_reports: each late by a little of its own.
    """

    SILENT = "silent"
    SLOW = "slow"
    LOSES_ORDERS = "loses_orders"
    LOSES_REPORTS = "loses_reports"
    REJECTS_ORDERS = "rejects_orders"
    REPEATS_REPORTS = "repeats_reports"
    SHUFFLES_REPORTS = "shuffles_reports"


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """One venue's fault in [from_ns, until_ns); delay_ns for a slow one, each way."""

    venue: str
    kind: TroubleKind
    from_ns: int
    until_ns: int
    delay_ns: int = 0


class Troubles:
    """All faults of a run, asked by venue, kind and time."""

    def __init__(self, troubles: Sequence[Trouble], venues: Sequence[str]) -> None:
        """Raises ConfigError, code no_such_venue, for a venue the market does not have."""
        self._by_venue: dict[str, list[Trouble]] = {venue: [] for venue in venues}
        for trouble in troubles:
            if trouble.venue not in self._by_venue:
                known = ", ".join(venues)
                raise ConfigError(f"There is no venue {trouble.venue} to fail; there is {known}.", code="no_such_venue")
            self._by_venue[trouble.venue].append(trouble)

    def at(self, venue: str, at_ns: int) -> list[Trouble]:
        """What ails a venue at a moment; nothing for a venue nobody knows."""
        return [each for each in self._by_venue.get(venue, ()) if each.from_ns <= at_ns < each.until_ns]
