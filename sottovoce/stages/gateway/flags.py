"""Compliance flags (PT-21): present where a venue's profile asks for them, and never malformed."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.commands import NewOrder
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.text import is_identifier, shown
from sottovoce.stages.gateway.checking import NOTHING, SYNTAX
from sottovoce.stages.gateway.config import Flag

_WORDED = (Flag.CLIENT_ID, Flag.INVESTMENT_DECISION, Flag.EXECUTION_DECISION, Flag.ALGO_ID)


def malformed_flags(order: NewOrder) -> Sequence[Failure]:
    """A flag that is given is an identifier."""
    given = (order.client_id, order.investment_decision, order.execution_decision, order.algo_id)
    if given == (None, None, None, None):
        return NOTHING
    return [
        failure(SYNTAX, "bad_flag", f"{flag.value} {shown(text)}", "1 to 64 plain characters")
        for flag, text in zip(_WORDED, given, strict=True)
        if text is not None and not is_identifier(text)
    ]


def missing_flags(order: NewOrder, required: Sequence[Flag], stage: str, whose: str) -> list[Failure]:
    """One failure for each flag that is asked for and not there. The short flag is the side, which is always there."""
    return [
        failure(stage, "flag_missing", flag.value, whose)
        for flag in required
        if flag is not Flag.SHORT_FLAG and getattr(order, flag.value) is None
    ]
