"""Whole sequences: from a string of bytes or a seed, and how each of them must end."""

from __future__ import annotations

import random

from sottovoce.core.commands import CancelOrder, ResumeOrder, ResumeTrading
from sottovoce.core.enums import ExecType, Strategy
from tests.laws.actions import ACTIONS
from tests.laws.plans import CONFIG, END_NS
from tests.laws.play import Play
from tests.scenarios.small_desk import MID, RISK, TRADER, halt_scope

ACTIONS_MIN, ACTIONS_MAX = 6, 30
BYTES_MAX = 3 * ACTIONS_MAX
TURNS_MAX = 60
SEEDS = 100_000
FINISH_EVERY = 4


def script_of(seed: int) -> bytes:
    """The sequence of a seed."""
    dice = random.Random(seed)
    return dice.randbytes(3 * dice.randint(ACTIONS_MIN, ACTIONS_MAX))


def play_seed(strategy: Strategy, seed: int) -> Play:
    """The sequence of a seed; one in four is worked to its end."""
    return play_script(strategy, script_of(seed), finished=seed % FINISH_EVERY == 0)


def play_script(strategy: Strategy, script: bytes, finished: bool = True) -> Play:
    """Play a sequence, three bytes an action (what, which, how much)."""
    play = Play(strategy)
    for at in range(0, len(script) - 2, 3):
        what, which, how = script[at : at + 3]
        if not ACTIONS[what % len(ACTIONS)](play, which, how):
            play.wake(play.timer)
    if finished:
        finish(play)
    return play


def finish(play: Play) -> None:
    """From here on everybody does what they should: the order ends, and in full where nobody stopped it in time."""
    in_time = play.now_ns < END_NS - CONFIG.algos.last_call_ns and not play.canceled
    worked = play.algos.parents[play.parent]
    sign, limit = worked.order.side.sign, worked.limit_px
    reachable = limit is None or sign * (limit - MID) > 0
    follows_volume = play.strategy is Strategy.POV and play.amended
    for _ in range(TURNS_MAX):
        if play.done:
            break
        _unstop(play)
        _answer(play)
        if not play.done:
            play.wake(play.timer)
    assert play.done, "the order never ended"
    assert play.ledger.working == 0
    if in_time and reachable and not follows_volume:
        assert play.ledger.returned == 0, f"{play.ledger.returned} shares were forgotten"


def _unstop(play: Play) -> None:
    play.dry = False
    for account in sorted(play.halts):
        play.step(ResumeTrading(principal=RISK, scope=halt_scope(account or None)))
    if play.paused:
        play.step(ResumeOrder(principal=TRADER, parent_id=play.parent))


def _answer(play: Play) -> None:
    """Every resting order trades, or is canceled where that was asked for."""
    for order in play.street.orders:
        if order.leaves and order.canceling:
            play.step(play.street.close(order, ExecType.CANCELED, play.now_ns))
        elif order.leaves:
            play.step(play.street.fill(order, order.leaves, MID, play.now_ns))


def cancel(play: Play) -> None:
    """The client gives up."""
    play.step(CancelOrder(principal=TRADER, parent_id=play.parent))
