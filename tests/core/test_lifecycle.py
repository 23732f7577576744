"""The table of order states: complete, conserving, and right in the cases FIX's Order State Changes name.

Source of the cases: FIX "Order State Changes", groups A (executions), B (cancels), C (replaces), J (busts).
"""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.errors import InvariantError
from sottovoce.core.lifecycle import (
    LIVE,
    TABLE,
    TERMINAL,
    Execution,
    Impossible,
    OrderState,
    Transition,
    check,
    transition,
)
from tests.core.venue_words import PX, QTY, after, order, report, trade

EVERY_PAIR = [(status, exec_type) for status in OrdStatus for exec_type in ExecType]
QUIET = [each for each in ExecType if each not in (ExecType.TRADE, ExecType.TRADE_CANCEL, ExecType.TRADE_CORRECT)]


def test_table_is_complete() -> None:
    assert set(TABLE) == set(EVERY_PAIR)
    assert set(OrdStatus) == LIVE | TERMINAL
    assert not LIVE & TERMINAL


@pytest.mark.parametrize(("status", "exec_type"), EVERY_PAIR)
def test_every_pair_conserves(status: OrdStatus, exec_type: ExecType) -> None:
    """Any report in any state: a state that adds up, with the moves spelled out, or an Impossible with a code."""
    before = order(status)
    said = report(exec_type, last_qty=100, last_px=PX, order_qty=1_200)
    outcome = transition(before, said, Execution(qty=100, px=PX) if before.cum_qty else None)
    if isinstance(outcome, Impossible):
        assert outcome.code in ("bust_of_unknown", "correct_of_unknown")
        assert before.cum_qty == 0
        return
    new = check(outcome.state)
    moved = outcome.added_qty - outcome.freed_qty - outcome.from_leaves
    assert new.leaves_qty - before.leaves_qty == moved
    assert new.leaves_qty == 0 or new.status in LIVE


@pytest.mark.parametrize("status", sorted(TERMINAL, key=str))
@pytest.mark.parametrize("exec_type", QUIET)
def test_late_news_does_not_revive_a_terminal_order(status: OrdStatus, exec_type: ExecType) -> None:
    assert after(order(status), report(exec_type, order_qty=5_000)) == Transition(state=order(status))


# A: executions --------------------------------------------------------------------------------------------


def test_fill_before_the_acknowledgement() -> None:
    filled = after(order(OrdStatus.PENDING_NEW), trade(400)).state
    assert (filled.status, filled.cum_qty, filled.leaves_qty) == (OrdStatus.PARTIALLY_FILLED, 400, 600)
    acknowledged = after(filled, report(ExecType.NEW)).state
    assert acknowledged == filled


def test_fill_in_full() -> None:
    moved = after(order(), trade(QTY))
    assert (moved.state.status, moved.state.leaves_qty, moved.from_leaves) == (OrdStatus.FILLED, 0, QTY)
    assert moved.state.value == QTY * PX


def test_overfill_is_booked_in_full() -> None:
    moved = after(order(), trade(QTY + 250))
    assert (moved.from_leaves, moved.over_qty) == (QTY, 250)
    assert (moved.state.cum_qty, moved.state.overfilled_qty) == (QTY + 250, 250)


@pytest.mark.parametrize(("qty", "px"), [(0, PX), (-5, PX), (100, 0), (100, -1)])
def test_trade_without_quantity_or_price_is_impossible(qty: int, px: int) -> None:
    outcome = transition(order(), trade(qty, px), None)
    assert isinstance(outcome, Impossible)
    assert outcome.code == "bad_trade"


# B: cancels -----------------------------------------------------------------------------------------------


def test_fill_crossing_a_cancel_keeps_the_cancel_pending() -> None:
    state = after(order(OrdStatus.PENDING_CANCEL), trade(400)).state
    assert (state.status, state.leaves_qty) == (OrdStatus.PENDING_CANCEL, 600)
    closed = after(state, report(ExecType.CANCELED))
    assert (closed.state.status, closed.freed_qty, closed.state.canceled_qty) == (OrdStatus.CANCELED, 600, 600)


def test_cancel_overtaken_by_the_last_fill() -> None:
    assert after(order(OrdStatus.PENDING_CANCEL), trade(QTY)).state.status is OrdStatus.FILLED


