"""Sequences that once broke a law, replayed in every run of the tests: (strategy, seed, what was wrong)."""

from __future__ import annotations

from sottovoce.core.enums import Strategy

REGRESSIONS: tuple[tuple[Strategy, int, str], ...] = (
    (Strategy.TWAP, 11, "a pause by the system, then a resume, revived an order that was being canceled"),
    (Strategy.SOR, 0, "a venue raised an order and the reservation did not follow"),
)
