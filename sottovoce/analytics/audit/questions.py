"""The eight questions anybody may ask about an order, each answered from its record in whole sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sottovoce.analytics.audit.fills import where_filled
from sottovoce.analytics.audit.order_record import OrderRecord
from sottovoce.analytics.audit.order_sentences import RULES, order_words, who_released
from sottovoce.analytics.audit.sentences import sentence_of, words_of
from sottovoce.analytics.audit.wording import Wording, asked, clock, every, shares
from sottovoce.core.clearance_events import AmendCleared, AmendRejected, ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.clock_events import ClockMarked, ClockStanding
from sottovoce.core.condition_events import ConditionNoted
from sottovoce.core.execution_events import (
    Fill,
    FillBusted,
    FillCorrected,
    InputPoisoned,
    ParentPaused,
    ReportQuarantined,
)
from sottovoce.core.limit_events import LimitsChanged
from sottovoce.core.order_events import (
    AmendAccepted,
    CancelAccepted,
    CommandRefused,
    HaltLifted,
    HaltSet,
    OrderRefused,
    PauseAccepted,
    RefusalAccepted,
    ResumeAccepted,
)
from sottovoce.core.override_events import HoldReleased, RecheckFailed, RecheckPassed, ReleasesVoided
from sottovoce.core.plan_events import OrderApproved, OrderHeld, OrderReplanned, ReplanRefused
from sottovoce.core.route_events import ChildUnrouted
from sottovoce.core.session_events import OrderUnknown
from sottovoce.core.work_events import ParentDone, ParentReturned

STOPPERS = (
    OrderRefused, OrderRejected, OrderHeld, ChildRejected, ChildUnrouted, ParentPaused, PauseAccepted,
    HaltSet, AmendRejected, CommandRefused, InputPoisoned, RefusalAccepted, ConditionNoted, OrderUnknown,
)  # fmt: skip
CHANGES = (
    AmendAccepted, AmendCleared, AmendRejected, PauseAccepted, ResumeAccepted, CancelAccepted,
    OrderReplanned, ReplanRefused, HaltLifted, LimitsChanged,
)  # fmt: skip
RELEASES = (
    OrderCleared, OrderHeld, HoldReleased, ReleasesVoided, RecheckPassed, RecheckFailed, OrderApproved,
    ResumeAccepted,
)  # fmt: skip
UNDONE = (FillBusted, FillCorrected, ReportQuarantined)
SAID_MAX = 12
"""Sentences of one kind before the rest are counted."""


def who_asked(record: OrderRecord) -> list[str]:
    """Who entered it, for whom, and who asked for anything about it afterwards."""
    if record.accepted is None:
        refused = [x for _, x in record.events(OrderRefused)]
        return [f"An order {x.cl_ord_id} for account {x.account} was entered at {clock(x.ts_ns)}." for x in refused]
    order = record.accepted
    asked_by: dict[str, list[str]] = {}
    for _, step in record.steps:
        principal = getattr(step.input, "principal", "")
        if principal and getattr(step.input, "parent_id", "") == record.order_id:
            said = words_of(type(step.input))
            asked_by.setdefault(principal, []).append(f"{said} at {clock(step.ts_ns)}")
    first = (
        f"{order.principal} asked at {clock(order.accepted_ns)} to {order_words(order, record.wording)}; "
        f"client id {order.cl_ord_id}."
    )
    return [first, *(f"Later {who} asked for: {', '.join(what)}." for who, what in asked_by.items())]


def what_stopped_it(record: OrderRecord) -> list[str]:
    """Every hold, refusal, pause and halt, with the figures that made it."""
    return _told(record, STOPPERS) or ["Nothing stopped it: no rule held it, nothing was refused, nobody paused it."]


def who_released_it(record: OrderRecord) -> list[str]:
    """Who let it go, on what figure, shown which plan; and what the desk's own rules let pass."""
    held: OrderHeld | None = None
    said = []
    for _, event in record.events(*RELEASES):
        if isinstance(event, OrderCleared):
            under = f"under limits version {event.limits_version}"
            said.append(f"{clock(event.ts_ns)} Risk let it pass {under}: no hard limit stopped it.")
        elif isinstance(event, OrderHeld):
            held = event
        elif not isinstance(event, OrderApproved):
            said.append(f"{clock(event.ts_ns)} {sentence_of(event, record.wording)}")
        else:
            held_by = every(held.rules) if held is not None and event.by not in RULES else ""
            figure = f", on the figure that held it: {held_by}" if held_by else ""
            cost = f"an expected cost of {event.plan.expected_cost_bps:.1f} bps"
            said.append(f"{clock(event.ts_ns)} {who_released(event.by)}{figure}. The plan showed {cost}.")
    return said or ["Nobody released it."]


