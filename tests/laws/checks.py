"""What must hold after every step, told twice: by the stages' books and by the street's own account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sottovoce.core.enums import Tactic
from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import TERMINAL, OrderState
from sottovoce.core.work_events import ChildCreated
from tests.laws.street import StreetOrder
from tests.scenarios.small_desk import ACCOUNT

if TYPE_CHECKING:
    from tests.laws.play import Play


def check_parent(ledger: Ledger) -> None:
    """L1 for a parent, written out again."""
    terms = (ledger.filled, ledger.working, ledger.unsent, ledger.busted, ledger.returned)
    assert min(terms) >= 0, ledger
    assert ledger.overfilled >= 0, ledger
    assert ledger.target + ledger.overfilled == sum(terms), ledger
    assert 0 <= ledger.reduction <= ledger.working, ledger


def check_order(state: OrderState) -> None:
    """L1 for an order at a venue, written out again."""
    terms = (
        state.cum_qty, state.leaves_qty, state.canceled_qty, state.rejected_qty, state.expired_qty, state.busted_qty,
    )  # fmt: skip
    assert min(terms) >= 0, state
    assert state.overfilled_qty >= 0, state
    assert state.order_qty + state.overfilled_qty == sum(terms), state
    assert state.leaves_qty == 0 or state.status not in TERMINAL, state


def check_books(play: Play) -> None:
    """Every law that must hold between two steps."""
    parent, ledger = play.parent, play.ledger
    check_parent(ledger)
    row = play.system.blotter.rows()[parent]
    assert row.ledger == ledger, "blotter and executions disagree"
    worked = play.algos.parents.get(parent)
    if worked is not None:
        assert worked.ledger == ledger, "algos and executions disagree"
        assert row.status is worked.status, "blotter and algos disagree"
    filled = working = undone = value = 0
    open_by_child: dict[str, int] = {}
    sent_orders = play.executions.sent
    assert len(sent_orders) == len(play.street.orders)
    for order in play.street.orders:
        state = sent_orders[order.route.cl_ord_id].state
        if state is not order.agreed:
            _same_order(state, order)
            order.agreed = state
        filled, working, undone = filled + order.filled, working + order.leaves, undone + order.undone
        value += order.value
        if order.leaves:
            child_id = order.route.child_id
            open_by_child[child_id] = open_by_child.get(child_id, 0) + order.leaves
    assert (ledger.filled, ledger.working, ledger.busted) == (filled, working, undone), "ledger and street disagree"
    assert row.value == value
    if worked is not None:
        assert {key: child.open_qty for key, child in worked.children.items()} == open_by_child
    _check_exposure(play, ledger, value, filled)
    if play.done:
        assert ledger.unsent == 0


def _same_order(state: OrderState, order: StreetOrder) -> None:
    """The desk's idea of an order is the street's."""
    check_order(state)
    told = (state.cum_qty, state.leaves_qty, state.busted_qty, state.value)
    assert told == (order.filled, order.leaves, order.undone, order.value), state


def _check_exposure(play: Play, ledger: Ledger, value: int, filled: int) -> None:
    """Risk's figures, added up again from the beginning."""
    exposure = play.exposure
    held = exposure.reservations[play.parent]
    assert held.drawn_qty == ledger.working, "what is drawn is not what works"
    assert held.open_qty >= held.drawn_qty
    assert held.open_qty >= (0 if play.done else ledger.working + ledger.unsent)
    if play.done:
        assert held.open_qty == ledger.working
    open_value = held.open_qty * held.worst_px
    buys, sells = (open_value, 0) if held.sign > 0 else (0, open_value)
    (line,) = [exposure.lines[key] for key in held.lines if key.startswith("account:")]
    held_value = line.qty * line.mark_px
    assert line.qty == held.sign * filled, "the position is not what traded"
    long, short = (held_value + buys, sells) if line.qty >= 0 else (max(held_value + buys, 0), sells - held_value)
    for scope in ("", f"account:{ACCOUNT}"):
        totals = exposure.totals[scope]
        assert (totals.open_buy, totals.open_sell, totals.traded) == (buys, sells, held.sign * value)
        assert (totals.long, totals.short, totals.position) == (long, short, held_value)


def check_child(play: Play, event: ChildCreated, unsent: int) -> None:
    """due = cumulative target - filled - working - busted, by the street's account, and never more than is unsent."""
    orders, qty = play.street.orders, event.child.qty
    gone = sum(order.filled + order.leaves + order.undone for order in orders)
    due = max(min(event.target_qty - gone, unsent), 0)
    assert event.due_qty == due, f"due is {event.due_qty}, should be {due}"
    assert 0 < qty <= unsent
    assert gone + qty <= play.asked, "released past the target"
    if event.child.tactic is not Tactic.AUCTION:
        assert qty <= due
