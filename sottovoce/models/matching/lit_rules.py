"""How a lit venue behaves where venues differ, as dated data: self-match prevention, and orders during a halt."""

from __future__ import annotations

from enum import Enum

import msgspec


class SelfMatch(Enum):
    """What happens when two orders of one owner would trade with each other.

    DECREMENT_BOTH takes the smaller quantity off both without a trade; who has nothing left is canceled.
    """

    CANCEL_NEWEST = "cancel_newest"
    CANCEL_OLDEST = "cancel_oldest"
    DECREMENT_BOTH = "decrement_both"


class LitRules(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The rules of one venue from a date on. halt_queues: day orders are taken during a halt, and wait for its end."""

    venue: str
    effective_from: str
    source: str
    self_match: SelfMatch = SelfMatch.CANCEL_NEWEST
    halt_queues: bool = True
