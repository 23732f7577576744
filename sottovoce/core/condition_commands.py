"""What the desk's own watch over the market says to the stages, as an input that is recorded like any other."""

from __future__ import annotations

import msgspec

NORMAL = "normal"


class MarketCondition(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="market_condition"):
    """The market of one name has changed its condition.

    code: "normal", or a code of core.reasons that says why the name cannot be traded now; detail: the figures, from
    both sources where two disagree; move_ppm: for a fast market, how far the mid has come, parts per million of where
    it was, positive upwards; seq: sequence number of the feed message it was seen at.
    """

    instrument_id: str
    code: str
    detail: str = ""
    move_ppm: int = 0
    seq: int = 0
    parent_id: str = ""
