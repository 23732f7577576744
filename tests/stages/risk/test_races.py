"""Many orders at once against one room: reservation is part of the decision, so together they never exceed it (P3)."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.clearance_events import ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.enums import Side
from sottovoce.core.limits import Level
from sottovoce.core.reasons import failure
from sottovoce.core.session_events import ChildReplaceApproved, ChildReplaceRejected, ChildReplaceWanted
from sottovoce.core.work_events import ParentDone, ParentReturned
from sottovoce.stages.risk.lines import FIRM
from sottovoce.stages.risk.state import RouteSize
from tests.scenarios.small_desk import ACCOUNT, MID, OPEN_NS
from tests.stages.risk.cases import row
from tests.stages.risk.stage import Alone, only

ROOM_DOLLARS = 50_000
"""Ten orders of a hundred shares at fifty dollars."""


def race(seed: int, level: Level, scope: str, name: str) -> tuple[Alone, int]:
    """64 orders of a tenth of the room each, in any order, some of them over and done in between."""
    dice = random.Random(seed)
    desk, cleared = Alone(row(level, scope, name, ROOM_DOLLARS)), []
    for number in dice.sample(range(64), 64):
        parent = f"P{number}"
        side = Side.BUY if name == "net" else dice.choice((Side.BUY, Side.SELL))
        if only(OrderCleared, desk.enter(parent, side=side, limit_px=MID if side is Side.BUY else 2 * MID)):
            cleared.append(parent)
        if cleared and dice.random() < 0.1:
            gone = cleared.pop(dice.randrange(len(cleared)))
            desk.hear(ParentReturned(parent_id=gone, ts_ns=OPEN_NS, qty=100, reason="canceled"))
            desk.hear(ParentDone(parent_id=gone, ts_ns=OPEN_NS, reason="canceled"))
    return desk, len(cleared)


@pytest.mark.parametrize("first", range(0, 1_000, 100))
def test_sixty_four_orders_never_take_more_than_the_room(first: int) -> None:
    """A thousand races in all, at each level in turn."""
    levels = ((Level.FIRM, ""), (Level.ACCOUNT, ACCOUNT), (Level.TRADER, "trader-1"), (Level.DESK, "desk-1"))
    for seed in range(first, first + 100):
        level, scope = levels[seed % len(levels)]
        name = ("gross", "net")[seed % 2]
        desk, open_now = race(seed, level, scope, name)
        key = FIRM if level is Level.FIRM else f"{level.value}:{scope}"
        totals = desk.state.exposure.totals[key]
        assert (totals.gross if name == "gross" else totals.net) <= ROOM_DOLLARS * 1_000_000, f"seed {seed}"
        assert open_now <= 10, f"seed {seed}"


def test_ten_fit_and_the_eleventh_does_not() -> None:
    desk = Alone(row(Level.FIRM, "", "gross", ROOM_DOLLARS))
    answers = [bool(only(OrderCleared, desk.enter(f"P{number}", limit_px=MID))) for number in range(64)]
    assert answers == [True] * 10 + [False] * 54


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 60)), max_size=40))
def test_children_never_draw_more_than_their_parent_reserved(releases: list[tuple[int, int]]) -> None:
    """AT-05: whatever is released, what is out stays within what was promised."""
    desk = Alone()
    desk.enter(order_qty=200)
    for number, (_, qty) in enumerate(releases):
        before = desk.state.exposure.reservations["P"].drawn_qty
        stopped = only(ChildRejected, desk.release("P", number, qty))
        assert bool(stopped) is (before + qty > 200)
        assert desk.state.exposure.reservations["P"].drawn_qty <= 200


@pytest.mark.parametrize(("qty", "passes"), [(150, True), (200, True), (201, False), (50, True)])
def test_replace_counts_old_and_new_together(qty: int, passes: bool) -> None:
    """P4: 100 are out of 200 reserved; the replace may bring the order to 200 and no further."""
    desk = Alone()
    desk.enter(order_qty=200)
    desk.release("P", 1, 100)
    desk.state.routes["R-1"] = RouteSize(child_id="P.1", qty=100)
    wanted = ChildReplaceWanted(
        parent_id="P", ts_ns=OPEN_NS, child_id="P.1", cl_ord_id="R-1", qty=qty, price=MID, reason="a test"
    )
    (found,) = desk.say(wanted)
    assert isinstance(found, ChildReplaceApproved if passes else ChildReplaceRejected)
    if isinstance(found, ChildReplaceRejected):
        assert [failed.code for failed in found.failures] == ["not_reserved"]


def test_replace_of_what_was_never_sent_is_stopped() -> None:
    desk = Alone()
    desk.enter()
    wanted = ChildReplaceWanted(
        parent_id="P", ts_ns=OPEN_NS, child_id="P.1", cl_ord_id="R-9", qty=1, price=MID, reason="a test"
    )
    (found,) = desk.say(wanted)
    assert isinstance(found, ChildReplaceRejected)


def test_same_inputs_give_the_same_decisions_and_replay_the_same_state() -> None:
    """P7: reasons, their order, and the state folded from the record."""
    runs = [race(7, Level.FIRM, "", "gross")[0] for _ in range(2)]
    assert runs[0].history == runs[1].history
    assert runs[0].replayed() == runs[0].state
    rejected = only(OrderRejected, runs[0].history)
    assert rejected
    assert all(failed.limit_id for event in rejected for failed in event.failures)
    assert failure("risk", "restricted", "x").limit_version == 0
