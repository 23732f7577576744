"""Which events a person is told of: event type → the alert it makes, if any. One table, and the page about it.

A row gives code, severity, what the alert is about, and a sentence with the figures.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sottovoce.core import band_events as bands
from sottovoce.core import basket_events as basket
from sottovoce.core import breaker_events as breaker
from sottovoce.core import clock_events as clock
from sottovoce.core import envelope_events as envelope
from sottovoce.core import escalation_events as esc
from sottovoce.core import kill_events as kill
from sottovoce.core import limit_events as limit
from sottovoce.core import ratio_events as ratio
from sottovoce.core import recovery_events as recovery
from sottovoce.core import risk_events as risk
from sottovoce.core import session_events as session
from sottovoce.core.alerts import Alert, Audience, Severity
from sottovoce.core.breaker_commands import VENUE
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import (
    Fill,
    FillBusted,
    FillCorrected,
    InputPoisoned,
    ParentPaused,
    ReportQuarantined,
)
from sottovoce.core.order_events import CommandRefused, HaltLifted, HaltSet
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.reasons import sentence
from sottovoce.core.route_events import ChildUnrouted

INFO, WARNING, HIGH, CRITICAL = Severity.INFO, Severity.WARNING, Severity.HIGH, Severity.CRITICAL

Row = tuple[str, Severity, Callable[[Any], str], Callable[[Any], str]]


def _parent(event: StageEvent) -> str:
    return str(event.parent_id)


def _venue(event: Any) -> str:
    return f"{VENUE}{event.venue}"


def _downstream(event: Any) -> str:
    return str(event.downstream)


ROWS: Mapping[type, Row] = {
    HaltSet: ("kill_switch", CRITICAL, lambda x: str(x.halt.scope),
                lambda x: f"{x.halt.principal} stopped {x.halt.scope}: {x.halt.reason}"),
    HaltLifted: ("kill_switch_lifted", INFO, lambda x: str(x.scope),
                   lambda x: f"{x.principal} lifted the halt of {x.scope}; orders stay paused"),
    kill.KillUnconfirmed: ("kill_unconfirmed", CRITICAL, lambda x: str(x.scope),
                           lambda x: f"{x.unconfirmed} orders are not confirmed to be over after "
                                     f"{x.waited_ns / 1e9:.1f} s and are asked again: {', '.join(x.orders)}"),
    breaker.BreakerOpened: ("breaker_open", CRITICAL, _downstream,
                            lambda x: f"{x.downstream} is not called any more ({x.reason.value}: {x.errors} errors "
                                      f"in {x.calls} calls); new orders wait, cancels leave"),
    breaker.BreakerClosed: ("breaker_closed", INFO, _downstream,
                            lambda x: f"{x.downstream} answers again; {x.waiting} orders wait and are checked again"),
    breaker.RejectsHigh: ("venue_rejecting", HIGH, _downstream,
                          lambda x: f"{x.downstream} rejected {x.rejects} of {x.calls} orders; others are used first"),
    ratio.VenueRatioNear: ("venue_ratio_near", HIGH, _venue,
                           lambda x: f"new orders go slowly: {x.failure.value}, limit {x.failure.limit}"),
    OrderHeld: ("order_held", WARNING, _parent,
                  lambda x: f"{x.order.symbol} {x.order.order_qty:,} waits for {x.role}: "
                            f"{', '.join(rule.code for rule in x.rules)}"),
    basket.BasketHeld: ("basket_held", WARNING, _parent,
                        lambda x: f"a list of {len(x.basket.legs)} orders waits for {x.role}: "
                                  f"{', '.join(rule.code for rule in x.rules)}"),
    InputPoisoned: ("step_failed", CRITICAL, _parent, lambda x: f"a step failed and was undone: {x.error}"),
    ReportQuarantined: ("report_quarantined", HIGH, _venue,
                          lambda x: f"a report of {x.cl_ord_id} cannot be true and was not applied: {x.code}"),
    ParentPaused: ("order_paused", HIGH, _parent, lambda x: f"the system paused the order: {x.reason}"),
    envelope.EnvelopeLeft: ("outside_plan", WARNING, _parent,
                            lambda x: f"the order is outside its plan: {x.failure.code}, {x.failure.value} "
                                      f"against {x.failure.limit}"),
    FillBusted: ("trade_undone", HIGH, _parent, lambda x: f"the venue undid trade {x.exec_ref_id}: {x.qty:,} shares"),
    FillCorrected: ("trade_corrected", HIGH, _parent,
                      lambda x: f"the venue corrected trade {x.exec_ref_id}: {x.old_qty:,} became {x.qty:,} shares"),
    session.OrderUnknown: ("order_unknown", HIGH, _venue,
                           lambda x: f"nobody has said what became of {x.state.cl_ord_id}; its exposure is kept"),
    session.SessionDown: ("session_down", CRITICAL, _venue, lambda x: f"the line to {x.venue} is down: {x.reason}"),
    session.SessionUp: ("session_up", INFO, _venue, lambda x: f"the line to {x.venue} is up; it is being reconciled"),
    session.BreakOpened: ("break_opened", HIGH, lambda x: str(x.break_id),
                          lambda x: f"{x.venue} and we disagree on {x.cl_ord_id}: {x.ours} against {x.theirs}"),
    session.BreakAged: ("break_aged", CRITICAL, lambda x: str(x.break_id),
                        lambda x: f"nobody explained the difference in {x.instrument_id}; the name is held"),
    session.UnknownResolved: ("unknown_resolved", WARNING, _parent,
                              lambda x: f"{x.proposed_by} and {x.confirmed_by} declared {x.cl_ord_id} "
                                        f"{x.declared.value}"),
    risk.ScopeLatched: ("scope_latched", CRITICAL, lambda x: str(x.scope),
                        lambda x: f"{x.scope} is latched: {x.failure.code}, {x.failure.value}"),
    risk.ScopeReenabled: ("scope_reenabled", INFO, lambda x: str(x.scope),
                          lambda x: f"{x.principal} re-enabled {x.scope}: {x.reason}"),
    bands.BandsDoubted: ("bands_doubted", HIGH, lambda x: str(x.instrument_id),
                         lambda x: f"price bands {x.lower_px / 1e6:g} to {x.upper_px / 1e6:g} of {x.instrument_id} are "
                                   f"not believed: {x.reason}"),
    risk.LossWarned: ("loss_near", HIGH, lambda x: x.scope or "firm",
                      lambda x: f"{x.failure.code}: {x.failure.value}, limit {x.failure.limit}"),
    risk.MarkStale: ("position_unpriced", HIGH, lambda x: str(x.instrument_id),
                     lambda x: f"{x.instrument_id} is held and has no price; it counts as {x.assumed_ppm / 10_000:g} % "
                               "worse than its last"),
    risk.ConductAlert: ("conduct", HIGH, lambda x: f"{x.account}/{x.instrument_id}",
                        lambda x: f"{x.code}: {x.detail}"),
    recovery.DeskRecovered: ("desk_recovered", HIGH, lambda x: "desk",
                             lambda x: f"the desk was rebuilt from its record: {x.orders} orders, start {x.number}"),
    recovery.ClockJumpSeen: ("clock_jumped", HIGH, lambda x: "clock",
                             lambda x: f"the wall clock jumped by {x.by_ns / 1e9:.3f} s"),
    recovery.RouteNotResent: ("order_not_resent", HIGH, _venue,
                              lambda x: f"{x.cl_ord_id} never reached {x.venue} and is too old to be sent"),
    limit.LimitsChanged: ("limits_changed", INFO, lambda x: str(x.change_id),
                          lambda x: f"{x.proposed_by} changed {len(x.rows)} limits, version {x.version}: {x.reason}"),
    limit.ListChanged: ("lists_changed", INFO, lambda x: str(x.change_id),
                        lambda x: f"{x.proposed_by} changed {len(x.rows)} entries of lists, version {x.version}"),
    clock.RecordStoreLost: ("record_store_lost", CRITICAL, lambda x: "record store",
                            lambda x: f"checkpoints of the record cannot be kept: {x.reason}"),
    clock.RecordStoreBack: ("record_store_back", INFO, lambda x: "record store",
                            lambda x: "checkpoints of the record are kept again"),
}  # fmt: skip
"""Events that always alert."""


def _late_or_over(fill: Fill) -> tuple[str, Severity, str] | None:
    """F-05, F-06: a fill after its cancel, and one beyond what was ordered."""
    if fill.over_qty:
        return "overfill", CRITICAL, f"{fill.venue} filled {fill.over_qty:,} shares more than were ordered"
    if fill.late:
        return "late_fill", HIGH, f"{fill.venue} filled {fill.qty:,} shares of an order that was over"
    return None


def _waited_too_long(event: ChildUnrouted) -> tuple[str, Severity, str] | None:
    """Controls A5: what a downstream kept waiting goes back to the trader."""
    failed = event.failures[0]
    if failed.code != "downstream_unavailable":
        return None
    return failed.code, HIGH, f"{event.qty:,} shares went back to the trader: {failed.value}"


def _change_waits(event: limit.ChangeProposed) -> tuple[str, Severity, str]:
    """A change that loosens something needs its second person; of lists only compliance hears."""
    change = event.change
    code = "limits_waiting" if change.limits else "lists_waiting"
    more = f" and {len(change.looser) - 1} more" if len(change.looser) > 1 else ""
    return code, WARNING, f"{change.principal} needs a second person for {change.change_id}: {change.looser[0]}{more}"


def _short_test_differs(event: risk.ShortSaleTestSet) -> tuple[str, Severity, str] | None:
    """PT-17: the market's flag and our own look disagree; the stricter holds."""
    if not event.disagrees:
        return None
    return "short_test_differs", WARNING, f"{event.instrument_id} is restricted for short sales: {event.disagrees}"


