"""Time in force, however written (R7)."""

from __future__ import annotations

from sottovoce.intake.phrases import longest_first, phrase
from sottovoce.intake.reading import Reading

TIF = {
    "GTC": longest_first(
        "gtc", (
            "good (till|til|until|to) (cancelled|canceled|cancel|cancellation)"
        ), "good until i cancel", "good till i cancel"
    ),
    "IOC": longest_first("ioc", (
        "(immediate|immediately) or (cancel|cancelled|canceled)"
    ), "fak", "fill and kill", "fill & kill"),
    "FOK": longest_first("fok", "fill or kill"),
    "OPG": longest_first("opg", "at the opening only"),
    "DAY": longest_first(
        "gfd|day only|day order|[as] a day order|tif day|for the day|for the day only",
        "good for [the] day [only]|good for today [only]",
        "good (till|until) [the] (close|end of day|eod|day end)",
    ),
}  # fmt: skip
_DAY = phrase("day")


def take_time_in_force(reading: Reading) -> None:
    """GTC, IOC, FOK, OPG or DAY written out; runs before urgency, which knows "immediate" too."""
    for tif, pattern in TIF.items():
        if reading.take(pattern, "tif"):
            reading.settle("tif", tif, "conflicting_time")


def take_lone_day(reading: Reading) -> None:
    """The bare word "day" that no duration has claimed."""
    if reading.take(_DAY, "tif"):
        reading.settle("tif", "DAY", "conflicting_time")
