"""What surveillance says: one alert a pattern, with the orders it is made of and the figures that made it one."""

from __future__ import annotations

from typing import Protocol

import msgspec

SECOND = 1_000_000_000
MINUTE = 60 * SECOND


class ConductAlert(msgspec.Struct, frozen=True, kw_only=True):
    """control: the row of the control list; figures: what was measured, by name, beside what would have been too much.

    A case opens with it; the times and orders are where to look in the record.
    """

    code: str
    control: str
    owner: str
    instrument_id: str
    venue: str = ""
    begin_ns: int
    end_ns: int
    orders: tuple[str, ...]
    figures: dict[str, float]
    sentence: str


class ConductConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """House defaults of PO-06 to PO-11. Times in seconds; parts of one; sigma: standard deviations of price moves."""

    spoof_levels: int = 3
    spoof_size_ratio: float = 5.0
    spoof_life_s: float = 2.0
    spoof_fill_s: float = 10.0
    spoof_cancel_part: float = 0.9
    spoof_episodes: int = 2
    wash_s: float = 1.0
    close_window_s: float = 600.0
    close_volume_part: float = 0.25
    close_sigma: float = 2.0
    ignition_fills: int = 5
    ignition_s: float = 5.0
    ignition_sigma: float = 3.0
    ignition_reverse_s: float = 300.0
    stuffing_per_s: int = 500
    stuffing_ratio: float = 100.0
    stuffing_min: int = 1_000
    probe_s: float = 60.0
    probe_part: float = 0.01


class Prices(Protocol):
    """What the market did, as far as patterns need it. None where nobody knows."""

    def mid(self, instrument_id: str, at_ns: int) -> int | None:
        """The last mid at or before a time, price units."""
        ...

    def sigma(self, instrument_id: str, span_ns: int) -> float | None:
        """Standard deviation of the mid's moves over spans of that length, price units."""
        ...

    def volume(self, instrument_id: str, begin_ns: int, end_ns: int) -> int:
        """Shares printed after begin_ns and up to end_ns, ours included."""
        ...
