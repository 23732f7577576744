"""What happened to the desk as a whole while an order lived, a sentence for each type of event.

Limits, halts, breakers, lists of orders, the market's condition, the process itself, its clock and its record.
"""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.analytics.audit.order_sentences import Sentence
from sottovoce.analytics.audit.wording import Wording, clock, every, failed, lasting, shares
from sottovoce.core import basket_events as b
from sottovoce.core import breaker_events as br
from sottovoce.core import clock_events as cl
from sottovoce.core import condition_events as co
from sottovoce.core import kill_events as k
from sottovoce.core import limit_events as li
from sottovoce.core import override_events as o
from sottovoce.core import recovery_events as r
from sottovoce.core import risk_events as ri
from sottovoce.core.order_events import HaltLifted, HaltSet


def _changed(x: li.LimitsChanged | li.ListChanged, w: Wording) -> str:
    second = f", approved by {x.approved_by}" if x.approved_by else ""
    what = "limits" if isinstance(x, li.LimitsChanged) else "lists"
    return f"Version {x.version} of the {what} came into force: {x.reason} (proposed by {x.proposed_by}{second})."


def _marked(x: cl.ClockMarked, w: Wording) -> str:
    if x.offset_ns is None:
        return f"From here on nobody could tell how far the clock was from UTC ({x.source}): not compliant."
    off = f"{x.offset_ns / 1e6:+.3f} ms from UTC, give or take {x.error_ns / 1e6:.3f} ms ({x.source})"
    return f"From here on the clock was {x.standing.value}: {off}."


def _released(x: o.HoldReleased) -> str:
    return ", ".join(f"{rule.code} on the figure of {rule.shown}, up to {rule.upto}" for rule in x.rules)


def _verdict(x: ri.OutsideAnswered) -> str:
    if x.flagged:
        return "did not answer in time and passed with a flag"
    return "passed" if x.passed else "failed"


