"""What people look at before they act: the review queue, the kills in force, what nobody has explained.

Views of a folded system: nothing is decided and nothing changes. Each row names what an answer to it must name: the
digest of a held order, the id of a break, the ClOrdID of an order nobody can tell of.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import OrdStatus
from sottovoce.core.hold_roles import role_of
from sottovoce.core.orders import Failure
from sottovoce.runtime.system import System
from sottovoce.stages.approval.approval import Approval
from sottovoce.stages.approval.book import Held
from sottovoce.stages.executions.records import ExecutionsState
from sottovoce.stages.kills.book import KillsState
from sottovoce.stages.kills.kills import KilledRow, Kills


class HoldingRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule that holds an order, with its figures: whose it is to release, and who has, "" while nobody has."""

    rule: Failure
    role: str
    released_by: str


class QueuedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One order of the review queue: what a release or a refusal names, and until when it may be given."""

    parent_id: str
    cl_ord_id: str
    principal: str
    account: str
    instrument_id: str
    side: str
    order_qty: int
    expected_cost_bps: float
    digest: str
    expires_ns: int
    rules: tuple[HoldingRule, ...]


class HaltInForce(msgspec.Struct, frozen=True, kw_only=True):
    """What is stopped, by whom and why, and how far its cancels have come. orders: those that are not confirmed."""

    scope: str
    conduct: bool
    principal: str
    reason: str
    since_ns: int
    waiting: int
    unconfirmed: int
    confirmed: int
    orders: tuple[KilledRow, ...]


class BreakRow(msgspec.Struct, frozen=True, kw_only=True):
    """A difference nobody has explained. holding: nothing new leaves in its instrument, so two people close it."""

    break_id: str
    kind: str
    venue: str
    instrument_id: str
    cl_ord_id: str
    parent_id: str
    opened_ns: int
    ours: str
    theirs: str
    holding: bool
    proposed_by: str


class UnknownRow(msgspec.Struct, frozen=True, kw_only=True):
    """An order whose fate nobody can tell: it keeps its exposure. proposed: what one person has declared of it."""

    cl_ord_id: str
    parent_id: str
    venue: str
    instrument_id: str
    leaves_qty: int
    filled: int
    questions: int
    proposed: str
    proposed_by: str


def review_queue(system: System) -> tuple[QueuedOrder, ...]:
    """Held orders, oldest first."""
    stage = system.stage("approval")
    assert isinstance(stage, Approval)
    return tuple(_queued(held) for held in stage.waiting())


def _queued(held: Held) -> QueuedOrder:
    order = held.order
    return QueuedOrder(
        parent_id=order.parent_id,
        cl_ord_id=order.cl_ord_id,
        principal=order.principal,
        account=order.account,
        instrument_id=order.instrument_id,
        side=order.side.value,
        order_qty=order.order_qty,
        expected_cost_bps=held.plan.expected_cost_bps,
        digest=held.digest,
        expires_ns=held.expires_ns,
        rules=tuple(_rule(rule, held) for rule in held.rules),
    )


def _rule(rule: Failure, held: Held) -> HoldingRule:
    release = held.released.get(rule.code)
    return HoldingRule(rule=rule, role=role_of(rule), released_by="" if release is None else release.principal)


def halts_in_force(system: System) -> tuple[HaltInForce, ...]:
    """Every halt that stands, in the order they were set, with the orders no venue has confirmed to be over."""
    stage = system.stage("kills")
    assert isinstance(stage, Kills)
    state, rows = stage.state(), stage.rows()
    assert isinstance(state, KillsState)
    return tuple(
        HaltInForce(
            scope=str(kill.halt.scope),
            conduct=kill.halt.conduct,
            principal=kill.halt.principal,
            reason=kill.halt.reason,
            since_ns=kill.halt.ts_ns,
            waiting=len(kill.waiting),
            unconfirmed=len(kill.unconfirmed),
            confirmed=len(kill.confirmed),
            orders=tuple(row for row in rows if row.scope == str(kill.halt.scope) and row.state != "confirmed"),
        )
        for kill in state.kills.values()
    )


def open_breaks(system: System) -> tuple[BreakRow, ...]:
    """Breaks nobody has closed, oldest first."""
    return tuple(
        BreakRow(
            break_id=break_id,
            kind=found.kind.value,
            venue=found.venue,
            instrument_id=found.instrument_id,
            cl_ord_id=found.cl_ord_id,
            parent_id=found.parent_id,
            opened_ns=found.opened_ns,
            ours=found.ours,
            theirs=found.theirs,
            holding=found.holding,
            proposed_by=found.proposed_by,
        )
        for break_id, found in _orders(system).breaks.items()
    )


def unknown_orders(system: System) -> tuple[UnknownRow, ...]:
    """Orders that are UNKNOWN, in the order they left."""
    state = _orders(system)
    found = []
    for name, sent in state.sent.items():
        if sent.state.status is OrdStatus.UNKNOWN:
            proposal = state.proposals.get(name)
            found.append(
                UnknownRow(
                    cl_ord_id=name,
                    parent_id=sent.state.parent_id,
                    venue=sent.route.venue,
                    instrument_id=sent.route.instrument_id,
                    leaves_qty=sent.state.leaves_qty,
                    filled=sent.state.cum_qty,
                    questions=sent.asked,
                    proposed="" if proposal is None else proposal.declared.value,
                    proposed_by="" if proposal is None else proposal.principal,
                )
            )
    return tuple(found)


def _orders(system: System) -> ExecutionsState:
    state = system.stage("executions").state()
    assert isinstance(state, ExecutionsState)
    return state
