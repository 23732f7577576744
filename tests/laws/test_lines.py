"""The same laws where venues keep silent, answer late, take replaces or refuse them, and know nothing of an order."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.commands import AmendOrder
from sottovoce.core.enums import ExecType, OrdStatus, RejReason, Strategy
from tests.laws.actions import ACTIONS, Act
from tests.laws.plans import STRATEGIES
from tests.laws.play import Play
from tests.laws.sequences import BYTES_MAX, finish, script_of
from tests.scenarios.small_desk import MID, TICK, TRADER

SEEDS = range(150)


def silence(play: Play, which: int, how: int) -> bool:
    """Nobody answers until the desk asks: what is not known stays out."""
    before = play.ledger.working
    if play.answers_due is None:
        return False
    play.now_ns = max(play.now_ns, play.answers_due.at_ns)
    play.step(play.answers_due.timer)
    assert play.ledger.working == before, "a timeout freed something"
    return True


def answer(play: Play, which: int, how: int) -> bool:
    """A venue says what one of our orders is."""
    if play.street.orders:
        play.step(play.street.tell(play.street.orders[which % len(play.street.orders)], play.now_ns))
    return bool(play.street.orders)


def know_nothing(play: Play, which: int, how: int) -> bool:
    """A venue says that it has no such order, which proves nothing."""
    order = play.street.live(which)
    if order is None:
        return False
    before = play.ledger.working
    said = play.street.tell(order, play.now_ns)
    play.street.sent.pop()
    play.step(msgspec.structs.replace(said, ord_status=OrdStatus.REJECTED, reason=RejReason.UNKNOWN_ORDER))
    assert play.ledger.working == before, "an unknown order was taken for dead"
    return True


def take_replace(play: Play, which: int, how: int) -> bool:
    asked = [order for order in play.street.orders if order.replacing is not None and order.leaves]
    if asked:
        play.step(play.street.replace(asked[which % len(asked)], play.now_ns))
    return bool(asked)


def refuse_replace(play: Play, which: int, how: int) -> bool:
    asked = [order for order in play.street.orders if order.replacing is not None]
    if asked:
        play.step(play.street.refuse_replace(asked[which % len(asked)], play.now_ns))
    return bool(asked)


def squeeze(play: Play, which: int, how: int) -> bool:
    """A tighter limit, or a smaller order: what rests, and is known to, is replaced."""
    for order in [each for each in play.street.orders if each.leaves]:
        play.step(play.street.say(order, ExecType.NEW, play.now_ns))
    px = f"{(MID - TICK * (which % 4)) / 1e6:.2f}"
    size = 3_000 + 12 * how if which % 2 else None
    play.step(AmendOrder(principal=TRADER, parent_id=play.parent, price=px, order_qty=size))
    return True


LINES: tuple[Act, ...] = (
    *ACTIONS, *(silence,) * 10, *(answer,) * 8, *(know_nothing,) * 5, *(take_replace,) * 12, *(refuse_replace,) * 5,
    *(squeeze,) * 8,
)  # fmt: skip


def play_lines(strategy: Strategy, script: bytes, finished: bool) -> Play:
    """As sequences.play_script, with the actions of lines."""
    play = Play(strategy)
    for at in range(0, len(script) - 2, 3):
        what, which, how = script[at : at + 3]
        if not LINES[what % len(LINES)](play, which, how):
            play.wake(play.timer)
    if finished:
        finish(play)
    return play


@settings(max_examples=600)
@given(strategy=st.sampled_from(STRATEGIES), script=st.binary(max_size=BYTES_MAX))
def test_laws_hold_whatever_the_line_does(strategy: Strategy, script: bytes) -> None:
    """Play.step checks every law after every step; at the end no share is unaccounted for."""
    play = play_lines(strategy, script, finished=False)
    ledger = play.ledger
    counted = ledger.filled + ledger.working + ledger.unsent + ledger.busted + ledger.returned
    assert counted == ledger.target + ledger.overfilled


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_laws_hold_over_seeds(strategy: Strategy) -> None:
    for seed in SEEDS:
        try:
            play = play_lines(strategy, script_of(seed), finished=False)
            assert min(play.ledger.unsent, play.ledger.working, play.ledger.filled) >= 0
        except Exception as error:
            raise AssertionError(f"{strategy.value} breaks a law with seed {seed}: {error}") from error


def test_unknown_orders_were_met() -> None:
    """Or the tests above prove nothing."""
    lost = 0
    for seed in SEEDS:
        for strategy in (Strategy.TWAP, Strategy.VWAP, Strategy.IS):
            play = play_lines(strategy, script_of(seed), finished=False)
            states = [sent.state.status for sent in play.executions.sent.values()]
            lost += states.count(OrdStatus.UNKNOWN)
    assert lost > 20
