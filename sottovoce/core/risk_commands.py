"""What operations and risk may tell the risk stage, what the outside answers it, and its timers."""

from __future__ import annotations

import msgspec

from sottovoce.core.command import Command


class RecordPosition(Command, frozen=True, kw_only=True, gc=False, tag="record_position"):
    """Operations says what an account holds in a name at the start of the day, shares, short < 0, with the source.

    From the first such record on, the account's positions are known, and its sales are marked from them (PT-15).
    """

    account: str
    instrument_id: str
    qty: int
    source: str


class RecordLocate(Command, frozen=True, kw_only=True, gc=False, tag="record_locate"):
    """Operations records a locate: qty shares of a name a lender has set aside for an account (PT-16).

    It is good until expires_ns and never after the session of the day it was recorded.
    """

    locate_id: str
    account: str
    instrument_id: str
    qty: int
    expires_ns: int
    source: str


class SetShortSaleTest(Command, frozen=True, kw_only=True, gc=False, tag="set_short_sale_test"):
    """Operations passes on the listing market's flag: short sales of a name are restricted until until_ns (PT-17)."""

    instrument_id: str
    until_ns: int
    source: str


class ReenableScope(Command, frozen=True, kw_only=True, gc=False, tag="reenable_scope"):
    """Risk lets a latched scope trade again, with the reason: "account:FUND-A", "order:<parent id>", "firm"."""

    scope: str
    reason: str


class OutsideAnswer(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="outside_answer"):
    """A remote risk store, locate desk or collateral system has answered a check of an order."""

    parent_id: str
    check: str
    passed: bool
    detail: str = ""


class OutsideExpiry(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="outside_expiry"):
    """An outside check has had its time."""

    parent_id: str
    check: str


class MarkPositions(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="mark_positions"):
    """Value every position at the market now (PO-03). Only the timer with the latest number counts."""

    number: int
    parent_id: str = ""


RiskCommand = RecordPosition | RecordLocate | SetShortSaleTest | ReenableScope
RiskTimer = OutsideExpiry | MarkPositions
