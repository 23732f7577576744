"""The field's enumerations: FIX member names, readable values; wire codes belong to the FIX adapter."""

from __future__ import annotations

from enum import Enum


class Word(Enum):
    """An enumeration hashed by identity: members are singletons, and Enum's own hash is slow on the order path."""

    __hash__ = object.__hash__


class Side(Word):
    """Side(54). sign is +1 for a buy and -1 for either kind of sell: costs times it are positive when they hurt."""

    BUY = "buy"
    SELL = "sell"
    SELL_SHORT = "sell_short"

    sign: int

    def __init__(self, value: str) -> None:
        self.sign = 1 if value == "buy" else -1


class OrdType(Word):
    """OrdType(40)."""

    MARKET = "market"
    LIMIT = "limit"
    PEGGED = "pegged"


class Peg(Word):
    """What a pegged order follows: the near touch, the mid, the far touch (ExecInst 18 = R, M, P)."""

    PRIMARY = "primary"
    MID = "mid"
    MARKET = "market"


class TimeInForce(Word):
    """TimeInForce(59)."""

    DAY = "day"
    IMMEDIATE_OR_CANCEL = "ioc"
    FILL_OR_KILL = "fok"
    AT_THE_OPENING = "at_the_opening"
    AT_THE_CLOSE = "at_the_close"


class Capacity(Word):
    """OrderCapacity(528): for whom the desk deals. Principal is the house's own account."""

    AGENCY = "agency"
    PRINCIPAL = "principal"
    RISKLESS_PRINCIPAL = "riskless_principal"


class ExecType(Word):
    """ExecType(150): what happened."""

    NEW = "new"
    TRADE = "trade"
    CANCELED = "canceled"
    REPLACED = "replaced"
    PENDING_CANCEL = "pending_cancel"
    PENDING_REPLACE = "pending_replace"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DONE_FOR_DAY = "done_for_day"
    RESTATED = "restated"
    TRADE_CANCEL = "trade_cancel"
    TRADE_CORRECT = "trade_correct"
    ORDER_STATUS = "order_status"


class OrdStatus(Word):
    """OrdStatus(39): what the order now is. UNKNOWN is ours: no venue has said, exposure is kept."""

    PENDING_NEW = "pending_new"
    NEW = "new"
    PARTIALLY_FILLED = "partially_filled"
    FILLED = "filled"
    PENDING_CANCEL = "pending_cancel"
    PENDING_REPLACE = "pending_replace"
    CANCELED = "canceled"
    REJECTED = "rejected"
    EXPIRED = "expired"
    DONE_FOR_DAY = "done_for_day"
    UNKNOWN = "unknown"


class RejReason(Word):
    """OrdRejReason(103) and CxlRejReason(102): why a venue said no."""

    TOO_LATE = "too_late"
    UNKNOWN_ORDER = "unknown_order"
    PENDING = "pending"
    DUPLICATE = "duplicate"
    CLOSED = "closed"
    OTHER = "other"


class LastLiquidityInd(Word):
    """LastLiquidityInd(851): whether a fill made or took liquidity, or came from a cross."""

    ADDED = "added"
    REMOVED = "removed"
    MIDPOINT = "midpoint"
    AUCTION = "auction"


class VenueKind(Word):
    """How a venue forms its prices."""

    LIT = "lit"
    DARK = "dark"
    AUCTION = "auction"


class Strategy(Word):
    """TargetStrategy(847): how a parent order is worked."""

    TWAP = "TWAP"
    VWAP = "VWAP"
    POV = "POV"
    IS = "IS"
    CLOSE = "CLOSE"
    SOR = "SOR"


class Urgency(Word):
    """How much timing risk the manager will carry to save impact; low carries the most."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class DarkUse(Word):
    """Whether dark venues may be used."""

    ALLOW = "allow"
    NONE = "none"
    ONLY = "only"


class Tactic(Word):
    """How one child is meant to trade: wait at the touch, cross, take what is at the price the client would trade at,
    or join an auction.
    """

    PASSIVE = "passive"
    AGGRESSIVE = "aggressive"
    WOULD = "would"
    AUCTION = "auction"


CROSSING = (Tactic.AGGRESSIVE, Tactic.WOULD)
"""Tactics that take what is shown, at once or not at all."""


class ParentStatus(Word):
    """Where a parent order stands, as the blotter shows it."""

    ACCEPTED = "accepted"
    HELD = "held"
    WORKING = "working"
    PAUSED = "paused"
    CANCELING = "canceling"
    DONE = "done"
    REJECTED = "rejected"
