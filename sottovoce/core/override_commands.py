"""What people say when they let something go that a rule held: why, in a code and in words (controls A4)."""

from __future__ import annotations

from sottovoce.core.command import Command
from sottovoce.core.enums import Word


class OverrideReason(Word):
    """Why a hold was released; the words beside it say the rest."""

    REVIEWED = "reviewed"
    CLIENT_INSTRUCTION = "client_instruction"
    LIQUIDITY_EVENT = "liquidity_event"
    INDEX_EVENT = "index_event"
    RISK_REDUCTION = "risk_reduction"
    ERROR_CORRECTION = "error_correction"


class ConfirmHold(Command, frozen=True, kw_only=True, gc=False, tag="confirm_hold"):
    """A trader decides on an order of their own accounts that was held for its cost as it would be sent.

    It acknowledges the sizing gate and nothing else: what a rule reserves for another role still waits for it.
    """

    parent_id: str
    digest: str
    reason: str
    reason_code: OverrideReason = OverrideReason.REVIEWED
