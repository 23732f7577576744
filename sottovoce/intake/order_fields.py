"""The fields of an order file, with their types, bounds and defaults. Unknown fields are errors."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Number = Annotated[str, msgspec.Meta(pattern=r"^\d{1,18}(\.\d{1,9})?$")]
Start = Annotated[str, msgspec.Meta(pattern=r"^(now|open|([01]\d|2[0-3]):[0-5]\d)$")]
End = Annotated[str, msgspec.Meta(pattern=r"^(close|([01]\d|2[0-3]):[0-5]\d)$")]
Symbol = Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9./]{1,12}( [A-Z0-9]{2})?$")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Shares = Annotated[int, msgspec.Meta(gt=0, le=10**15)]
Algo = Literal["VWAP", "TWAP", "POV", "IS", "CLOSE", "OPEN", "ICEBERG", "PEG", "LIQUIDITY", "SOR"]


class FileNotional(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A size in money."""

    amount: Number
    ccy: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$")]


class FileQuantityRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A size as a fraction of the position held or of average daily volume."""

    pct_of_position: Number | None = None
    pct_adv: Number | None = None


class FileAlgoParams(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Fractions of market volume above 0 and up to 0.5, and what a peg follows."""

    participation: Number | None = None
    participation_min: Number | None = None
    participation_max: Number | None = None
    peg: Literal["mid", "near", "far"] | None = None


class FileHorizon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """start "now", "open" or HH:MM; end "close" or HH:MM; trading days; minutes; IANA zone or "venue"."""

    start: Start = "now"
    end: End | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 1
    minutes: Annotated[int, msgspec.Meta(ge=1, le=1440)] | None = None
    tz: Text = "venue"


class FileWould(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Do the rest, or so many shares, at this price or better."""

    price: Number
    quantity: Literal["all"] | Shares = "all"


class FileConstraints(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bounds on how the order is worked."""

    close_auction: bool | None = None
    dark: Literal["none", "only"] | None = None
    display_qty: Shares | None = None
    locate_id: Text | None = None
    max_impact_bps: Number | None = None
    max_participation: Number | None = None
    max_pct_adv: Number | None = None
    min_exec_qty: Shares | None = None
    open_auction: bool | None = None
    post_only: bool | None = None
    venues_exclude: list[Text] | None = None
    venues_include: list[Text] | None = None
    would: FileWould | None = None


class FileOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One order of a file. Exactly one of quantity, notional and quantity_rule says how much."""

    symbol: Symbol
    side: Literal["buy", "sell", "sell_short", "buy_to_cover"]
    id: Text | None = None
    quantity: Shares | None = None
    notional: FileNotional | None = None
    quantity_rule: FileQuantityRule | None = None
    algo: Algo | None = None
    algo_params: FileAlgoParams = FileAlgoParams()
    limit: Number | None = None
    stop: Number | None = None
    tif: Literal["DAY", "GTC", "IOC", "FOK", "OPG", "CLO"] = "DAY"
    horizon: FileHorizon = FileHorizon()
    urgency: Literal["low", "medium", "high"] = "medium"
    constraints: FileConstraints = FileConstraints()
    account: Text | None = None