def _ran_out(event: limit.RowEnded) -> tuple[str, Severity, str]:
    """A dated version of a limit, or of a list entry, has ended by itself."""
    if event.value_before is None:
        return "list_entry_ended", WARNING, f"{event.row_id} version {event.version} ran out"
    now = "no row" if event.value is None else f"{event.value:,}"
    return "limit_ended", WARNING, f"{event.row_id} ran out: {event.value_before:,} is {now} again"


def _refused_request(event: CommandRefused) -> tuple[str, Severity, str] | None:
    """F-02: an id used for two orders. F-38: what stands goes on standing, and somebody must know of the change."""
    if event.failures[0].code == "client_id_reused":
        sent = f"{event.principal[:40]} sent {event.failures[0].value} again with another body"
        return "client_id_reused", WARNING, f"{sent}; the first stands"
    if event.command not in ("ProposeLimits", "ProposeLists"):
        return None
    more = f" and {len(event.failures) - 1} more" if len(event.failures) > 1 else ""
    code = "limits_refused" if event.command == "ProposeLimits" else "lists_refused"
    return code, HIGH, f"a change by {event.principal[:40]} was refused whole: {sentence(event.failures[0])}{more}"


def _asked(event: esc.EscalationRaised) -> tuple[str, Severity, str]:
    """A rule asks a person; what compliance is asked, compliance alone is told."""
    facts = "; ".join(f"{each.name} {each.value}" + (f" ({each.limit})" if each.limit else "") for each in event.facts)
    whom = f"{event.to.replace('_', ' ')}{f' ({event.person})' if event.person else ''}"
    code = "compliance_asked" if event.to == "compliance" else "person_asked"
    severity = CRITICAL if event.rule == "E-RM-3" else WARNING
    return code, severity, f"{event.escalation_id} {event.rule} asks {whom}: {facts}; {event.meanwhile}"


