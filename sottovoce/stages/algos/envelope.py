"""Does a running order stay within its plan (AT-06): schedule, price, number of children, cancels per fill.

Looked at whenever the order is. The first sight outside a bound is a warning; one that lasts pauses the order for a
person, once: what the person resumed in spite of is not held against it again until it has been within the bound.
Participation, which needs the market's volume over a window, is judged by risk at each child.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Strategy
from sottovoce.core.envelope_events import EnvelopeKept, EnvelopeLeft
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.market import Quote, Unusable
from sottovoce.core.orders import Failure
from sottovoce.core.ranges import Count, CountOrNone, NanosecondsOrNone, Ppm
from sottovoce.core.reasons import failure
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.stages.algos.parent import WorkedParent

PPM = 1_000_000
STAGE = "algos"
UNSCHEDULED = (Strategy.SOR, Strategy.CLOSE)
"""At once, and all in the auction: no schedule to be behind."""


class EnvelopeConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far an order may leave its plan. A bound is broken above its figure, not at it.

    watched: off, nothing is judged. pauses: off, an order outside is told of and goes on. lasting_ns: outside for
    so long, it pauses. schedule_ppm: shares ahead or behind, as a part of the parent, or one largest release where that
    is more. price_ppm: the market against the order since it arrived, as a part of the arrival price. children_times:
    children made, over those that clips of the plan's size need; children_min: never judged below. cancels_per_fill:
    cancels asked for over trades; cancels_min: never judged below.
    """

    watched: bool = True
    pauses: bool = True
    lasting_ns: NanosecondsOrNone = NS_PER_MINUTE
    schedule_ppm: Ppm = 100_000
    price_ppm: Ppm = 50_000
    children_times: Count = 10
    children_min: CountOrNone = 500
    cancels_per_fill: Count = 20
    cancels_min: CountOrNone = 50


def judged(
    parent: WorkedParent, target: int, quote: Quote | Unusable, now_ns: int, config: EnvelopeConfig
) -> list[StageEvent]:
    """Warnings of bounds just broken, the end of others, and the pause when one has been broken for too long.

    target: shares the plan wants done by now, without the auction's part, what was done before the plan included.
    """
    if not config.watched:
        return []
    parent_id, outside = parent.order.parent_id, broken(parent, target, quote, config)
    events: list[StageEvent] = [
        EnvelopeLeft(parent_id=parent_id, ts_ns=now_ns, failure=failed)
        for code, failed in outside.items()
        if code not in parent.outside
    ]
    events += [
        EnvelopeKept(parent_id=parent_id, ts_ns=now_ns, code=code) for code in parent.outside if code not in outside
    ]
    late = next((failed for code, failed in outside.items() if _lasts(parent, code, now_ns, config)), None)
    if config.pauses and late is not None and not _priced_out(parent, late, quote):
        reason = f"{late.code}: {late.value} (limit {late.limit})"
        events.append(ParentPaused(parent_id=parent_id, ts_ns=now_ns, reason=reason))
    return events


def _lasts(parent: WorkedParent, code: str, now_ns: int, config: EnvelopeConfig) -> bool:
    since_ns = parent.outside.get(code)
    return since_ns is not None and code not in parent.excused and now_ns - since_ns >= config.lasting_ns


def _priced_out(parent: WorkedParent, failed: Failure, quote: Quote | Unusable) -> bool:
    """Behind because the client's own limit is away from the market: told, but a pause would only miss its return."""
    limit = parent.limit_px
    if failed.code != "behind_schedule" or limit is None or isinstance(quote, Unusable):
        return False
    far = quote.ask if parent.order.side.sign > 0 else quote.bid
    return parent.order.side.sign * (far - limit) > 0


def broken(parent: WorkedParent, target: int, quote: Quote | Unusable, config: EnvelopeConfig) -> dict[str, Failure]:
    """The bounds an order is outside of now, by code, in a fixed order."""
    found = (
        _schedule(parent, target, config),
        _price(parent, quote, config),
        _children(parent, config),
        _cancels(parent, config),
    )
    return {failed.code: failed for failed in found if failed is not None}


def _schedule(parent: WorkedParent, target: int, config: EnvelopeConfig) -> Failure | None:
    """Behind or ahead of the timetable; not judged once the auction has its part, whose fills are not told apart.

    What was taken at the price the client would trade at is ahead on the client's own word.
    """
    if parent.plan.strategy in UNSCHEDULED or parent.auction_taken:
        return None
    behind = target - parent.ledger.filled - parent.ledger.busted
    if behind < 0:
        behind = min(behind + parent.would_taken - parent.would_before, 0)
    # One release is how far an order that keeps its timetable is from it, however small the order.
    most = max(parent.ledger.wanted * config.schedule_ppm // PPM, parent.plan.max_clip_qty)
    if abs(behind) <= most:
        return None
    return failure(STAGE, "behind_schedule" if behind > 0 else "ahead_of_schedule", abs(behind), most, 0)


def _price(parent: WorkedParent, quote: Quote | Unusable, config: EnvelopeConfig) -> Failure | None:
    arrival = parent.order.arrival_px
    if isinstance(quote, Unusable) or arrival <= 0:
        return None
    against = parent.order.side.sign * (quote.mid - arrival)
    if against * PPM <= arrival * config.price_ppm:
        return None
    return failure(STAGE, "price_away", f"{100 * against / arrival:.2f} %", f"{config.price_ppm / 10_000:.2f} %", 0)


def _children(parent: WorkedParent, config: EnvelopeConfig) -> Failure | None:
    needed = -(-parent.ledger.wanted // max(parent.plan.clip_qty, 1))
    most = max(config.children_min, config.children_times * needed)
    return failure(STAGE, "many_children", parent.children_made, most, 0) if parent.children_made > most else None


def _cancels(parent: WorkedParent, config: EnvelopeConfig) -> Failure | None:
    most = max(config.cancels_min, config.cancels_per_fill * parent.fills)
    return failure(STAGE, "many_cancels", parent.cancels, most, 0) if parent.cancels > most else None
