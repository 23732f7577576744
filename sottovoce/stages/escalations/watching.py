"""The desk's own look at an order: what it finds that a person has to be asked, and what is sound again."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.escalation_events import Fact, Outcome
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.escalations.book import OVERFILL, AtWork, EscalationsState, Open
from sottovoce.stages.escalations.config import EscalationConfig
from sottovoce.stages.escalations.looking import BPS, PPM, Bounds, Outlook, bounds_of, outlook
from sottovoce.stages.escalations.raising import Raising, closing, order_digest
from sottovoce.stages.escalations.rules import COMPLETION, FAULT, MOVED, RULES

PERCENT = 100.0


def due_questions(
    at_work: AtWork, config: EscalationConfig, raising: Raising, view: MarketView
) -> tuple[list[StageEvent], list[str]]:
    """(events of new questions about an order, rules whose figures are sound again)."""
    events = _overfill(at_work, raising)
    seen = _seen(at_work, config, view)
    if seen is None:
        return events, []
    sound = [rule for rule in at_work.fired if _sound(rule, at_work, seen, config)]
    return [*events, *_outlook_questions(at_work, seen, raising)], sound


def unexplained(name: str, state: EscalationsState, raising: Raising, now_ns: int) -> list[StageEvent]:
    """The question about an unknown order or a break that has had its time; nothing where it is explained by now."""
    each = state.unexplained.get(name)
    if each is None:
        return []
    facts = (
        Fact(name=name, value=each.text),
        Fact(name="waited", value=f"{(now_ns - each.since_ns) / NS_PER_SECOND:.0f} s"),
    )
    at_work = state.orders.get(each.parent_id)
    if at_work is None:
        return raising.ask(FAULT, each.parent_id, facts=facts, subject=name, evidence=(name,))
    return raising.about_order(FAULT, at_work.order, facts, subject=name, evidence=(name,))


def settled(parent_id: str, state: EscalationsState, ts_ns: int) -> list[StageEvent]:
    """Open questions about an order that are over: their cause is explained, or the order was resumed or changed."""
    names = state.asked.get(parent_id, ())
    return [event for name in names for event in _ended(name, state.open[name], state, ts_ns)]


def _ended(name: str, asked: Open, state: EscalationsState, ts_ns: int) -> list[StageEvent]:
    at_work = state.orders[asked.parent_id]
    if RULES[asked.rule].pauses and at_work.resumed_by:
        by = at_work.resumed_by
        return [
            closing(name, asked.parent_id, ts_ns, Outcome.ANSWERED, "the order was resumed", by=by, choice="resume")
        ]
    if asked.about not in ("", OVERFILL) and asked.about not in state.unexplained:
        return [closing(name, asked.parent_id, ts_ns, Outcome.WITHDRAWN, "it is explained")]
    changed = asked.digest != order_digest(asked.rule, at_work.order)
    return [closing(name, asked.parent_id, ts_ns, Outcome.WITHDRAWN, "the order was changed")] if changed else []


def _seen(at_work: AtWork, config: EscalationConfig, view: MarketView) -> Outlook | None:
    """The outlook; None before the order has been worked for a while, or without a price to judge by."""
    if at_work.volume < 0 or view.ts_ns - at_work.started_ns < config.settle_s * NS_PER_SECOND:
        return None
    quote, market = view.quote(at_work.order.instrument_id), view.state(at_work.order.instrument_id)
    return None if isinstance(quote, Unusable) or market is None else outlook(at_work, quote, market, view.ts_ns)


def _outlook_questions(at_work: AtWork, seen: Outlook, raising: Raising) -> Sequence[StageEvent]:
    events: list[StageEvent] = []
    bounds = bounds_of(at_work.plan)
    if COMPLETION not in at_work.fired and (_short(seen, bounds) or _dear(at_work, seen, bounds)):
        events += raising.about_order(COMPLETION, at_work.order, _facts(at_work, seen, bounds))
    if MOVED not in at_work.fired and _moved(seen, bounds):
        most = "" if bounds.move_ppm is None else f"{bounds.move_ppm * BPS / PPM:.1f} bps"
        facts = (Fact(name="move against", value=f"{seen.move_bps:.1f} bps", limit=most),)
        events += raising.about_order(MOVED, at_work.order, facts)
    return events


def _short(seen: Outlook, bounds: Bounds, inside: float = 1.0) -> bool:
    """inside: below one, whether the figure is less than clearly back inside; so are the next two."""
    if seen.completion_ppm is None or bounds.completion_ppm is None:
        return False
    return seen.completion_ppm * inside < bounds.completion_ppm


def _dear(at_work: AtWork, seen: Outlook, bounds: Bounds, inside: float = 1.0) -> bool:
    expected = at_work.plan.expected_cost_bps
    if bounds.cost_ppm is None or expected <= 0:
        return False
    return seen.cost_bps * PPM > bounds.cost_ppm * expected * inside


def _moved(seen: Outlook, bounds: Bounds, inside: float = 1.0) -> bool:
    return bounds.move_ppm is not None and seen.move_bps * PPM > bounds.move_ppm * BPS * inside


def _sound(rule: str, at_work: AtWork, seen: Outlook, config: EscalationConfig) -> bool:
    """Whether a rule that fired may fire again: its figures are back inside, and clearly so."""
    inside, bounds = 1.0 - config.rearm_ppm / PPM, bounds_of(at_work.plan)
    if rule == MOVED:
        return not _moved(seen, bounds, inside)
    return rule == COMPLETION and not (_short(seen, bounds, inside) or _dear(at_work, seen, bounds, inside))


def _facts(at_work: AtWork, seen: Outlook, bounds: Bounds) -> tuple[Fact, ...]:
    least = "" if bounds.completion_ppm is None else f"{PERCENT * bounds.completion_ppm / PPM:.1f} %"
    most = "" if bounds.cost_ppm is None else f"{bounds.cost_ppm / PPM * at_work.plan.expected_cost_bps:.1f} bps"
    done = "unknown" if seen.completion_ppm is None else f"{PERCENT * seen.completion_ppm / PPM:.1f} %"
    return (
        Fact(name="filled", value=f"{at_work.filled:,}", limit=f"{at_work.order.order_qty:,}"),
        Fact(name="projected completion", value=done, limit=least),
        Fact(name="projected cost", value=f"{seen.cost_bps:.1f} bps", limit=most),
        Fact(name="move against", value=f"{seen.move_bps:.1f} bps"),
    )


def _overfill(at_work: AtWork, raising: Raising) -> list[StageEvent]:
    if at_work.over_qty <= at_work.over_asked:
        return []
    facts = (Fact(name=OVERFILL, value=f"{at_work.over_qty:,}", limit="0"),)
    return raising.about_order(FAULT, at_work.order, facts, subject=OVERFILL)