def _reminded(event: esc.EscalationReminded) -> tuple[str, Severity, str]:
    who = event.person or "nobody in the rota"
    return "person_reminded", WARNING, f"{event.escalation_id}: {event.percent} % of the time is over, {who} is next"


def _expired(event: esc.EscalationClosed) -> tuple[str, Severity, str] | None:
    if event.outcome is not esc.Outcome.EXPIRED:
        return None
    return "nobody_answered", HIGH, f"{event.escalation_id} was not answered: {event.reason}"


SOME: Mapping[type, Callable[[Any], tuple[str, Severity, str] | None]] = {
    Fill: _late_or_over,
    ChildUnrouted: _waited_too_long,
    esc.EscalationRaised: _asked,
    esc.EscalationReminded: _reminded,
    esc.EscalationClosed: _expired,
    CommandRefused: _refused_request,
    limit.ChangeProposed: _change_waits,
    risk.ShortSaleTestSet: _short_test_differs,
    limit.RowEnded: _ran_out,
}
"""Events that alert when there is something wrong with them."""

COMPLIANCE_ONLY = frozenset(
    {"conduct", "lists_changed", "lists_waiting", "lists_refused", "list_entry_ended", "compliance_asked"}
)


def alert_of(event: StageEvent) -> Alert | None:
    """The alert an event makes by itself, counted once; None when nobody has to be told."""
    row = ROWS.get(type(event))
    if row is not None:
        code, severity, subject, sentence = row
        return _alert(event, code, severity, subject(event), sentence(event))
    judge = SOME.get(type(event))
    found = None if judge is None else judge(event)
    return None if found is None else _alert(event, found[0], found[1], event.parent_id, found[2])


def _alert(event: StageEvent, code: str, severity: Severity, subject: str, text: str) -> Alert:
    return Alert(
        code=code,
        severity=severity,
        subject=subject,
        text=text,
        first_ns=event.ts_ns,
        last_ns=event.ts_ns,
        audience=Audience.COMPLIANCE if code in COMPLIANCE_ONLY else Audience.DESK,
    )
