"""What happened to an order inside the desk, a sentence for each type of event: gateway, risk, approval, algorithm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sottovoce.analytics.audit.wording import Wording, asked, clock, every, moment, shares
from sottovoce.core import events as e
from sottovoce.core.orders import ParentOrder
from sottovoce.core.replan_events import MarketSampled

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
    """"risk-1 released it", or that the desk's rules let it go."""
    return "No rule asked for a person, so the desk's own rules approved it" if by in RULES else f"{by} released it"


def _accepted(x: e.OrderAccepted, w: Wording) -> str:
    holds = f" Rules a person must let pass: {every(x.holds)}." if x.holds else ""
    arrival = f"The price on arrival was {w.px(x.order.arrival_px)} ({x.order.arrival_rule.replace('_', ' ')})."
    return f"{x.order.principal} asked to {order_words(x.order, w)}. {arrival}{holds}"


def _cleared(x: e.OrderCleared, w: Wording) -> str:
    holds = f" A person must let pass: {every(x.holds)}." if x.holds else ""
    noted = f" Noted: {every(x.warnings)}." if x.warnings else ""
    ref = f", judged by a price of {w.px(x.ref_px)}" if x.ref_px else ""
    worst = f"{shares(x.reserved_qty)} shares at {w.px(x.worst_px)}"
    under = f"limits version {x.limits_version}{ref}"
    return f"Risk cleared it under {under} and reserved the worst case, {worst}.{holds}{noted}"


def _planned(x: e.OrderPlanned, w: Wording) -> str:
    plan = x.plan
    cost = f"{plan.expected_cost_bps:.1f} bps, {plan.cost_low_bps:.1f} to {plan.cost_high_bps:.1f}"
    return f"It was planned as {plan.strategy.value} at an expected cost of {cost} (plan {x.plan_digest[:12]})."


def _because(x: e.CancelAccepted) -> str:
    return "" if x.reason in ("", f"canceled by {x.principal}") else f": {x.reason}"


def _replanned(x: e.OrderReplanned, w: Wording) -> str:
    plan, rest = x.plan, f"{shares(x.rest.order_qty)} shares"
    return (
        f"What was left, {rest}, was planned again as {plan.strategy.value} until {clock(x.rest.end_ns)}, at an "
        f"expected cost of {plan.expected_cost_bps:.1f} bps{_departed(x)}."
    )


def _departed(x: e.OrderReplanned) -> str:
    """Why, where it was the market and no person, and what the plan before it said."""
    seen = x.departure
    if seen is None:
        return ""
    cause = f"{seen.figure} at {seen.seen_ppm / 1e4:.1f} % passed {seen.limit_ppm / 1e4:.1f} %"
    before = "" if x.before is None else f", where the plan before had expected {x.before.expected_cost_bps:.1f} bps"
    return f"{before}, because the market left that plan: {cause} ({seen.number} of {seen.most} times)"


def _held(x: e.OrderHeld, w: Wording) -> str:
    return (
        f"It was held for a person of the {x.role} role, until {clock(x.expires_ns)}: {every(x.rules)}. "
        f"The plan shown was {x.plan_digest[:12]}; nothing was sent."
    )


def _child(x: e.ChildCreated, w: Wording) -> str:
    child = x.child
    due = f"{shares(x.due_qty)} were due of {shares(x.target_qty)}"
    tactic = f"{child.tactic.value}, up to {w.px(child.limit_px)}"
    return f"The algorithm released child {x.number}: {shares(child.qty)} shares, {tactic}; {due}."


def _amend_cleared(x: e.AmendCleared, w: Wording) -> str:
    return f"The change took effect: {asked(x, w)}."


ORDER_SENTENCES: Mapping[type, Sentence] = {
    e.OrderAccepted: _accepted,
    e.OrderRefused: lambda x, w: f"The gateway refused {x.cl_ord_id} of account {x.account}: {every(x.failures)}.",
    e.AnswerRepeated: lambda x, w: f"The same order {x.cl_ord_id} came again; the first answer stood.",
    e.CommandRefused: lambda x, w: f"{x.principal} asked for {x.command}, and was refused: {every(x.failures)}.",
    e.AmendAccepted: lambda x, w: f"{x.principal} asked to change it: {asked(x, w)}.",
    e.AmendAllowed: lambda x, w: f"The change {x.principal} asked for needed no second person.",
    e.AmendCleared: _amend_cleared,
    e.AmendRejected: lambda x, w: f"The change was refused: {every(x.failures)}.",
    e.CancelAccepted: lambda x, w: f"{x.principal} canceled what was left{_because(x)}.",
    e.PauseAccepted: lambda x, w: f"{x.principal} paused it.",
    e.ResumeAccepted: lambda x, w: f"{x.principal} let it go on.",
    e.ReleaseAccepted: lambda x, w: f"{x.principal} asked to release it on plan {x.plan_digest[:12]}.",
    e.RefusalAccepted: lambda x, w: f"{x.principal} declined to release it ({x.reason or 'no reason given'}).",
    e.OrderCleared: _cleared,
    e.OrderRejected: lambda x, w: f"It was rejected by {x.by} before anything was sent: {every(x.failures)}.",
    e.ChildRejected: lambda x, w: f"Risk stopped a child of {shares(x.qty)} shares: {every(x.failures)}.",
    e.OrderPlanned: _planned,
    e.OrderReplanned: _replanned,
    e.ReplanRefused: lambda x, w: f"What is left could not be planned again and goes on: {every(x.failures)}.",
    e.OrderHeld: _held,
    e.OrderApproved: lambda x, w: f"{who_released(x.by)}: {x.plan.strategy.value}, plan as shown.",
    e.ChildCreated: _child,
    e.ChildCancelRequested: lambda x, w: f"A child is being pulled: {x.reason}.",
    e.ParentReturned: lambda x, w: f"{shares(x.qty)} shares not sent went back to the manager: {x.reason}.",
    e.ParentDone: lambda x, w: f"The order was finished: {x.reason}.",
    e.ParentPaused: lambda x, w: f"The system paused it until a person looks: {x.reason}.",
    e.InputPoisoned: lambda x, w: f"A step failed inside and was undone, and the order was held: {x.error}.",
}

ORDER_LEFT_OUT: Mapping[type, str] = {
    e.ChildApproved: "every child that goes on was approved; the evidence has the limits version of each",
    e.ReplanWanted: "the plan that is made because of it is told",
    e.TimerSet: "a note of the algorithm to itself",
    MarketSampled: "a price taken for the volatility that is met, a reading",
    e.WorkStarted: "the algorithm's first look at the market, a reading",
}