def test_late_fill_moves_quantity_from_canceled_to_filled() -> None:
    moved = after(order(OrdStatus.CANCELED), trade(200))
    assert (moved.from_leaves, moved.from_closed, moved.over_qty) == (0, 200, 0)
    assert (moved.state.cum_qty, moved.state.canceled_qty) == (600, 400)
    assert moved.state.status is OrdStatus.CANCELED


def test_late_fill_of_all_that_was_canceled_makes_it_filled() -> None:
    moved = after(order(OrdStatus.CANCELED), trade(600))
    assert (moved.state.status, moved.state.canceled_qty) == (OrdStatus.FILLED, 0)


def test_late_fill_beyond_what_was_canceled_is_an_overfill() -> None:
    moved = after(order(OrdStatus.EXPIRED), trade(700))
    assert (moved.from_closed, moved.over_qty) == (600, 100)


@pytest.mark.parametrize(
    ("exec_type", "status", "bucket"),
    [
        (ExecType.CANCELED, OrdStatus.CANCELED, "canceled_qty"),
        (ExecType.EXPIRED, OrdStatus.EXPIRED, "expired_qty"),
        (ExecType.DONE_FOR_DAY, OrdStatus.DONE_FOR_DAY, "expired_qty"),
        (ExecType.REJECTED, OrdStatus.REJECTED, "rejected_qty"),
    ],
)
def test_unsolicited_end_frees_what_is_left(exec_type: ExecType, status: OrdStatus, bucket: str) -> None:
    moved = after(order(OrdStatus.PARTIALLY_FILLED), report(exec_type))
    assert (moved.state.status, moved.freed_qty, getattr(moved.state, bucket)) == (status, 600, 600)
    assert moved.state.leaves_qty == 0


# C: replaces ----------------------------------------------------------------------------------------------


def test_replace_up_adds_to_leaves() -> None:
    moved = after(order(OrdStatus.PARTIALLY_FILLED), report(ExecType.REPLACED, order_qty=1_300))
    assert (moved.added_qty, moved.freed_qty, moved.state.leaves_qty) == (300, 0, 900)


def test_replace_down_frees() -> None:
    moved = after(order(OrdStatus.PARTIALLY_FILLED), report(ExecType.REPLACED, order_qty=700))
    assert (moved.added_qty, moved.freed_qty, moved.state.leaves_qty) == (0, 300, 300)


def test_replace_crossing_a_fill_cannot_take_back_what_traded() -> None:
    """Replaced down to 300 while 400 had already traded: the order is what was filled, and nothing is left."""
    moved = after(order(OrdStatus.PARTIALLY_FILLED), report(ExecType.REPLACED, order_qty=300))
    assert (moved.state.order_qty, moved.state.leaves_qty, moved.state.status) == (400, 0, OrdStatus.FILLED)


def test_fill_while_a_replace_is_pending_keeps_it_pending() -> None:
    assert after(order(OrdStatus.PENDING_REPLACE), trade(1)).state.status is OrdStatus.PENDING_REPLACE


def test_acknowledgement_does_not_end_a_pending_replace() -> None:
    state = order(OrdStatus.PENDING_REPLACE)
    assert after(state, report(ExecType.NEW)).state == state


@pytest.mark.parametrize("qty", [None, -1])
def test_replace_without_a_quantity_is_impossible(qty: int | None) -> None:
    outcome = transition(order(), report(ExecType.REPLACED, order_qty=qty), None)
    assert isinstance(outcome, Impossible)
    assert outcome.code == "bad_replace"


# J: busts and corrections ---------------------------------------------------------------------------------


def test_bust_in_whole_and_in_part() -> None:
    whole = after(order(OrdStatus.FILLED), report(ExecType.TRADE_CANCEL), Execution(qty=400, px=PX))
    part = after(order(OrdStatus.FILLED), report(ExecType.TRADE_CANCEL, last_qty=150), Execution(qty=400, px=PX))
    assert (whole.busted_qty, whole.state.cum_qty, whole.state.busted_qty) == (400, 600, 400)
    assert (part.busted_qty, part.state.cum_qty, part.state.value) == (150, 850, 850 * PX)
    assert whole.state.status is part.state.status is OrdStatus.FILLED


def test_bust_twice_changes_nothing_more() -> None:
    first = after(order(OrdStatus.FILLED), report(ExecType.TRADE_CANCEL), Execution(qty=400, px=PX)).state
    second = after(first, report(ExecType.TRADE_CANCEL), Execution(qty=0, px=PX))
    assert (second.state, second.busted_qty) == (first, 0)