def what_changed(record: OrderRecord) -> list[str]:
    """Amendments from their old figures to the new, pauses, cancels, and limits that changed meanwhile."""
    order, w = record.accepted, record.wording
    size, limit = (0, None) if order is None else (order.order_qty, order.limit_px)
    said = []
    for _, event in record.events(*CHANGES):
        line = sentence_of(event, w)
        if isinstance(event, AmendCleared):
            line = f"In force: size {shares(size)} → {shares(event.order_qty)}, limit {_limit(limit, w)} → " + (
                f"{_limit(event.limit_px, w)}; what risk reserves changed by {event.reserved_qty:+,} shares."
            )
            terms = asked(event.terms, w)
            line = f"{line[:-1]}; {terms}." if terms else line
            size, limit = event.order_qty, event.limit_px
        said.append(f"{clock(event.ts_ns)} {line}")
    return _short(said) or ["Nothing changed after it was asked for."]


def _limit(px: int | None, w: Wording) -> str:
    return "none" if px is None else w.px(px)


def what_was_undone(record: OrderRecord) -> list[str]:
    """Trades the venue took back or restated, reports that were not believed, and what was given back unsent."""
    said = _told(record, UNDONE)
    ledger = record.ledger()
    if ledger is not None and ledger.busted:
        said.append(f"In all {shares(ledger.busted)} shares were undone; they trade again only on a person's word.")
    if not said and not any(record.events(Fill)):
        return ["Nothing was undone: nothing had traded."]
    return said or ["Nothing was undone: every trade stands as it was reported."]


def what_is_left(record: OrderRecord) -> list[str]:
    """The order's quantities after its last step, and that they add up."""
    ledger = record.ledger()
    if ledger is None:
        return ["Nothing: it never got past the gateway."]
    parts = f"{shares(ledger.filled)} filled + {shares(ledger.working)} working + {shares(ledger.unsent)} not sent"
    parts += f" + {shares(ledger.busted)} undone + {shares(ledger.returned)} returned"
    whole = shares(ledger.target) + (f" + {shares(ledger.overfilled)} overfilled" if ledger.overfilled else "")
    open_qty = ledger.working + ledger.unsent
    left = f"{shares(open_qty)} shares are still to be traded" if open_qty else "No share is still to be traded"
    back = [f"{shares(x.qty)} shares went back to the manager at {clock(x.ts_ns)}: {x.reason}."
            for _, x in record.events(ParentReturned)]  # fmt: skip
    return [f"{left}. {_how_it_ended(record)}", f"The quantities add up: {whole} ordered = {parts}.", *_short(back)]


def _how_it_ended(record: OrderRecord) -> str:
    ends = [x for _, x in record.events(ParentDone, OrderRejected)]
    if not ends:
        return "It is not finished."
    why = ends[-1].reason if isinstance(ends[-1], ParentDone) else f"rejected by {ends[-1].by}"
    return f"It was finished at {clock(ends[-1].ts_ns)}: {why}."


def is_it_intact(record: OrderRecord, verdict: Sequence[str]) -> list[str]:
    """What verification said of the record, and whether its times can be relied on."""
    marks = [x for _, x in record.events(ClockMarked)]
    before = record.standing_before(ClockMarked)
    if before is not None:
        marks.insert(0, before)
    times = "Nobody read the clock for this record: its times are not shown to be compliant."
    if marks:
        worst = [x for x in marks if x.standing in (ClockStanding.NONCOMPLIANT, ClockStanding.UNKNOWN)]
        mark = worst[0] if worst else marks[-1]
        compliant = "not all of its times are compliant" if worst else "its times are compliant"
        times = f"By its clock marks {compliant}: {sentence_of(mark, record.wording)}"
    return [*verdict, times]


QUESTIONS: Sequence[tuple[str, Callable[[OrderRecord], list[str]]]] = (
    ("Who asked?", who_asked),
    ("What stopped it?", what_stopped_it),
    ("Who released it, and on what figure?", who_released_it),
    ("What changed?", what_changed),
    ("What filled where, and why there?", where_filled),
    ("What was undone?", what_was_undone),
    ("What is left?", what_is_left),
)
INTACT = "Is the record intact?"


def _told(record: OrderRecord, kinds: tuple[type, ...]) -> list[str]:
    return _short([f"{clock(x.ts_ns)} {sentence_of(x, record.wording)}" for _, x in record.events(*kinds)])


def _short(said: list[str]) -> list[str]:
    """The first sentences, and how many more there are on the record."""
    more = len(said) - SAID_MAX
    return said if more <= 0 else [*said[:SAID_MAX], f"… and {more} more of this kind, all in the record below."]
