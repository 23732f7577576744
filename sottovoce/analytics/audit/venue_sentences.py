"""What happened to an order outside the desk, a sentence for each type of event: routes, trades, sessions, breaks."""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.analytics.audit.order_sentences import Sentence
from sottovoce.analytics.audit.wording import Wording, clock, every, lasting, shares
from sottovoce.core import recovery_events as r
from sottovoce.core import session_events as s
from sottovoce.core.execution_events import (
    Fill,
    FillBusted,
    FillCorrected,
    ReportIgnored,
    ReportQuarantined,
    RouteCancelRequested,
    RouteUpdated,
)
from sottovoce.core.route_events import ChildRouted, ChildUnrouted, RouteDecided


def why_there(x: RouteDecided, w: Wording) -> str:
    """The router's reason: the winner's score and its parts, the runner-up and by how much it lost."""
    best = next((each for each in x.candidates if each.venue == x.winner), None)
    if best is None:
        return f"no venue could take it ({len(x.candidates)} looked at)"
    parts = (("price", best.price), ("fee", best.fee), ("adverse selection", best.adverse), ("fill risk", best.miss),
             ("latency", best.latency), ("size", best.size), ("preferred by the manager", best.preferred))  # fmt: skip
    score = ", ".join(f"{name} {w.bps(part)}" for name, part in parts if part)
    tried = " It was tried to learn about it." if x.explored else ""
    against = f"{w.bps(x.margin)} better than {x.runner_up}" if x.runner_up else "no other venue was eligible"
    return (
        f"{x.winner} scored best ({score or 'nothing between them'}), {against}; "
        f"the market was {w.px(x.bid)} to {w.px(x.ask)}.{tried}"
    )


def _routed(x: ChildRouted, w: Wording) -> str:
    route = x.route
    shown = " hidden" if route.display_qty == 0 else ""
    return f"{shares(route.qty)} shares went to {route.venue}{shown}, {route.ord_type.value} {w.px(route.price)}."


def _filled(x: Fill, w: Wording) -> str:
    late = " after we had asked to cancel it" if x.late else ""
    over = f", {shares(x.over_qty)} more than was wanted" if x.over_qty else ""
    return f"{x.venue} filled {shares(x.qty)} at {w.px(x.px)}{late}{over} ({x.liquidity.value}, trade {x.exec_id})."


def _updated(x: RouteUpdated, w: Wording) -> str:
    state = x.state
    freed = f"; {shares(x.freed_qty)} shares came back unsent" if x.freed_qty else ""
    status = state.status.value
    cause = f" ({x.cause})" if x.cause not in ("", status, "trade") else ""
    return f"The order at {state.venue} is {status.replace('_', ' ')}{cause}{freed}."


def _corrected(x: FillCorrected, w: Wording) -> str:
    before, after = f"{shares(x.old_qty)} at {w.px(x.old_px)}", f"{shares(x.qty)} at {w.px(x.px)}"
    return f"The venue corrected trade {x.exec_ref_id}: {before} became {after}."


VENUE_SENTENCES: Mapping[type, Sentence] = {
    ChildRouted: _routed,
    ChildUnrouted: lambda x, w: f"No venue could take {shares(x.qty)} shares: {every(x.failures)}.",
    RouteDecided: lambda x, w: f"Why there: {why_there(x, w)}",
    Fill: _filled,
    RouteUpdated: _updated,
    RouteCancelRequested: lambda x, w: f"A cancel went to {x.route.venue}.",
    FillBusted: lambda x, w: f"The venue undid trade {x.exec_ref_id}: {shares(x.qty)} at {w.px(x.px)} never happened.",
    FillCorrected: _corrected,
    ReportIgnored: lambda x, w: f"{x.venue} reported {x.exec_id} again; it counts once.",
    ReportQuarantined: lambda x, w: (
        f"{x.venue} reported what cannot be true of the order; it was kept and not applied: {x.text} [{x.code}]."
    ),
    s.OrderUnknown: lambda x, w: (
        f"{x.venue} has left a {x.unanswered.value} unanswered for {lasting(x.waited_ns)}: what became of the order "
        "there is unknown, and its exposure is kept."
    ),
    s.StatusRequested: lambda x, w: f"{x.route.venue} was asked what became of the order there.",
    s.MassStatusRequested: lambda x, w: f"{x.venue} was asked about all our orders in {x.instrument_id}.",
    s.SessionDown: lambda x, w: f"The line to {x.venue} went down ({x.reason}).",
    s.SessionUp: lambda x, w: f"The line to {x.venue} came up ({x.reason}).",
    s.VenueReconciled: lambda x, w: (
        f"{x.venue} told of {x.reports} of our orders in {x.instrument_id}; {len(x.missing)} were not among them."
    ),
    s.ResolutionProposed: lambda x, w: (
        f"{x.principal} declared the unknown order {x.declared.value.replace('_', ' ')} ({x.evidence}); a second "
        "person must say the same."
    ),
    s.UnknownResolved: lambda x, w: (
        f"{x.proposed_by} and {x.confirmed_by} declared the unknown order {x.declared.value.replace('_', ' ')}: "
        f"{x.evidence}."
    ),
    s.ArrivalDisproved: lambda x, w: f"{x.venue} never had order {x.cl_ord_id}: its quantity came back.",
    s.BreakOpened: lambda x, w: (
        f"Our record and {x.venue}'s differ ({x.kind.value.replace('_', ' ')}): ours {x.ours}, theirs {x.theirs}."
    ),
    s.ReportHeld: lambda x, w: (
        f"A report ends the order {x.cl_ord_id} and counts {shares(x.missing_qty)} shares nobody has told of yet: it "
        "waits for them."
    ),
    s.DropCopyNoted: lambda x, w: (
        f"The drop copy of {x.venue} tells of {shares(x.qty)} at {w.px(x.px)}, which its session has not told of yet."
    ),
    s.BreakAged: lambda x, w: f"The difference {x.break_id} stands unexplained after {lasting(x.age_ns)}.",
    s.BreakClosingProposed: lambda x, w: f"{x.principal} explained the difference {x.break_id}: {x.evidence}.",
    s.BreakClosed: lambda x, w: f"The difference {x.break_id} was explained by {x.by}: {x.evidence}.",
    s.ChildReplaceWanted: lambda x, w: (
        f"An order at a venue is to become {shares(x.qty)} at {w.px(x.price)}: {x.reason}."
    ),
    s.ChildReplaceRejected: lambda x, w: f"That change was stopped and the order stays: {every(x.failures)}.",
    s.RouteReplaceRequested: lambda x, w: (
        f"{x.route.venue} was asked to change the order there to {shares(x.qty)} at {w.px(x.price)}."
    ),
    r.RouteResent: lambda x, w: (
        f"After a restart the order {x.venue} never had left again under its own id, decided at {clock(x.decided_ns)}."
    ),
    r.RouteNotResent: lambda x, w: (
        f"After a restart the order {x.venue} never had was not sent again: it was {lasting(x.age_ns)} old."
    ),
}

VENUE_LEFT_OUT: Mapping[type, str] = {
    s.DropCopyMatched: "both sides say the same; where they do not, the difference is told",
    s.ChildReplaceApproved: "the request that leaves because of it is told",
}
