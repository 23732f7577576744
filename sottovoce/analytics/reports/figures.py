"""How figures are worded in reports: a sign, a unit, the word cost or gain, and a dash for what is not known."""

from __future__ import annotations

from fractions import Fraction

MINUS = "−"
UNKNOWN = "—"


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign: "+11.8", "−0.4", "0.0" (never minus zero)."""
    text = f"{abs(value):,.{digits}f}"
    if not any(digit in "123456789" for digit in text):
        return text
    return f"{MINUS if value < 0 else '+'}{text}"


def word(value: float, digits: int = 1) -> str:
    """cost, gain, or nothing for what rounds to zero."""
    text = signed(value, digits)
    return "cost" if text.startswith("+") else "gain" if text.startswith(MINUS) else ""


def bps(value: float | None, digits: int = 1) -> str:
    """ "+11.8 bps cost", "−2.3 bps gain", or a dash."""
    if value is None:
        return UNKNOWN
    return f"{signed(value, digits)} bps {word(value, digits)}".rstrip()


def plain_bps(value: float | None, digits: int = 1) -> str:
    """ "+11.8", for a column whose head says bps and which way is worse."""
    return UNKNOWN if value is None else signed(value, digits)


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction as "12.3 %"."""
    return UNKNOWN if value is None else f"{100 * value:.{digits}f} %"


def price(units: float | None, scale: int, digits: int = 4) -> str:
    """Price units as currency: "50.2200"."""
    return UNKNOWN if units is None else f"{units / scale:,.{digits}f}"


def amount(value: Fraction | int | None, digits: int = 2) -> str:
    """Money with its sign: "+29,880.00"."""
    return UNKNOWN if value is None else signed(float(value), digits)


def shares(value: int | None) -> str:
    """Shares with separators."""
    return UNKNOWN if value is None else f"{value:,}"
