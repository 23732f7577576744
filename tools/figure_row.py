"""A published figure against what the code gives: one row of the generated table."""

from __future__ import annotations

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One comparison, as words."""

    name: str
    what: str
    got: str
    expected: str
    tolerance: str
    ok: bool


def near(name: str, what: str, got: float, expected: float, tolerance: float, places: int = 3) -> Row:
    """got within tolerance of expected."""
    return Row(
        name=name,
        what=what,
        got=f"{got:.{places}f}",
        expected=f"{expected:.{places}f}",
        tolerance=f"± {tolerance:.3g}",
        ok=abs(got - expected) <= tolerance,
    )


def relative(name: str, what: str, got: float, expected: float, tolerance: float) -> Row:
    """got within tolerance × expected, both shown to seven digits."""
    return Row(
        name=name,
        what=what,
        got=f"{got:.6e}",
        expected=f"{expected:.6e}",
        tolerance=f"± {tolerance:.3g} of it",
        ok=abs(got - expected) <= tolerance * abs(expected),
    )


def exact(name: str, what: str, got: object, expected: object) -> Row:
    """got equal to expected."""
    return Row(name=name, what=what, got=str(got), expected=str(expected), tolerance="exact", ok=bool(got == expected))


def within(name: str, what: str, got: float, low: float | None, high: float | None, places: int = 3) -> Row:
    """got above low and below high, where they are given."""
    above, below = low is None or got > low, high is None or got < high
    said = " and ".join(([] if low is None else [f"> {low:g}"]) + ([] if high is None else [f"< {high:g}"]))
    return Row(name=name, what=what, got=f"{got:.{places}f}", expected=said, tolerance="", ok=above and below)