DESK_SENTENCES: Mapping[type, Sentence] = {
    HaltSet: lambda x, w: f"{x.halt.principal} stopped trading of {x.halt.scope}: {x.halt.reason}.",
    HaltLifted: lambda x, w: f"{x.principal} lifted the halt of {x.scope}; what it paused waits for a person.",
    k.KillSwept: lambda x, w: (
        f"Cancels went out for the halt of {x.scope}: {len(x.asked)} in this sweep, {x.unconfirmed} unconfirmed."
    ),
    k.KillUnconfirmed: lambda x, w: (
        f"{x.unconfirmed} cancels of the halt of {x.scope} were not confirmed after {lasting(x.waited_ns)}; they were "
        "asked for again."
    ),
    o.HoldReleased: lambda x, w: (
        f"{x.principal}, of the {x.role} role, released {_released(x)}, because: {x.reason} "
        f"({x.reason_code.value.replace('_', ' ')}), for this order alone and until {clock(x.expires_ns)} "
        f"(shown {x.digest[:12]})."
    ),
    o.RecheckPassed: lambda x, w: (
        f"Checked again on current data under limits version {x.limits_version}, it passed, what was released within "
        "what it was released for."
    ),
    o.RecheckFailed: lambda x, w: f"Checked again, it failed on what nobody had released: {every(x.failures)}.",
    o.ReleasesVoided: lambda x, w: f"What had been released counted for nothing any more: {x.why}.",
    o.HoldReviewed: lambda x, w: f"{x.principal} changed the held order; its rules were judged again.",
    co.ConditionNoted: lambda x, w: (
        f"The market of {x.instrument_id} is {x.code.replace('_', ' ')}{f' ({x.detail})' if x.detail else ''}: "
        f"{x.pauses} orders stop for it, {x.resumes} go on."
    ),
    li.ChangeProposed: lambda x, w: f"{x.change.principal} proposed a change of limits: {x.change.reason}.",
    li.LimitsChanged: _changed,
    li.ListChanged: _changed,
    li.ChangeClosed: lambda x, w: f"The proposed change {x.change_id} was {x.outcome.value}.",
    li.RowEnded: lambda x, w: f"Version {x.version} of {x.row_id} ran out; version {x.stands} is in force.",
    br.BreakerOpened: lambda x, w: (
        f"{x.downstream} is not called any more ({x.reason.value.replace('_', ' ')}: {x.errors} errors in {x.calls} "
        "calls); new orders wait, cancels leave."
    ),
    br.BreakerClosed: lambda x, w: f"{x.downstream} answers again; {x.waiting} orders waited for it.",
    br.BreakerHalfOpened: lambda x, w: f"{x.downstream} was asked whether it is there.",
    br.RejectsHigh: lambda x, w: f"{x.downstream} rejected {x.rejects} of {x.calls}; others are used first.",
    br.AvoidanceEnded: lambda x, w: f"{x.downstream} is used again.",
    br.ChildQueued: lambda x, w: (
        f"A child of {shares(x.child.qty)} shares waits for {x.downstream}, place {x.position}, until "
        f"{clock(x.expires_ns)}."
    ),
    br.ChildDequeued: lambda x, w: (
        f"The child that waited {lasting(x.waited_ns)} for {x.downstream} is judged again as if it were new."
    ),
    b.BasketAccepted: lambda x, w: f"A list of {len(x.legs)} orders was taken in whole, worth {x.gross / 1e6:,.0f}.",
    b.BasketRefused: lambda x, w: f"The gateway refused the list {x.basket_id}: {every(x.failures)}.",
    b.BasketCleared: lambda x, w: f"Risk found no hard breach in the list, under limits version {x.limits_version}.",
    b.BasketRejected: lambda x, w: f"The list was rejected by {x.by}: {every(x.failures)}.",
    b.BasketHeld: lambda x, w: f"The list was held for the {x.role} role: {every(x.rules)}.",
    b.BasketReleased: lambda x, w: f"The list of {x.legs} orders was released by {x.by}.",
    b.ListScheduled: lambda x, w: (
        f"{len(x.curves)} orders of the list are worked as one, expected to cost {x.expected_cost_bps:.1f} bps; "
        f"{len(x.binding)} limits bind{''.join(f', {one.name}' for one in x.binding[:3])}."
    ),
    b.ListUnschedulable: lambda x, w: f"No schedule keeps the limits of the list: {every(x.failures)}.",
    ri.ScopeLatched: lambda x, w: f"Nothing new may leave within {x.scope}: {failed(x.failure)}.",
    ri.ScopeReenabled: lambda x, w: f"{x.principal} let {x.scope} trade again: {x.reason}.",
    ri.PositionRecorded: lambda x, w: (
        f"{x.principal} recorded a position of {shares(x.qty)} {x.instrument_id} in {x.account} ({x.source})."
    ),
    ri.LocateRecorded: lambda x, w: (
        f"{x.principal} recorded locate {x.locate_id}: {shares(x.qty)} {x.instrument_id} for {x.account} ({x.source})."
    ),
    ri.ShortSaleTestSet: lambda x, w: f"Short sales of {x.instrument_id} are restricted ({x.source}).",
    ri.OutsideAsked: lambda x, w: f"The order waited for an answer from outside: {', '.join(x.checks)}.",
    ri.OutsideAnswered: lambda x, w: f"Outside check {x.check} {_verdict(x)}{f' ({x.detail})' if x.detail else ''}.",
    r.DeskRecovered: lambda x, w: (
        f"The desk came back from restart {x.number}: {x.steps} steps after its snapshot, {len(x.cut)} records cut "
        "from the end."
    ),
    r.ClockJumpSeen: lambda x, w: f"The wall clock jumped by {lasting(x.by_ns)}; windows and timers did not feel it.",
    r.DayRolled: lambda x, w: f"The day {x.date} was over.",
    cl.ClockMarked: _marked,
    cl.RecordStoreLost: lambda x, w: f"Checkpoints of the record could not be kept: {x.reason}.",
    cl.RecordStoreBack: lambda x, w: "Checkpoints of the record are kept again.",
}

DESK_LEFT_OUT: Mapping[type, str] = {
    o.RecheckAsked: "what the check finds is told",
    o.PlanAsked: "the plan that is made because of it is told",
    br.OutcomeCounted: "a count in a window, of every call to a downstream",
    br.ProbeRequested: "a question whether a downstream is there, told by what came of it",
    br.ChildBlocked: "that the child then waits is told",
    br.QueueTicked: "a look at a queue",
    ri.PositionsMarked: "a reading of prices, taken every few seconds",
    ri.ConductAlert: "for compliance alone, never shown to the desk",
}
