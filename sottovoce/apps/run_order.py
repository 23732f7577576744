"""The run behind the command: open the parts, enter the orders, work them, write what is left behind."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sottovoce import __version__
from sottovoce.adapters.clock import Clock, RealClock, VirtualClock
from sottovoce.adapters.journal.committer import GroupedJournal
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.analytics.reports.tca_json import report_json
from sottovoce.analytics.reports.tca_report import Report
from sottovoce.analytics.reports.tca_text import render_text
from sottovoce.apps.baskets_in import basket_of, enter_basket, symbols_of
from sottovoce.apps.commands_in import Timed, outcome_lines, outcomes, read_commands, schedule_commands
from sottovoce.apps.desk_parts import Parts, open_parts
from sottovoce.apps.documents import PlanDocuments
from sottovoce.apps.orders_in import as_command, find_instrument, read_tickets, symbol_of, understood
from sottovoce.apps.output import failure_text
from sottovoce.apps.progress import ProgressView
from sottovoce.apps.run_files import (
    account_of,
    order_document,
    planned_documents,
    statistics,
    write_reports,
    write_tapes,
)
from sottovoce.apps.run_request import RunRequest
from sottovoce.core.enums import ParentStatus
from sottovoce.core.errors import ConfigError, JournalError
from sottovoce.core.instrument import Instrument
from sottovoce.core.orders import Failure
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.ports import Journal, Session
from sottovoce.intake.ticket import Ticket
from sottovoce.runtime.config import SIMULATED_RISK, Config
from sottovoce.runtime.founding import founding
from sottovoce.runtime.live_run import nothing_lost
from sottovoce.runtime.markets import config_for, open_market
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.run import Run, prepare_run
from sottovoce.stages.blotter import BlotterRow

JOURNAL = "journal.db"


class Outcome(msgspec.Struct, kw_only=True):
    """What a run came to."""

    digest: str
    journal_digest: str
    rows: Sequence[BlotterRow]
    report: Report | None
    stats: dict[str, Any]
    files: list[str]
    tape: dict[str, Any] | None
    commands: list[dict[str, Any]] = []

    @property
    def stopped(self) -> bool:
        """Whether any order was refused, rejected or is still held."""
        return any(row.status in (ParentStatus.REJECTED, ParentStatus.HELD) for row in self.rows)

    @property
    def unfinished(self) -> bool:
        """Whether anything is left in a state nobody has explained: an order still open, a step that failed inside."""
        ended = (ParentStatus.DONE, ParentStatus.REJECTED, ParentStatus.HELD)
        poisoned = self.stats.get("counters", {}).get("poisoned", 0)
        return bool(poisoned) or not self.rows or any(row.status not in ended for row in self.rows)

    def failures(self) -> tuple[Failure, ...]:
        """Why orders did not go on."""
        return tuple(failed for row in self.rows for failed in row.failures)

    def headline(self) -> str:
        """One sentence on what did not go on."""
        held = [row for row in self.rows if row.status is ParentStatus.HELD]
        if held:
            return f"{held[0].symbol}: held, {held[0].reason}; nothing was sent. Add --approve to simulate the release."
        first = next(row for row in self.rows if row.status is ParentStatus.REJECTED)
        return f"{first.symbol or first.cl_ord_id}: {first.reason}; nothing was sent."

    def document(self) -> dict[str, Any]:
        """The object printed with --json."""
        body: dict[str, Any] = {
            "digest": self.digest,
            "journal_digest": self.journal_digest,
            "orders": [order_document(row) for row in self.rows],
            "report": None if self.report is None else report_json(self.report),
            "stats": self.stats,
            "files": self.files,
            "commands": self.commands,
        }
        if self.tape is not None:
            body["tape"] = self.tape
        return body

    def text(self) -> str:
        """The account for a terminal, with where everything was written."""
        lines = [] if self.report is None else [render_text(self.report)]
        if self.tape is not None:
            lines.append(f"The tape's own VWAP {self.tape['vwap']:.4f}: {self.tape['definition']}.")
            lines.append(f"The schedule's volume curve: {self.tape['volume_curve']}.")
        lines += outcome_lines(self.commands)
        lines.append(f"digest {self.digest}\njournal digest {self.journal_digest}")
        lines += [f"wrote {path}" for path in self.files]
        return "\n".join(lines)


def run_orders(request: RunRequest) -> Outcome:
    """Everything between the request and the outcome."""
    parts = open_parts(request.config, request.date, request.forecasts)
    commands = read_commands(request.commands)
    basket = basket_of(request.order, request.declared_notional)
    tickets = read_tickets(request.order) if basket is None else []
    symbols = [symbol_of(ticket) for ticket in tickets] if basket is None else symbols_of(basket)
    instruments = _instruments(parts, symbols)
    config = config_for(request.market, list(instruments.values()), parts.calendar, parts.date, parts.config)
    sessions = parts.sessions(max((ticket.horizon.days for ticket in tickets), default=1))
    market = open_market(request.market, list(instruments.values()), sessions, request.seed)
    journal = _open_journal(request, parts, config)
    metrics = StageMetrics()
    try:
        with ProgressView(market, parts.calendar, request.silent) as view:
            run = prepare_run(
                market=market,
                sessions=sessions,
                reference=parts.reference,
                calendar=parts.calendar,
                journal=journal,
                clock=_clock(request, sessions),
                metrics=metrics,
                config=config,
                approve=request.approve,
                watchers=[view],
                record_lost=_record_lost(journal),
            )
            run.after_ns = request.after_ns
            run.open()
            schedule_commands(run, commands)
            if basket is not None:
                enter_basket(run, basket, request.silent)
            _enter(run, tickets, parts, request.silent, instruments, sessions)
            run.work()
        return _outcome(request, run, instruments, metrics, config, commands)
    finally:
        journal.close()


def _instruments(parts: Parts, symbols: Sequence[str]) -> dict[str, Instrument]:
    found = [find_instrument(parts.reference, symbol) for symbol in symbols]
    return {instrument.instrument_id: instrument for instrument in found}


def _open_journal(request: RunRequest, parts: Parts, config: Config) -> Journal:
    meta = founding(config, parts.reference) | {
        "build": __version__,
        "market": request.market.split(":", maxsplit=1)[0],
        "seed": str(request.seed),
        "date": parts.date,
        "reference_version": str(parts.reference.version),
        "forecasts_digest": parts.reference.forecasts_digest,
        "limits_version": str(parts.config.limits.version),
    }
    if request.out is None:
        return MemoryJournal(meta)
    path = request.out / JOURNAL
    try:
        request.out.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise ConfigError(f"{path} is the record of another run; give an empty --out folder.", code="out_not_empty")
        journal = SqliteJournal(path, meta)
    except OSError as error:
        raise ConfigError(f"cannot use {request.out}: {error.strerror}", code="out_unusable") from error
    except JournalError as error:
        raise ConfigError(f"cannot use {request.out}: {error}", code="out_unusable") from error
    live = None if request.speed is None else GroupedJournal(journal)
    return (live or journal) if request.checkpoints is None else _signed(journal, live, path, request.checkpoints)


def _record_lost(journal: Journal) -> Callable[[], str | None]:
    """Why the store of a signed record is away, asked at every turn of the loop; of one that is not signed: nothing."""
    from sottovoce.adapters.journal.notary import SignedJournal

    return (lambda: journal.lost) if isinstance(journal, SignedJournal) else nothing_lost


def _signed(journal: SqliteJournal, live: GroupedJournal | None, path: Path, checkpoints: Path) -> Journal:
    """The journal with a notary beside it. Raises ConfigError: no key to sign with, or a store that is not apart."""
    from sottovoce.adapters.journal.notary import SignedJournal, SignedLiveJournal
    from sottovoce.adapters.journal.signed_opening import open_notary
    from sottovoce.adapters.journal.signing import load_signer

    try:
        notary = open_notary(path, checkpoints, load_signer())
        return SignedJournal(journal, notary) if live is None else SignedLiveJournal(live, notary)
    except BaseException:
        (live or journal).close()
        raise


def _clock(request: RunRequest, sessions: Sequence[Session]) -> Clock:
    start_ns = sessions[0].open_ns
    return VirtualClock(start_ns) if request.speed is None else RealClock(start_ns, request.speed)


def _enter(
    run: Run,
    tickets: Sequence[Ticket],
    parts: Parts,
    silent: bool,
    instruments: dict[str, Instrument],
    sessions: Sequence[Session],
) -> None:
    for number, ticket in enumerate(tickets, start=1):
        step = run.submit(as_command(ticket, number, parts.date, run.now_ns, parts.calendar))
        if silent:
            continue
        sys.stderr.write(understood(ticket) + "\n")
        for documents in planned_documents([(0, step)], instruments, sessions).values():
            sys.stderr.write(documents.text() + "\n")
        for event in step.events:
            if isinstance(event, OrderHeld):
                _tell_hold(event, run.approve)


def _tell_hold(event: OrderHeld, approve: bool) -> None:
    sys.stderr.write(f"HELD for the {event.role} role; nothing has been sent:\n")
    for rule in event.rules:
        sys.stderr.write(f"  {failure_text(rule)}\n")
    if approve:
        sys.stderr.write(f"{SIMULATED_RISK} looks at plan {event.plan_digest[:16]} and releases it.\n")


def _outcome(
    request: RunRequest,
    run: Run,
    instruments: dict[str, Instrument],
    metrics: StageMetrics,
    config: Config,
    commands: Timed,
) -> Outcome:
    rows = run.rows()
    run.journal.snapshot(run.states())
    steps = list(run.journal.steps())
    tapes = {name: run.market.tape(name) for name in instruments}
    report = account_of(steps, tapes, instruments, run.market.venues(), run.sessions)
    documents: dict[str, PlanDocuments] = planned_documents(steps, instruments, run.sessions)
    stats = statistics(steps, metrics.summary())
    files: list[str] = []
    if request.out is not None:
        files = [str(request.out / JOURNAL), *write_tapes(request.out, tapes)]
        files += write_reports(request.out, report, documents, stats)
    return Outcome(
        digest=run.desk.engine.system.digest(),
        journal_digest=run.journal.head(),
        rows=rows,
        report=report,
        stats=stats,
        files=files,
        tape=_tape_figures(run, config),
        commands=outcomes(steps, commands),
    )


def _tape_figures(run: Run, config: Config) -> dict[str, Any] | None:
    """The recorded day's own figures, for a replayed market, and where the schedule's volume curve came from."""
    from sottovoce.adapters.tape.replayed import ReplayedMarket

    if not isinstance(run.market, ReplayedMarket):
        return None
    figures: dict[str, Any] = msgspec.to_builtins(run.market.summaries()[0])
    figures["volume_curve"] = config.planning.volume_curve.origin
    return figures | {"fill_bounds": msgspec.to_builtins(run.market.fill_bounds())}
