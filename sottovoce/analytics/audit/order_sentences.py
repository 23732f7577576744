"""What happened to an order inside the desk, a sentence for each type of event: gateway, risk, approval, algorithm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sottovoce.analytics.audit.wording import Wording, asked, clock, every, moment, shares
from sottovoce.core.clearance_events import (
    AmendCleared,
    AmendRejected,
    ChildApproved,
    ChildRejected,
    OrderCleared,
    OrderRejected,
)
from sottovoce.core.execution_events import InputPoisoned, ParentPaused
from sottovoce.core.order_events import (
    AmendAccepted,
    AmendAllowed,
    AnswerRepeated,
    CancelAccepted,
    CommandRefused,
    OrderAccepted,
    OrderRefused,
    PauseAccepted,
    RefusalAccepted,
    ReleaseAccepted,
    ResumeAccepted,
)
from sottovoce.core.orders import ParentOrder
from sottovoce.core.plan_events import (
    OrderApproved,
    OrderHeld,
    OrderPlanned,
    OrderReplanned,
    ReplanRefused,
    ReplanWanted,
)
from sottovoce.core.replan_events import MarketSampled
from sottovoce.core.work_events import (
    ChildCancelRequested,
    ChildCreated,
    ParentDone,
    ParentReturned,
    TimerSet,
    WorkStarted,
)

Sentence = Callable[[Any, Wording], str]
"""An event and the order's units to what a reader is told."""

RULES = ("rule", "within the desk's own limits")


def order_words(order: ParentOrder, w: Wording) -> str:
    """An order as a person would ask for it."""
    side = order.side.value.replace("_", " ")
    limit = "at any price" if order.limit_px is None else f"with a limit of {w.px(order.limit_px)}"
    manner = "" if order.strategy is None else f" by {order.strategy.value}"
    note = f', with the note "{order.note}"' if order.note else ""
    return (
        f"{side} {shares(order.order_qty)} {order.symbol} for account {order.account}{manner}, {limit}, "
        f"from {moment(order.start_ns)} to {moment(order.end_ns)}{note}"
    )


def who_released(by: str) -> str:
    """ "risk-1 released it", or that the desk's rules let it go."""
    return "No rule asked for a person, so the desk's own rules approved it" if by in RULES else f"{by} released it"


def _accepted(x: OrderAccepted, w: Wording) -> str:
    holds = f" Rules a person must let pass: {every(x.holds)}." if x.holds else ""
    arrival = f"The price on arrival was {w.px(x.order.arrival_px)} ({x.order.arrival_rule.replace('_', ' ')})."
    return f"{x.order.principal} asked to {order_words(x.order, w)}. {arrival}{holds}"


def _cleared(x: OrderCleared, w: Wording) -> str:
    holds = f" A person must let pass: {every(x.holds)}." if x.holds else ""
    noted = f" Noted: {every(x.warnings)}." if x.warnings else ""
    ref = f", judged by a price of {w.px(x.ref_px)}" if x.ref_px else ""
    worst = f"{shares(x.reserved_qty)} shares at {w.px(x.worst_px)}"
    under = f"limits version {x.limits_version}{ref}"
    return f"Risk cleared it under {under} and reserved the worst case, {worst}.{holds}{noted}"


def _planned(x: OrderPlanned, w: Wording) -> str:
    plan = x.plan
    cost = f"{plan.expected_cost_bps:.1f} bps, {plan.cost_low_bps:.1f} to {plan.cost_high_bps:.1f}"
    return f"It was planned as {plan.strategy.value} at an expected cost of {cost} (plan {x.plan_digest[:12]})."


def _because(x: CancelAccepted) -> str:
    return "" if x.reason in ("", f"canceled by {x.principal}") else f": {x.reason}"


def _replanned(x: OrderReplanned, w: Wording) -> str:
    plan, rest = x.plan, f"{shares(x.rest.order_qty)} shares"
    return (
        f"What was left, {rest}, was planned again as {plan.strategy.value} until {clock(x.rest.end_ns)}, at an "
        f"expected cost of {plan.expected_cost_bps:.1f} bps{_departed(x)}."
    )