@pytest.mark.parametrize("exec_type", [ExecType.TRADE_CANCEL, ExecType.TRADE_CORRECT])
def test_bust_or_correction_of_an_unknown_trade_is_impossible(exec_type: ExecType) -> None:
    outcome = transition(order(OrdStatus.FILLED), report(exec_type, last_qty=1, last_px=1), None)
    assert isinstance(outcome, Impossible)
    assert outcome.code.endswith("_of_unknown")


def test_bust_of_more_than_the_trade_is_impossible() -> None:
    outcome = transition(
        order(OrdStatus.FILLED), report(ExecType.TRADE_CANCEL, last_qty=401), Execution(qty=400, px=PX)
    )
    assert isinstance(outcome, Impossible)
    assert outcome.code == "bad_bust"


def test_correction_of_price_moves_only_value() -> None:
    said = report(ExecType.TRADE_CORRECT, last_qty=400, last_px=PX + 5)
    moved = after(order(OrdStatus.PARTIALLY_FILLED), said, Execution(qty=400, px=PX))
    assert (moved.state.cum_qty, moved.state.value, moved.busted_qty) == (400, 400 * (PX + 5), 0)


def test_correction_down_busts_the_difference() -> None:
    said = report(ExecType.TRADE_CORRECT, last_qty=300, last_px=PX)
    moved = after(order(OrdStatus.PARTIALLY_FILLED), said, Execution(qty=400, px=PX))
    assert (moved.state.cum_qty, moved.state.busted_qty, moved.state.leaves_qty) == (300, 100, 600)


def test_correction_up_takes_from_leaves_then_closed_then_over() -> None:
    live = after(
        order(OrdStatus.PARTIALLY_FILLED), report(ExecType.TRADE_CORRECT, last_qty=500, last_px=PX),
        Execution(qty=400, px=PX),
    )  # fmt: skip
    assert (live.from_leaves, live.state.leaves_qty) == (100, 500)
    closed = after(
        order(OrdStatus.CANCELED), report(ExecType.TRADE_CORRECT, last_qty=1_100, last_px=PX),
        Execution(qty=400, px=PX),
    )  # fmt: skip
    assert (closed.from_closed, closed.over_qty) == (600, 100)


def test_status_of_a_lost_order_proves_it_alive() -> None:
    assert after(order(OrdStatus.UNKNOWN), report(ExecType.ORDER_STATUS)).state.status is OrdStatus.NEW


# L1 -------------------------------------------------------------------------------------------------------

SAID = st.tuples(st.sampled_from(list(ExecType)), st.integers(-2, 1_500), st.integers(0, 2_000))


@given(st.lists(SAID, max_size=40))
def test_conservation_over_any_reports(said: list[tuple[ExecType, int, int]]) -> None:
    """L1 after every report, and cum_qty is always the sum of the trades that stand."""
    state, trades = order(OrdStatus.PENDING_NEW), [Execution(qty=0, px=PX)]
    for number, (exec_type, qty, order_qty) in enumerate(said):
        at = number % len(trades)
        words = report(exec_type, last_qty=qty, last_px=PX, order_qty=order_qty)
        outcome = transition(state, words, trades[at])
        if isinstance(outcome, Impossible):
            continue
        state = check(outcome.state)
        if exec_type is ExecType.TRADE:
            trades.append(Execution(qty=qty, px=PX))
        elif exec_type is ExecType.TRADE_CANCEL:
            trades[at] = Execution(qty=trades[at].qty - outcome.busted_qty, px=PX)
        elif exec_type is ExecType.TRADE_CORRECT:
            trades[at] = Execution(qty=qty, px=PX)
        assert state.cum_qty == sum(each.qty for each in trades)
        assert state.value == state.cum_qty * PX
        assert state.leaves_qty == 0 or state.status in LIVE


@pytest.mark.parametrize("field", ["cum_qty", "leaves_qty", "canceled_qty", "busted_qty", "overfilled_qty"])
def test_state_that_does_not_add_up_is_our_bug(field: str) -> None:
    broken: OrderState = msgspec.structs.replace(order(), **{field: 7})
    with pytest.raises(InvariantError, match="does not conserve"):
        check(broken)
