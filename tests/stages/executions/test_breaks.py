"""Our record against the drop copy (PO-02, V12), and what two people may declare."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.execution_events import RouteUpdated
from sottovoce.core.halts import HaltKind, HaltScope
from sottovoce.core.order_events import CommandRefused, HaltSet
from sottovoce.core.session_commands import (
    AckTimeout,
    CloseBreak,
    Declared,
    DropCopyReport,
    DropCopySweep,
    ResolveUnknown,
)
from sottovoce.core.session_events import (
    BreakAged,
    BreakClosed,
    BreakClosingProposed,
    BreakKind,
    BreakOpened,
    DropCopyMatched,
    ResolutionProposed,
    UnknownResolved,
)
from tests.scenarios.small_desk import LIT, MID, RISK, TRADER
from tests.stages.executions.line_desk import CLERK, OTHER_CLERK, LineDesk, only

EVIDENCE = "venue desk on the phone, ticket 4711"


def copied(desk: LineDesk, exec_id: str, qty: int, px: int = MID, **words: object) -> DropCopyReport:
    """The drop copy of one trade of the route."""
    plain = DropCopyReport(
        venue=LIT, cl_ord_id=desk.route.cl_ord_id, exec_id=exec_id, exec_type=ExecType.TRADE,
        ord_status=OrdStatus.PARTIALLY_FILLED, cum_qty=qty, leaves_qty=0, transact_ns=desk.now_ns, last_qty=qty,
        last_px=px, instrument_id="ACME",
    )  # fmt: skip
    return msgspec.structs.replace(plain, **words)


def desk_with_copy() -> LineDesk:
    """The lit venue's drop copy must confirm each trade."""
    desk = LineDesk(drop_copy_venues=(LIT,))
    desk.take(desk.report(ExecType.NEW))
    return desk


def opened(events: list[object]) -> list[BreakOpened]:
    return [event for event in events if isinstance(event, BreakOpened)]


@pytest.mark.parametrize("copy_first", [False, True])
def test_two_tellers_that_agree_say_nothing(copy_first: bool) -> None:
    desk = desk_with_copy()
    name = f"X{desk.said + 1}"
    if copy_first:
        desk.take(copied(desk, name, 100))
    desk.trade(100)
    if not copy_first:
        assert len(only(desk.take(copied(desk, name, 100)), DropCopyMatched)) == 1
    assert opened(list(desk.wait(600, DropCopySweep))) == []
    assert desk.book.breaks == {} == desk.book.ours == desk.book.theirs


@pytest.mark.parametrize(("qty", "px"), [(90, MID), (100, MID + 1)])
@pytest.mark.parametrize("copy_first", [False, True])
def test_figures_that_differ_are_a_break_at_once_with_both_sides(copy_first: bool, qty: int, px: int) -> None:
    desk = desk_with_copy()
    name = f"X{desk.said + 1}"
    events = desk.take(copied(desk, name, qty, px)) if copy_first else desk.trade(100)
    events += desk.trade(100) if copy_first else desk.take(copied(desk, name, qty, px))
    (found,) = opened(list(events))
    assert (found.kind, found.ours, found.theirs) == (BreakKind.FIGURES, f"100 @ {MID}", f"{qty} @ {px}")


def test_trade_the_drop_copy_does_not_tell_of_warns_after_30_s_and_holds_after_5_min() -> None:
    desk = desk_with_copy()
    desk.trade(100)
    assert opened(list(desk.wait(29.9, DropCopySweep))) == []
    (found,) = opened(list(desk.wait(0.2, DropCopySweep)))
    assert (found.kind, found.ours, found.theirs) == (BreakKind.ONLY_OURS, f"100 @ {MID}", "nothing")
    assert found.age_ns >= 30_000_000_000
    events = desk.wait(270, DropCopySweep)
    assert len(only(events, BreakAged)) == 1
    (halt,) = only(events, HaltSet)
    assert isinstance(halt, HaltSet)
    assert halt.halt.scope == HaltScope(kind=HaltKind.SYMBOL, name="ACME")


def test_trade_only_the_drop_copy_tells_of_is_a_break_until_the_session_tells_too() -> None:
    desk = desk_with_copy()
    desk.take(copied(desk, "X2", 100))
    (found,) = opened(list(desk.wait(31, DropCopySweep)))
    assert found.kind is BreakKind.ONLY_THEIRS
    (closed,) = only(desk.trade(100), BreakClosed)
    assert isinstance(closed, BreakClosed)
    assert (closed.break_id, closed.by) == (found.break_id, "venue session")
    assert desk.wait(600, DropCopySweep) == []


