"""What the executions stage remembers: orders at venues, ledgers, lines, breaks, and the packed past."""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import Execution, OrderState
from sottovoce.core.orders import Route
from sottovoce.core.session_commands import Declared
from sottovoce.core.session_events import BreakKind


class PendingReplace(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A replace the venue has not answered: the ClOrdID and what it asks for."""

    cl_ord_id: str
    qty: int
    price: int


class SentOrder(msgspec.Struct, kw_only=True, gc=False):
    """One order that left: what was sent, what it is now, its trades by ExecID, every report id seen.

    canceling: a cancel was sent and not refused. acked: the venue has spoken of it. asked: status requests since it
    last did. settled: the line came up after it was sent. held: the report of its end that waits for trades. named: the
    ClOrdIDs its replaces asked for. declared: people, or a logon, have declared it dead.
    """

    route: Route
    state: OrderState
    executions: dict[str, Execution] = {}
    seen: dict[str, int] = {}
    canceling: bool = False
    acked: bool = False
    asked: int = 0
    settled: bool = False
    held: ExecutionReport | None = None
    replace: PendingReplace | None = None
    named: list[str] = []
    declared: bool = False


class Line(msgspec.Struct, kw_only=True, gc=False):
    """The session with a venue, how often it came up, and when last: what it said before is of an earlier session."""

    up: bool = True
    reason: str = ""
    logons: int = 0
    logon_ns: int = 0


class Side(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One side's word on a trade that the other has not told of yet. since_ns: when we heard it."""

    parent_id: str
    cl_ord_id: str
    venue: str
    instrument_id: str
    qty: int
    px: int
    since_ns: int


class OpenBreak(msgspec.Struct, kw_only=True, gc=False):
    """A difference nobody has explained. holding: its instrument is held for it."""

    parent_id: str
    kind: BreakKind
    venue: str
    instrument_id: str
    cl_ord_id: str
    opened_ns: int
    ours: str
    theirs: str
    holding: bool = False
    proposed_by: str = ""


class Proposal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one person has declared of an unknown order."""

    principal: str
    declared: Declared
    evidence: str


class PackedParent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A finished parent as it is packed: its ledger and its orders."""

    ledger: Ledger
    orders: tuple[SentOrder, ...]


class ExecutionsState(msgspec.Struct, kw_only=True):
    """sent: by ClOrdID; names: later ClOrdIDs of replaced orders → the first; by_child, by_parent → ClOrdIDs.

    ledgers: by parent. due: parent → ClOrdID → when an answer is overdue. timers, armed: parent → number and time of
    its last acknowledgement timer. open_at: venue → ClOrdIDs that may trade. ours, theirs: trades only one side has
    told of, by venue and ExecID; sweeps: parent → number and time of its drop-copy timer. breaks: by id;
    breaks_of: parent → break ids. finished: parents done, oldest first; packed: parent → bytes; packed_names: ClOrdID
    → its packed parent.
    """

    sent: dict[str, SentOrder] = {}
    names: dict[str, str] = {}
    by_child: dict[str, list[str]] = {}
    by_parent: dict[str, list[str]] = {}
    ledgers: dict[str, Ledger] = {}
    due: dict[str, dict[str, int]] = {}
    timers: dict[str, tuple[int, int]] = {}
    open_at: dict[str, dict[str, int]] = {}
    lines: dict[str, Line] = {}
    ours: dict[str, Side] = {}
    theirs: dict[str, Side] = {}
    sweeps: dict[str, tuple[int, int]] = {}
    sides_of: dict[str, dict[str, int]] = {}
    breaks: dict[str, OpenBreak] = {}
    breaks_of: dict[str, dict[str, int]] = {}
    proposals: dict[str, Proposal] = {}
    finished: dict[str, int] = {}
    packed: dict[str, bytes] = {}
    packed_names: dict[str, str] = {}
