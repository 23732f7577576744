"""The desk's own look at an order: what it finds that a person has to be asked, and what is sound again."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.escalation_events import EscalationClosed, Fact, Outcome
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.escalations.book import OVERFILL, AtWork, EscalationsState, Open
from sottovoce.stages.escalations.config import EscalationConfig
from sottovoce.stages.escalations.looking import BPS, PPM, Outlook, outlook
from sottovoce.stages.escalations.raising import Raising, order_digest
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
    return [*events, *_outlook_questions(at_work, seen, config, raising)], sound


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
        return [_closed(name, asked, ts_ns, "the order was resumed", at_work.resumed_by)]
    if asked.about not in ("", OVERFILL) and asked.about not in state.unexplained:
        return [_closed(name, asked, ts_ns, "it is explained")]
    changed = asked.digest != order_digest(asked.rule, at_work.order)
    return [_closed(name, asked, ts_ns, "the order was changed")] if changed else []


def _closed(name: str, asked: Open, ts_ns: int, reason: str, by: str = "") -> EscalationClosed:
    """Answered where a person did it, taken back where the cause is gone."""
    return EscalationClosed(
        parent_id=asked.parent_id,
        ts_ns=ts_ns,
        escalation_id=name,
        outcome=Outcome.ANSWERED if by else Outcome.WITHDRAWN,
        principal=by,
        choice="resume" if by else "",
        reason=reason,
    )


def _seen(at_work: AtWork, config: EscalationConfig, view: MarketView) -> Outlook | None:
    """The outlook; None before the order has been worked for a while, or without a price to judge by."""
    if at_work.volume < 0 or view.ts_ns - at_work.started_ns < config.settle_s * NS_PER_SECOND:
        return None
    quote, market = view.quote(at_work.order.instrument_id), view.state(at_work.order.instrument_id)
    return None if isinstance(quote, Unusable) or market is None else outlook(at_work, quote, market, view.ts_ns)


def _outlook_questions(
    at_work: AtWork, seen: Outlook, config: EscalationConfig, raising: Raising
) -> Sequence[StageEvent]:
    events: list[StageEvent] = []
    if COMPLETION not in at_work.fired and (_short(seen, config) or _dear(at_work, seen, config)):
        events += raising.about_order(COMPLETION, at_work.order, _facts(at_work, seen, config))
    if MOVED not in at_work.fired and seen.move_bps * PPM > config.move_ppm * BPS:
        facts = (Fact(name="move against", value=f"{seen.move_bps:.1f} bps", limit=f"{_move_bps(config):.1f} bps"),)
        events += raising.about_order(MOVED, at_work.order, facts)
    return events


def _short(seen: Outlook, config: EscalationConfig) -> bool:
    return seen.completion_ppm is not None and seen.completion_ppm < config.completion_min_ppm


def _dear(at_work: AtWork, seen: Outlook, config: EscalationConfig) -> bool:
    expected = at_work.plan.expected_cost_bps
    return expected > 0 and seen.cost_bps * PPM > config.cost_ratio_ppm * expected


def _sound(rule: str, at_work: AtWork, seen: Outlook, config: EscalationConfig) -> bool:
    """Whether a rule that fired may fire again: its figures are back inside, and clearly so."""
    inside = 1.0 - config.rearm_ppm / PPM
    if rule == MOVED:
        return seen.move_bps * PPM <= config.move_ppm * BPS * inside
    if rule != COMPLETION:
        return False
    done = seen.completion_ppm is None or seen.completion_ppm * inside >= config.completion_min_ppm
    expected = at_work.plan.expected_cost_bps
    return done and (expected <= 0 or seen.cost_bps * PPM <= config.cost_ratio_ppm * expected * inside)


def _facts(at_work: AtWork, seen: Outlook, config: EscalationConfig) -> tuple[Fact, ...]:
    least, ratio = config.completion_min_ppm / PPM, config.cost_ratio_ppm / PPM
    done = "unknown" if seen.completion_ppm is None else f"{PERCENT * seen.completion_ppm / PPM:.1f} %"
    expected = at_work.plan.expected_cost_bps
    return (
        Fact(name="filled", value=f"{at_work.filled:,}", limit=f"{at_work.order.order_qty:,}"),
        Fact(name="projected completion", value=done, limit=f"{PERCENT * least:.1f} %"),
        Fact(name="projected cost", value=f"{seen.cost_bps:.1f} bps", limit=f"{ratio * expected:.1f} bps"),
        Fact(name="move against", value=f"{seen.move_bps:.1f} bps"),
    )


def _move_bps(config: EscalationConfig) -> float:
    return config.move_ppm * BPS / PPM


def _overfill(at_work: AtWork, raising: Raising) -> list[StageEvent]:
    if at_work.over_qty <= at_work.over_asked:
        return []
    facts = (Fact(name=OVERFILL, value=f"{at_work.over_qty:,}", limit="0"),)
    return raising.about_order(FAULT, at_work.order, facts, subject=OVERFILL)