def test_drop_copy_told_twice_counts_once() -> None:
    desk = desk_with_copy()
    desk.trade(100)
    desk.take(copied(desk, "X2", 100))
    assert desk.take(copied(desk, "X2", 100)) == []


def test_drop_copy_of_an_order_nobody_sent_is_a_break() -> None:
    desk = desk_with_copy()
    (found,) = opened(list(desk.take(copied(desk, "Z1", 100, cl_ord_id="NOBODYS"))))
    assert (found.kind, found.instrument_id, found.ours) == (BreakKind.UNKNOWN_ORDER, "ACME", "nothing")
    assert desk.take(copied(desk, "Z1", 100, cl_ord_id="NOBODYS")) == [], "the same difference is one break"


def test_bust_of_an_unknown_trade_opens_a_break() -> None:
    """F-08."""
    desk = desk_with_copy()
    (found,) = opened(list(desk.take(desk.report(ExecType.TRADE_CANCEL, exec_ref_id="X99"))))
    assert found.kind is BreakKind.UNKNOWN_TRADE


# people ---------------------------------------------------------------------------------------------------


def lost() -> LineDesk:
    desk = LineDesk()
    desk.wait(2.0, AckTimeout)
    return desk


def declare(
    desk: LineDesk, who: str, declared: Declared = Declared.NEVER_ARRIVED, evidence: str = EVIDENCE
) -> list[object]:
    command = ResolveUnknown(
        principal=who, parent_id=desk.parent, cl_ord_id=desk.route.cl_ord_id, declared=declared, evidence=evidence
    )
    return list(desk.take(command))


def refused(events: list[object]) -> list[str]:
    (event,) = events
    assert isinstance(event, CommandRefused)
    return [failure.code for failure in event.failures]


def test_two_people_may_declare_an_unknown_order_and_its_quantity_comes_back() -> None:
    desk = lost()
    before = desk.working
    assert [type(event) for event in declare(desk, CLERK)] == [ResolutionProposed]
    assert desk.working == before, "one person changes nothing"
    events = declare(desk, RISK)
    (resolved,) = [event for event in events if isinstance(event, UnknownResolved)]
    assert (resolved.proposed_by, resolved.confirmed_by) == (CLERK, RISK)
    (updated,) = [event for event in events if isinstance(event, RouteUpdated)]
    assert updated.freed_qty == desk.route.qty
    assert desk.state.status is OrdStatus.REJECTED


def test_nobody_confirms_what_they_declared() -> None:
    desk = lost()
    declare(desk, CLERK)
    assert refused(declare(desk, CLERK)) == ["self_confirmation"]


def test_people_who_disagree_have_declared_nothing() -> None:
    desk = lost()
    declare(desk, CLERK)
    assert [type(event) for event in declare(desk, OTHER_CLERK, Declared.CANCELED)] == [ResolutionProposed]
    assert desk.state.status is OrdStatus.UNKNOWN


@pytest.mark.parametrize(
    ("who", "evidence", "codes"),
    [(TRADER, EVIDENCE, ["not_entitled"]), ("nobody", EVIDENCE, ["unknown_principal"]),
     (CLERK, " ", ["evidence_missing"])],
)  # fmt: skip
def test_declaration_that_is_not_allowed(who: str, evidence: str, codes: list[str]) -> None:
    assert refused(declare(lost(), who, evidence=evidence)) == codes


def test_order_whose_fate_is_known_is_nobodys_to_declare() -> None:
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    assert refused(declare(desk, CLERK)) == ["not_unknown"]


def test_break_is_closed_by_one_person_and_one_that_holds_an_instrument_by_two() -> None:
    desk = desk_with_copy()
    desk.trade(100)
    (found,) = opened(list(desk.wait(31, DropCopySweep)))
    close = CloseBreak(principal=CLERK, break_id=found.break_id, evidence=EVIDENCE)
    early = desk.system.save()
    assert [type(event) for event in desk.take(close)] == [BreakClosed]
    desk.system.restore(early)
    desk.wait(300, DropCopySweep)
    assert [type(event) for event in desk.take(close)] == [BreakClosingProposed]
    assert refused(list(desk.take(close))) == ["self_confirmation"]
    other = msgspec.structs.replace(close, principal=RISK)
    assert [type(event) for event in desk.take(other)] == [BreakClosed]
    assert refused(list(desk.take(other))) == ["no_such_break"]
