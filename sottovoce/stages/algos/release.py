"""Releasing a child: how much is due now, how it should trade, and at what worst price.

Pure functions on a parent, its plan and the quote. The jitter of sizes and times comes from the parent's recorded
seed, is bounded here, and never adds up: each release is measured against the cumulative target.
"""

from __future__ import annotations

from bisect import bisect_right

import msgspec

from sottovoce.core.enums import CROSSING, Side, Strategy, Tactic, TimeInForce, Urgency
from sottovoce.core.ids import child_id, jitter
from sottovoce.core.market import MarketState, Quote
from sottovoce.core.orders import CURVE_ONE, Child, Plan
from sottovoce.core.ranges import Count, CountOrNone, Money, Nanoseconds, NanosecondsOrNone, Ppm
from sottovoce.stages.algos import banding
from sottovoce.stages.algos.drift import ReplanConfig
from sottovoce.stages.algos.envelope import EnvelopeConfig
from sottovoce.stages.algos.following import followed
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.targets import cap

# Looked at several times for every child: a name of the module is quicker to find than a member of its class.
SOR, CLOSE = Strategy.SOR, Strategy.CLOSE
AGGRESSIVE, WOULD, BUY = Tactic.AGGRESSIVE, Tactic.WOULD, Side.BUY

SIZE_JITTER = 0.25
TIME_JITTER = 0.25
HURRY = 6
TIMES_IN_FORCE = {
    Tactic.PASSIVE: TimeInForce.DAY,
    Tactic.AGGRESSIVE: TimeInForce.IMMEDIATE_OR_CANCEL,
    Tactic.WOULD: TimeInForce.IMMEDIATE_OR_CANCEL,
    Tactic.AUCTION: TimeInForce.AT_THE_CLOSE,
}


class AlgoConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How children are released.

    patience_ns: how long a passive child rests before it is pulled; through_ppm: how far past the far touch an
    aggressive child may reach, parts per million of the price; close_cutoff_ns: how long before the end of the
    horizon the closing-auction children leave; close_last_ns: how long before it venues take the last of them;
    setbacks_max: children in a row that venues may end unasked before the parent pauses; done_kept: finished parents
    kept at hand. last_call_ns: from here to the end everything due crosses; child_value_max: currency, most value of
    one child; envelope: how far an order may leave its plan.
    """

    patience_ns: Nanoseconds = 60_000_000_000
    through_ppm: Ppm = 500
    close_cutoff_ns: NanosecondsOrNone = 900_000_000_000
    close_last_ns: NanosecondsOrNone = 601_000_000_000
    child_value_max: Money = 40_000_000
    last_call_ns: NanosecondsOrNone = 120_000_000_000
    setbacks_max: Count = 3
    done_kept: CountOrNone = 1_000
    replanning: ReplanConfig = ReplanConfig()
    envelope: EnvelopeConfig = EnvelopeConfig()


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """What the schedule wants now. target is cumulative; behind is what of it is not filled; capped: the cap or the top
    of the band binds; below: under the bottom of the band.
    """

    target: int
    due: int
    behind: int
    capped: bool
    below: bool = False


def others_volume(parent: WorkedParent, state: MarketState | None, own_qty: int) -> int:
    """Market volume since work by the plan began, without ours; own_qty: what all our parents in the name have done."""
    if state is None or parent.volume_0 is None:
        return 0
    return max(state.volume - parent.volume_0 - (own_qty - parent.own_0), 0)


def auction_part(parent: WorkedParent, now_ns: int, config: AlgoConfig) -> int:
    """Shares meant for the closing auction.

    All of a CLOSE order, whatever its size is now, but no more than its maximum participation gives it. Of any other
    the plan's part, until the last call: from then on only what the auction already has, and the rest trades with
    the continuous part.
    """
    wanted = parent.ledger.wanted
    if parent.plan.strategy is CLOSE:
        return wanted if parent.order.max_participation_ppm is None else min(parent.plan.close_qty, wanted)
    if now_ns >= parent.order.end_ns - config.close_last_ns:
        return min(parent.auction_taken, wanted)
    return min(parent.plan.close_qty, wanted)


def auction_due(parent: WorkedParent, now_ns: int, config: AlgoConfig) -> int:
    """Shares to send to the closing auction now: between its cutoff and its last call, what it does not have yet."""
    end_ns = parent.order.end_ns
    if not end_ns - config.close_cutoff_ns <= now_ns < end_ns - config.close_last_ns:
        return 0
    return max(min(auction_part(parent, now_ns, config) - parent.auction_taken, parent.ledger.unsent), 0)


def continuous_qty(parent: WorkedParent, now_ns: int, config: AlgoConfig) -> int:
    """Shares that trade outside the closing auction by the plan in force."""
    return max(parent.ledger.wanted - parent.base_qty - auction_part(parent, now_ns, config), 0)


def due_now(parent: WorkedParent, now_ns: int, ready_ns: int, others: int, config: AlgoConfig) -> Due:
    """The due quantity when the next look is at ready_ns: cumulative target - filled - working - busted.

    What the auction has, and what was done before the plan began, counts in working and filled, so both are in the
    target too. What may be released is never more than is unsent, and never takes the continuous part past the
    participation cap, nor a POV order's part of the last minutes past its band.
    """
    ledger, taken = parent.ledger, parent.auction_taken + parent.base_qty
    wanted = followed(parent, now_ns, ready_ns, continuous_qty(parent, now_ns, config), others) + taken
    behind = wanted - ledger.filled - ledger.busted
    due = behind - ledger.working
    room = cap(parent.plan, others, parent.order.lot) + taken - ledger.filled - ledger.working
    room = min(room, banding.room(parent, others))
    below = banding.below(parent, others)
    return Due(target=wanted, due=max(min(due, room, ledger.unsent), 0), behind=behind, capped=room < due, below=below)


def pace(parent: WorkedParent, now_ns: int, ready_ns: int, others: int, config: AlgoConfig) -> int:
    """Shares the schedule itself asks for between now and the next look."""
    qty = continuous_qty(parent, now_ns, config)
    return followed(parent, now_ns, ready_ns, qty, others) - followed(parent, now_ns, now_ns, qty, others)


def clip(parent: WorkedParent, due: Due, pace_qty: int, now_ns: int, config: AlgoConfig) -> int:
    """The size of the next child: whole lots, jittered below the largest clip; an odd rest goes with the last.

    Catching up is bounded: never more than the plan's largest clip or twice the schedule's own pace, except in the
    last call, when all that is due goes.
    """
    plan, lot = parent.plan, parent.order.lot
    if plan.strategy is SOR or now_ns >= parent.order.end_ns - config.last_call_ns:
        return due.due
    draw = jitter(parent.seed, "size", parent.children_made)
    most = int(max(plan.max_clip_qty, 2 * pace_qty) * (1.0 - SIZE_JITTER * draw))
    size = min(due.due, max(most, lot))
    return size if size >= parent.ledger.unsent else size - size % lot


def ceiling(parent: WorkedParent, px: int, config: AlgoConfig) -> int:
    """Most shares of one child: below risk's limits on a child's value and part of daily volume, in whole lots."""
    order = parent.order
    most = config.child_value_max * order.price_scale // px
    if parent.plan.child_qty_max:
        most = min(most, parent.plan.child_qty_max)
    return max(most - most % order.lot, 1)


def tactic_for(parent: WorkedParent, due: Due, pace_qty: int, quote: Quote, now_ns: int, config: AlgoConfig) -> Tactic:
    """Wait at the touch unless late: behind the schedule as it stands by more than a clip, in a hurry, or near the end.

    What the schedule only asks for by the next look (pace_qty, shares) is not late yet; what rests unfilled is. An
    order whose limit the market is beyond can only wait; one held back by the participation cap is not late, and one
    whose children venues end unasked does not hurry: that an immediate order ends would be no news (setbacks.py).
    """
    order, plan, limit = parent.order, parent.plan, parent.limit_px
    far = quote.ask if order.side is BUY else quote.bid
    if limit is not None and order.side.sign * (far - limit) > 0:
        return Tactic.PASSIVE
    if plan.strategy is SOR or order.urgency is Urgency.HIGH:
        return AGGRESSIVE
    allowance = plan.max_clip_qty * (2 if order.urgency is Urgency.LOW else 1)
    late = (due.behind - pace_qty > allowance or due.below) and not due.capped and not parent.setbacks
    return AGGRESSIVE if late or now_ns >= order.end_ns - config.last_call_ns else Tactic.PASSIVE


def bound_px(parent: WorkedParent, tactic: Tactic, quote: Quote, config: AlgoConfig) -> int:
    """The worst price the child may trade at, on a tick: never past the parent's own limit.

    A passive child never pays more than the far touch (the mid is inside it); an aggressive one may go a little
    through it, one at the price the client would trade at no further than that price; an auction child a little
    further, since the cross is not the touch.
    """
    order = parent.order
    far = quote.ask if order.side is BUY else quote.bid
    through = 0
    if tactic in CROSSING:
        through = far * config.through_ppm // 1_000_000
    elif tactic is Tactic.AUCTION:
        through = far * 20 * config.through_ppm // 1_000_000
    sign = order.side.sign
    px = far + sign * (through - through % order.tick)
    for limit in (parent.limit_px, order.would_px if tactic is WOULD else None):
        if limit is not None:
            px = min(px, limit) if sign > 0 else max(px, limit)
    return px


def build_child(parent: WorkedParent, qty: int, tactic: Tactic, limit_px: int, now_ns: int, number: int) -> Child:
    """The next child of a parent."""
    order, plan = parent.order, parent.plan
    return Child(
        child_id=child_id(order.parent_id, number),
        parent_id=order.parent_id,
        instrument_id=order.instrument_id,
        side=order.side,
        qty=qty,
        limit_px=limit_px,
        tactic=tactic,
        time_in_force=TIMES_IN_FORCE[tactic],
        created_ns=now_ns,
        dark=order.dark,
        dark_ppm=plan.dark_ppm,
        lot=order.lot,
        tick=order.tick,
        avoid=order.avoid,
        prefer=order.prefer,
    )


def next_wake_ns(parent: WorkedParent, now_ns: int, hurried: bool) -> int:
    """When to look again: the plan's interval, jittered by up to a quarter either way, not past the end.

    Hurried, that is late and crossing the spread, a sixth of it: what the touch shows is small and comes back.

    Where the plan wants nothing for longer than that, as overnight, the next look is when it wants something again.
    """
    plan, end = parent.plan, parent.order.end_ns
    if plan.strategy is SOR:
        return min(now_ns + plan.wake_ns, end) if now_ns < end else now_ns + plan.wake_ns
    draw = jitter(parent.seed, "time", parent.wake)
    interval = plan.wake_ns // HURRY if hurried else plan.wake_ns
    at = now_ns + max(int(interval * (1.0 + TIME_JITTER * (2.0 * draw - 1.0))), 1)
    idle_until = quiet_until(plan, now_ns)
    at = max(at, idle_until)
    return end if at > end > now_ns else at


def quiet_until(plan: Plan, now_ns: int) -> int:
    """End of the flat stretch of the schedule that now_ns lies in; now_ns itself when it is not flat."""
    right = bisect_right(plan.edges_ns, now_ns)
    if 0 < right < len(plan.edges_ns) and plan.curve[right - 1] == plan.curve[right] < CURVE_ONE:
        return plan.edges_ns[right]
    return now_ns