def _departed(x: OrderReplanned) -> str:
    """Why, where it was the market and no person, and what the plan before it said."""
    seen = x.departure
    if seen is None:
        return ""
    cause = f"{seen.figure} at {seen.seen_ppm / 1e4:.1f} % passed {seen.limit_ppm / 1e4:.1f} %"
    before = "" if x.before is None else f", where the plan before had expected {x.before.expected_cost_bps:.1f} bps"
    return f"{before}, because the market left that plan: {cause} ({seen.number} of {seen.most} times)"


def _held(x: OrderHeld, w: Wording) -> str:
    return (
        f"It was held for a person of the {x.role} role, until {clock(x.expires_ns)}: {every(x.rules)}. "
        f"The plan shown was {x.plan_digest[:12]}; nothing was sent."
    )


def _child(x: ChildCreated, w: Wording) -> str:
    child = x.child
    due = f"{shares(x.due_qty)} were due of {shares(x.target_qty)}"
    tactic = f"{child.tactic.value}, up to {w.px(child.limit_px)}"
    return f"The algorithm released child {x.number}: {shares(child.qty)} shares, {tactic}; {due}."


def _amend_cleared(x: AmendCleared, w: Wording) -> str:
    return f"The change took effect: {asked(x, w)}."


ORDER_SENTENCES: Mapping[type, Sentence] = {
    OrderAccepted: _accepted,
    OrderRefused: lambda x, w: f"The gateway refused {x.cl_ord_id} of account {x.account}: {every(x.failures)}.",
    AnswerRepeated: lambda x, w: f"The same order {x.cl_ord_id} came again; the first answer stood.",
    CommandRefused: lambda x, w: f"{x.principal} asked for {x.command}, and was refused: {every(x.failures)}.",
    AmendAccepted: lambda x, w: f"{x.principal} asked to change it: {asked(x, w)}.",
    AmendAllowed: lambda x, w: f"The change {x.principal} asked for needed no second person.",
    AmendCleared: _amend_cleared,
    AmendRejected: lambda x, w: f"The change was refused: {every(x.failures)}.",
    CancelAccepted: lambda x, w: f"{x.principal} canceled what was left{_because(x)}.",
    PauseAccepted: lambda x, w: f"{x.principal} paused it.",
    ResumeAccepted: lambda x, w: f"{x.principal} let it go on.",
    ReleaseAccepted: lambda x, w: f"{x.principal} asked to release it on plan {x.plan_digest[:12]}.",
    RefusalAccepted: lambda x, w: f"{x.principal} declined to release it ({x.reason or 'no reason given'}).",
    OrderCleared: _cleared,
    OrderRejected: lambda x, w: f"It was rejected by {x.by} before anything was sent: {every(x.failures)}.",
    ChildRejected: lambda x, w: f"Risk stopped a child of {shares(x.qty)} shares: {every(x.failures)}.",
    OrderPlanned: _planned,
    OrderReplanned: _replanned,
    ReplanRefused: lambda x, w: f"What is left could not be planned again and goes on: {every(x.failures)}.",
    OrderHeld: _held,
    OrderApproved: lambda x, w: f"{who_released(x.by)}: {x.plan.strategy.value}, plan as shown.",
    ChildCreated: _child,
    ChildCancelRequested: lambda x, w: f"A child is being pulled: {x.reason}.",
    ParentReturned: lambda x, w: f"{shares(x.qty)} shares not sent went back to the manager: {x.reason}.",
    ParentDone: lambda x, w: f"The order was finished: {x.reason}.",
    ParentPaused: lambda x, w: f"The system paused it until a person looks: {x.reason}.",
    InputPoisoned: lambda x, w: f"A step failed inside and was undone, and the order was held: {x.error}.",
}

ORDER_LEFT_OUT: Mapping[type, str] = {
    ChildApproved: "every child that goes on was approved; the evidence has the limits version of each",
    ReplanWanted: "the plan that is made because of it is told",
    TimerSet: "a note of the algorithm to itself",
    MarketSampled: "a price taken for the volatility that is met, a reading",
    WorkStarted: "the algorithm's first look at the market, a reading",
}
