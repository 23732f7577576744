"""Limits as versioned data: money in the instrument's price units times shares, ratios in parts per million.

A firm row and a row for the account are both mandatory; the tighter one binds. A missing row rejects.
"""

from __future__ import annotations

import msgspec

PPM = 1_000_000
DOLLAR = 1_000_000
"""Price units x shares in one dollar at a price scale of 1e6."""

FIRM = ""


class ExposureLimit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hard limits on worst-case exposure of one scope, in currency."""

    gross: int
    net: int


class RiskLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of every limit. Values in whole currency; ratios in parts per million.

    parent_adv_ppm: largest order against 20-day average volume; child_adv_ppm likewise for one child;
    collar_ppm: how far through the mid a price may be; reserve_ppm: how far above the mid the worst case of an
    order without a limit price is taken.
    """

    version: int = 1
    parent_value_max: int = 250_000_000
    parent_qty_max: int = 20_000_000
    parent_adv_ppm: int = 1_000_000
    child_value_max: int = 50_000_000
    child_adv_ppm: int = 50_000
    collar_ppm: int = 30_000
    reserve_ppm: int = 100_000
    exposures: dict[str, ExposureLimit] = {}
    restricted: tuple[str, ...] = ()
