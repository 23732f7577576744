"""The cases a desk remembers by name, told step by step with exact figures."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import ExecType, ParentStatus, Strategy
from sottovoce.core.execution_events import Fill, ParentPaused
from sottovoce.core.ledger import Ledger
from sottovoce.core.work_events import ChildCreated, ParentDone
from tests.laws.plans import END_NS, QTY, STRATEGIES
from tests.laws.play import Play
from tests.laws.sequences import cancel, finish
from tests.laws.street import StreetOrder
from tests.scenarios.small_desk import MID

SCHEDULED = (Strategy.TWAP, Strategy.VWAP, Strategy.IS)


def one_order(play: Play) -> StreetOrder:
    """Wake the order until something rests; everything but one of its routes then trades in full."""
    while not any(order.leaves for order in play.street.orders):
        play.wake(play.timer)
    resting = [order for order in play.street.orders if order.leaves]
    for order in resting[1:]:
        play.step(play.street.fill(order, order.leaves, MID, play.now_ns))
    return resting[0]


def trade_everything(play: Play) -> None:
    """Every resting order trades in full."""
    for order in play.street.orders:
        if order.leaves:
            play.step(play.street.fill(order, order.leaves, MID, play.now_ns))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_last_slice_completes_the_order(strategy: Strategy) -> None:
    play = Play(strategy)
    trade_everything(play)
    while not play.done:
        play.wake(play.timer)
        trade_everything(play)
    assert play.now_ns < END_NS
    assert play.ledger == Ledger(target=QTY, unsent=0, filled=QTY)


@pytest.mark.parametrize("strategy", SCHEDULED)
def test_rejected_last_slice_is_sent_again(strategy: Strategy) -> None:
    """What is left after the last release comes back, and goes out again at the next look."""
    play = Play(strategy)
    trade_everything(play)
    while play.ledger.unsent:
        play.wake(play.timer)
        if play.ledger.unsent:
            trade_everything(play)
    last = play.ledger.working
    for order in play.street.orders:
        if order.leaves:
            play.step(play.street.close(order, ExecType.REJECTED, play.now_ns))
    assert (play.ledger.unsent, play.done) == (last, False)
    finish(play)
    assert play.ledger.filled + play.ledger.returned == QTY
    assert play.ledger.returned == 0 or play.now_ns >= END_NS


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_one_rejected_slice_is_caught_up(strategy: Strategy) -> None:
    """A slice refused early does not shrink the order: due counts what is filled and working, never what was sent."""
    play = Play(strategy)
    order = one_order(play)
    back = order.leaves
    play.step(play.street.close(order, ExecType.REJECTED, play.now_ns))
    assert play.ledger.unsent >= back
    finish(play)
    assert play.ledger == Ledger(target=QTY, unsent=0, filled=QTY)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_cancel_then_late_fill_comes_out_of_what_was_returned(strategy: Strategy) -> None:
    play = Play(strategy)
    order = one_order(play)
    cancel(play)
    assert order.canceling
    late = order.leaves
    play.step(play.street.close(order, ExecType.CANCELED, play.now_ns))
    assert play.done
    returned, filled = play.ledger.returned, play.ledger.filled
    events = play.step(play.street.fill(order, late, MID, play.now_ns))
    fill = next(event for event in events if isinstance(event, Fill))
    assert (fill.late, fill.from_returned, fill.over_qty) == (True, late, 0)
    assert (play.ledger.filled, play.ledger.returned) == (filled + late, returned - late)
    row = play.system.blotter.rows()[play.parent]
    assert (row.status, row.late_fills) == (ParentStatus.DONE, 1)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_fill_that_crosses_the_cancel_leaves_nothing_to_return(strategy: Strategy) -> None:
    play = Play(strategy)
    order = one_order(play)
    cancel(play)
    open_qty, filled = order.leaves, play.ledger.filled
    play.step(play.street.fill(order, open_qty, MID, play.now_ns))
    assert play.done
    assert play.ledger.filled == filled + open_qty
    assert play.ledger.returned == QTY - filled - open_qty


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_canceled_slice_sent_again_then_filled_late_is_absorbed(strategy: Strategy) -> None:
    """The venue cancels a slice on its own, it goes out again, and the first one trades after all.

    The parent is paused for a person; when the second one is canceled its quantity undoes the excess.
    """
    play = Play(strategy)
    first = one_order(play)
    late = first.leaves
    play.step(play.street.close(first, ExecType.CANCELED, play.now_ns))
    while play.ledger.unsent:
        play.wake(play.timer)
        if play.ledger.unsent:
            trade_everything(play)
    resent = [order for order in play.street.orders if order.leaves]
    working = play.ledger.working
    assert sum(order.leaves for order in resent) == working > 0
    events = play.step(play.street.fill(first, late, MID, play.now_ns))
    assert any(isinstance(event, ParentPaused) for event in events)
    assert play.ledger.overfilled == late
    assert all(order.canceling for order in resent)
    for order in resent:
        play.step(play.street.close(order, ExecType.CANCELED, play.now_ns))
    assert play.ledger.overfilled == max(late - working, 0)
    assert play.ledger.working == 0
    finish(play)
    assert play.ledger.target + play.ledger.overfilled == play.ledger.filled + play.ledger.returned


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_nothing_is_created_after_the_cancel(strategy: Strategy) -> None:
    play = Play(strategy)
    cancel(play)
    made = len(play.children)
    while not play.done:
        trade_everything(play)
        events = play.wake(play.timer)
        assert not any(isinstance(event, ChildCreated) for event in events)
    assert len(play.children) == made


def test_bust_after_the_end_is_not_traded_again() -> None:
    play = Play(Strategy.TWAP)
    finish(play)
    order, ref = next((order, key) for order in play.street.orders for key in order.trades)
    undone = order.trades[ref].qty
    events = play.step(play.street.bust(order, ref, 0, play.now_ns))
    assert not any(isinstance(event, ChildCreated | ParentDone) for event in events)
    assert play.ledger == Ledger(target=QTY, unsent=0, filled=QTY - undone, busted=undone)
