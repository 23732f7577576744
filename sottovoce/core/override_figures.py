"""Figures that a person releases: as they were shown, and how far beyond that they may go (controls A4).

A figure is released up to the next two-digit step above it (26.4 million up to 27 million), so that the last cent of a
price does not undo what a person decided, and nothing beyond it passes.
"""

from __future__ import annotations

from math import ceil, floor, log10

from sottovoce.core.orders import Failure


def headroom(shown: str) -> str:
    """The most a shown figure is released for: its number rounded up to two digits, the words after it kept."""
    words = shown.partition(" ")[2]
    value = figure(shown)
    if value is None or value <= 0:
        return shown
    step = 10.0 ** (floor(log10(value)) - 1)
    upto = ceil(round(value / step, 9)) * step
    places = max(1 - floor(log10(value)), 0)
    return f"{upto:,.{places}f} {words}".strip()


def figure(shown: str) -> float | None:
    """The number a figure begins with; None where it begins with none."""
    try:
        return float(shown.partition(" ")[0].replace(",", ""))
    except ValueError:
        return None


def within(rule: Failure, upto: str) -> bool:
    """Whether a rule's figure now is within what was released; what is no number must be the same words."""
    now, most = figure(rule.value), figure(upto)
    if now is None or most is None:
        return rule.value == upto
    return now <= most
