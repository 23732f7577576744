"""Replaces hold both quantities until the answer (P4, K9); what the guard kept in never left; the packed past."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import CancelReject
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, ReportIgnored
from sottovoce.core.halts import HaltKind
from sottovoce.core.order_events import HaltSet
from sottovoce.core.session_commands import RouteStopped
from sottovoce.core.session_events import (
    ChildReplaceApproved,
    ChildReplaceRejected,
    ChildReplaceWanted,
    RouteReplaceRequested,
)
from sottovoce.stages.risk.state import RiskState
from tests.scenarios.small_desk import DARK, LIT, MID, TICK, VENUES
from tests.stages.executions.line_desk import LineDesk, only

TAKE_FEE = next(facts.take_fee for facts in VENUES if facts.venue == LIT)


def acked() -> LineDesk:
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    return desk


def ask(desk: LineDesk, qty: int, price: int | None = None, **words: object) -> list[StageEvent]:
    """Ask for a replace, past risk."""
    approved = ChildReplaceApproved(
        parent_id=desk.parent, ts_ns=desk.now_ns, child_id=desk.route.child_id, cl_ord_id=desk.route.cl_ord_id,
        qty=qty, price=price or desk.route.price,
    )  # fmt: skip
    approved = msgspec.structs.replace(approved, **words)
    desk.system.apply(approved)
    return desk.take(approved)


def asked(events: list[StageEvent]) -> RouteReplaceRequested:
    (found,) = only(events, RouteReplaceRequested)
    assert isinstance(found, RouteReplaceRequested)
    return found


def drawn(desk: LineDesk) -> int:
    """Shares risk counts as out."""
    state = desk.system.stage("risk").state()
    assert isinstance(state, RiskState)
    return state.exposure.reservations[desk.parent].drawn_qty


def test_reduction_frees_nothing_before_it_is_confirmed() -> None:
    desk = acked()
    before = desk.working
    request = asked(ask(desk, desk.route.qty - 50))
    assert (request.route.cl_ord_id, request.qty) == (desk.route.cl_ord_id, desk.route.qty - 50)
    assert (desk.working, drawn(desk)) == (before, before)
    desk.take(desk.report(ExecType.REPLACED, cl_ord_id=request.new_cl_ord_id, order_qty=request.qty))
    assert (desk.working, drawn(desk)) == (before - 50, before - 50)
    assert (desk.sent.route.cl_ord_id, desk.sent.route.qty) == (request.new_cl_ord_id, request.qty)


def test_raise_counts_from_the_request_on_and_comes_back_when_refused() -> None:
    """P4: a thousand shares are out, so a raise has nothing unsent to take: it is held, and shown as too much."""
    desk = acked()
    before = desk.working
    request = asked(ask(desk, desk.route.qty + 70))
    assert (desk.working, drawn(desk), desk.state.pending_qty) == (before + 70, before + 70, 70)
    no = CancelReject(
        parent_id=desk.parent, venue=LIT, cl_ord_id=request.new_cl_ord_id, exec_id="R1", ord_status=OrdStatus.NEW,
        transact_ns=1, text="too late",
    )  # fmt: skip
    desk.take(no)
    assert (desk.working, drawn(desk), desk.state.pending_qty) == (before, before, 0)
    assert desk.state.status is OrdStatus.NEW
    assert isinstance(desk.take(no)[0], ReportIgnored)


def test_second_replace_waits_for_the_answer_to_the_first() -> None:
    desk = acked()
    ask(desk, desk.route.qty - 50)
    (no,) = only(ask(desk, desk.route.qty - 80), ChildReplaceRejected)
    assert isinstance(no, ChildReplaceRejected)
    assert no.failures[0].code == "not_replaceable"


def test_venue_that_changes_no_orders_is_not_asked() -> None:
    desk = acked()
    dark = next(sent for sent in desk.book.sent.values() if sent.route.venue == DARK)
    desk.take(desk.report(ExecType.NEW, cl_ord_id=dark.route.cl_ord_id, venue=DARK))
    (no,) = only(ask(desk, 100, cl_ord_id=dark.route.cl_ord_id), ChildReplaceRejected)
    assert isinstance(no, ChildReplaceRejected)
    assert no.failures[0].code == "venue_replaces_none"


def test_same_replace_has_the_same_name_after_a_restart() -> None:
    desk = acked()
    saved = desk.system.save()
    first = asked(ask(desk, desk.route.qty - 50)).new_cl_ord_id
    desk.system.restore(saved)
    assert asked(ask(desk, desk.route.qty - 50)).new_cl_ord_id == first


def test_fills_and_cancels_find_the_order_under_either_name() -> None:
    desk = acked()
    request = asked(ask(desk, desk.route.qty - 50, desk.route.price - TICK))
    desk.trade(10)
    desk.take(desk.report(ExecType.REPLACED, cl_ord_id=request.new_cl_ord_id, order_qty=request.qty))
    fill = desk.report(ExecType.TRADE, cl_ord_id=request.new_cl_ord_id, last_qty=5, last_px=MID)
    assert len(only(desk.take(fill), Fill)) == 1
    assert (desk.state.cum_qty, desk.state.leaves_qty) == (15, request.qty - 15)


def test_replace_that_asks_too_much_is_stopped_by_risk() -> None:
    desk = acked()
    wanted = ChildReplaceWanted(
        parent_id=desk.parent, ts_ns=desk.now_ns, child_id=desk.route.child_id, cl_ord_id=desk.route.cl_ord_id,
        qty=desk.route.qty + 1_000_000, price=desk.route.price, reason="a test",
    )  # fmt: skip
    events = desk.take(wanted)
    assert only(events, ChildReplaceRejected)
    assert not only(events, RouteReplaceRequested)


# the guard ------------------------------------------------------------------------------------------------


def stop(desk: LineDesk) -> list[StageEvent]:
    stopped = RouteStopped(
        parent_id=desk.parent, venue=LIT, cl_ord_id=desk.route.cl_ord_id, scope="parent", qty=desk.route.qty,
        committed=1_000, most=1_000,
    )  # fmt: skip
    return desk.take(stopped)


def test_order_the_guard_kept_in_is_over_and_its_parent_is_halted() -> None:
    desk = LineDesk()
    before = desk.working
    (halt,) = only(stop(desk), HaltSet)
    assert isinstance(halt, HaltSet)
    assert (halt.halt.scope.kind, halt.halt.scope.name) == (HaltKind.ORDER, desk.parent)
    assert desk.state.status is OrdStatus.REJECTED
    assert desk.working == before - desk.route.qty
    assert stop(desk) == [], "told twice, done once"


# fees -----------------------------------------------------------------------------------------------------


def test_correction_restates_the_fee_too() -> None:
    desk = acked()
    desk.trade(100)
    words = {"last_qty": 60, "last_px": MID, "exec_ref_id": f"X{desk.said}"}
    (corrected,) = only(desk.take(desk.report(ExecType.TRADE_CORRECT, **words)), FillCorrected)
    assert isinstance(corrected, FillCorrected)
    assert (corrected.old_fee, corrected.fee) == (100 * TAKE_FEE, 60 * TAKE_FEE)
    assert desk.system.blotter.rows()[desk.parent].fees == 60 * TAKE_FEE


# the past -------------------------------------------------------------------------------------------------


def finished(hot: int) -> LineDesk:
    """All of it filled; then so many finished parents are kept as they are."""
    desk = LineDesk(hot_parents=hot)
    for number, sent in enumerate(list(desk.book.sent.values())):
        words = {"venue": sent.route.venue, "cl_ord_id": sent.route.cl_ord_id, "exec_id": f"F{number}"}
        desk.take(desk.report(ExecType.TRADE, last_qty=sent.route.qty, last_px=MID, **words))
    assert desk.system.blotter.rows()[desk.parent].status.value == "done"
    return desk


@pytest.mark.parametrize("hot", [0, 1])
def test_news_of_a_finished_order_is_understood_packed_or_not(hot: int) -> None:
    desk = finished(hot)
    assert (desk.parent in desk.book.packed) is (hot == 0)
    name = next(iter(desk.sent.executions))
    repeated = desk.report(ExecType.TRADE, last_qty=1, last_px=MID, exec_id=name)
    assert isinstance(desk.take(repeated)[0], ReportIgnored)
    (bust,) = only(desk.take(desk.report(ExecType.TRADE_CANCEL, exec_ref_id=name)), FillBusted)
    assert isinstance(bust, FillBusted)
    assert bust.qty == desk.route.qty
    row = desk.system.blotter.rows()[desk.parent]
    assert row.ledger is not None
    assert (row.ledger.busted, row.ledger.filled) == (desk.route.qty, 1_000 - desk.route.qty)


def test_packing_is_state_like_any_other() -> None:
    """Saved, restored and unpacked, a packed parent is what it was."""
    packed, kept = finished(0), finished(1)
    again = LineDesk(hot_parents=0)
    again.system.restore(packed.system.save())
    for desk in (again, kept):
        desk.said = 50
        desk.take(desk.report(ExecType.TRADE_CANCEL, exec_ref_id=next(iter(desk.sent.executions))))
    assert again.sent == kept.sent
    assert again.system.digest() != packed.system.digest()


def test_memory_of_the_packed_past_is_bounded() -> None:
    desk = LineDesk(hot_parents=0, packed_parents=0)
    for number, sent in enumerate(list(desk.book.sent.values())):
        words = {"venue": sent.route.venue, "cl_ord_id": sent.route.cl_ord_id, "exec_id": f"F{number}"}
        desk.take(desk.report(ExecType.TRADE, last_qty=sent.route.qty, last_px=MID, **words))
    book = desk.book
    assert (book.sent, book.packed, book.packed_names, book.by_parent, book.by_child) == ({}, {}, {}, {}, {})
    assert desk.take(desk.report(ExecType.TRADE, last_qty=1, last_px=MID)), "news of it is a break, not a crash"
