"""What can happen in a sequence. Each action returns False when there is nothing to do it to; then the clock ticks."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sottovoce.core.commands import (
    AmendOrder,
    CancelOrder,
    ExecutionReport,
    HaltTrading,
    PauseOrder,
    ResumeOrder,
    ResumeTrading,
)
from sottovoce.core.enums import ExecType
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ReportIgnored, ReportQuarantined
from sottovoce.core.session_events import BreakOpened
from sottovoce.core.work_events import TimerSet
from tests.laws.play import Play
from tests.laws.street import price
from tests.scenarios.small_desk import ACCOUNT, RISK, TRADER, halt_scope

Act = Callable[[Play, int, int], bool]


def wake(play: Play, which: int, how: int) -> bool:
    play.wake(play.timer)
    return True


def stale_wake(play: Play, which: int, how: int) -> bool:
    """A timer that was replaced by a later one decides nothing."""
    if play.old_timer is None:
        return False
    assert list(play.step(play.old_timer.timer)) == []
    return True


def _plain(kind: ExecType) -> Act:
    def act(play: Play, which: int, how: int) -> bool:
        order = play.street.live(which)
        if order is not None:
            play.step(play.street.say(order, kind, play.now_ns))
        return order is not None

    return act


def _close(kind: ExecType) -> Act:
    def act(play: Play, which: int, how: int) -> bool:
        order = play.street.live(which)
        if order is not None:
            play.step(play.street.close(order, kind, play.now_ns))
        return order is not None

    return act


def confirm_cancel(play: Play, which: int, how: int) -> bool:
    asked = [order for order in play.street.orders if order.canceling and order.leaves]
    if asked:
        order = asked[which % len(asked)]
        play.step(play.street.close(order, ExecType.CANCELED, play.now_ns))
    return bool(asked)


def refuse_cancel(play: Play, which: int, how: int) -> bool:
    asked = [order for order in play.street.orders if order.canceling]
    if asked:
        play.step(play.street.refuse_cancel(asked[which % len(asked)], play.now_ns))
    return bool(asked)


def fill_all(play: Play, which: int, how: int) -> bool:
    order = play.street.live(which)
    if order is not None:
        play.step(play.street.fill(order, order.leaves, price(how), play.now_ns))
    return order is not None


def fill_part(play: Play, which: int, how: int) -> bool:
    order = play.street.live(which)
    if order is not None:
        play.step(play.street.fill(order, 1 + how * (order.leaves - 1) // 255, price(how), play.now_ns))
    return order is not None


def overfill(play: Play, which: int, how: int) -> bool:
    order = play.street.live(which)
    if order is not None:
        play.step(play.street.fill(order, order.leaves + 1 + how * 4, price(how), play.now_ns))
    return order is not None


def late_fill(play: Play, which: int, how: int) -> bool:
    order = play.street.dead(which)
    if order is not None:
        play.step(play.street.fill(order, 1 + how * order.route.qty // 255, price(how), play.now_ns))
    return order is not None


def bust_whole(play: Play, which: int, how: int) -> bool:
    found = play.street.traded(which)
    if found is not None:
        play.step(play.street.bust(*found, 0, play.now_ns))
    return found is not None


def bust_part(play: Play, which: int, how: int) -> bool:
    found = play.street.traded(which)
    if found is not None:
        order, ref = found
        play.step(play.street.bust(order, ref, 1 + how * (order.trades[ref].qty - 1) // 255, play.now_ns))
    return found is not None


def correct(play: Play, which: int, how: int) -> bool:
    """A new price, and a quantity from 1 to twice what it was."""
    found = play.street.traded(which)
    if found is not None:
        order, ref = found
        qty = order.trades[ref].qty if how % 3 == 0 else 1 + how * (2 * order.trades[ref].qty - 1) // 255
        play.step(play.street.correct(order, ref, qty, price(which), play.now_ns))
    return found is not None


def restate(play: Play, which: int, how: int) -> bool:
    order = play.street.live(which)
    if order is not None:
        play.step(play.street.restate(order, how * 2 * order.route.qty // 255, play.now_ns))
    return order is not None


def duplicate(play: Play, which: int, how: int) -> bool:
    """A report that came before: it is ignored, and nothing else happens."""
    if not play.street.sent:
        return False
    events = play.step(play.street.sent[which % len(play.street.sent)])
    assert kinds(events) == [ReportIgnored], "a duplicate was counted"
    return True


def nonsense(play: Play, which: int, how: int) -> bool:
    """A report that cannot be true is put aside, and nothing else happens."""
    if not play.street.orders:
        return False
    order = play.street.orders[which % len(play.street.orders)]
    said = play.street.say(order, ExecType.TRADE_CANCEL, play.now_ns, 1, 1, "no such trade")
    wrong: tuple[ExecutionReport, ...] = (
        said,
        msgspec.structs.replace(said, cl_ord_id="nobody's"),
        msgspec.structs.replace(said, venue="ELSEWHERE"),
        msgspec.structs.replace(said, exec_type=ExecType.TRADE, last_qty=0),
        msgspec.structs.replace(said, exec_type=ExecType.TRADE_CORRECT),
    )
    play.street.sent.pop()
    said_of_it = kinds(play.step(wrong[how % len(wrong)]))
    assert said_of_it[0] is ReportQuarantined
    assert set(said_of_it[1:]) <= {BreakOpened, TimerSet}, "only a break may be noted"
    return True


def amend(play: Play, which: int, how: int) -> bool:
    """Any new size, from a lot to twice the order; an even `which` changes the limit too."""
    px = None if which % 2 else "60.00" if which % 4 else "40.00"
    play.step(AmendOrder(principal=TRADER, parent_id=play.parent, order_qty=100 + 48 * how, price=px))
    return True


def pause(play: Play, which: int, how: int) -> bool:
    play.step(PauseOrder(principal=TRADER, parent_id=play.parent))
    return True


def resume(play: Play, which: int, how: int) -> bool:
    if play.paused:
        play.step(ResumeOrder(principal=TRADER, parent_id=play.parent))
    return play.paused


def client_cancel(play: Play, which: int, how: int) -> bool:
    play.step(CancelOrder(principal=TRADER, parent_id=play.parent))
    return True


def halt(play: Play, which: int, how: int) -> bool:
    play.step(HaltTrading(principal=RISK, reason="a test", scope=halt_scope(ACCOUNT if how % 2 else None)))
    return True


def lift(play: Play, which: int, how: int) -> bool:
    for account in sorted(play.halts):
        play.step(ResumeTrading(principal=RISK, scope=halt_scope(account or None)))
    return True


def dry(play: Play, which: int, how: int) -> bool:
    """The venues show nothing, or show it again."""
    play.dry = not play.dry
    play.wake(play.timer)
    return True


def restart(play: Play, which: int, how: int) -> bool:
    play.restart()
    return True


def kinds(events: object) -> list[type[StageEvent]]:
    """The types of some events."""
    assert isinstance(events, list)
    return [type(event) for event in events]


# Once for each time in a hundred or so that it should be drawn; the first is what a sequence shrinks to.
ACTIONS: tuple[Act, ...] = (
    *(wake,) * 14, *(_plain(ExecType.NEW),) * 5, *(fill_all,) * 8, *(fill_part,) * 8,
    *(_close(ExecType.REJECTED),) * 4, *(confirm_cancel,) * 8, *(_close(ExecType.CANCELED),) * 3,
    *(_close(ExecType.EXPIRED),) * 2, _close(ExecType.DONE_FOR_DAY), *(refuse_cancel,) * 2,
    *(late_fill,) * 6, *(bust_whole,) * 2, *(bust_part,) * 2, *(correct,) * 4, *(overfill,) * 2, *(restate,) * 4,
    *(duplicate,) * 4, *(nonsense,) * 2, _plain(ExecType.PENDING_CANCEL), _plain(ExecType.ORDER_STATUS),
    _plain(ExecType.PENDING_REPLACE), *(amend,) * 4, pause, *(resume,) * 6, client_cancel, halt, *(lift,) * 3,
    restart, dry, dry, stale_wake,
)  # fmt: skip
