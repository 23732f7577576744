"""What a run leaves in its --out folder, and the object it prints with --json."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.analytics.reports.tca_json import report_json
from sottovoce.analytics.reports.tca_report import Report, build_report
from sottovoce.analytics.reports.tca_text import render_text
from sottovoce.analytics.tca.from_journal import orders_from_steps
from sottovoce.apps.documents import PlanDocuments, documents_of
from sottovoce.core.clearance_events import ChildRejected, OrderRejected
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.execution_events import Fill
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.order_events import OrderRefused
from sottovoce.core.plan_events import OrderPlanned
from sottovoce.core.ports import Session, Step, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.stages.blotter import BlotterRow

TAPE_COLUMNS = ("quote_ns", "bid", "ask", "trade_ns", "trade_px", "trade_qty", "trade_own", "trade_kind")


def account_of(
    steps: Sequence[tuple[int, Step]],
    tapes: Mapping[str, Tape],
    instruments: Mapping[str, Instrument],
    venues: Sequence[VenueFacts],
    sessions: Sequence[Session],
) -> Report | None:
    """The report on every order that was worked; None when none was."""
    orders = orders_from_steps(steps, tapes, instruments, venues, sessions)
    return build_report(orders, tapes) if orders else None


def order_document(row: BlotterRow) -> dict[str, Any]:
    """One parent for the JSON object: quantities of law L1, average price as text."""
    ledger = row.ledger
    body: dict[str, Any] = {
        "parent_id": row.parent_id,
        "cl_ord_id": row.cl_ord_id,
        "account": row.account,
        "symbol": row.symbol,
        "side": None if row.side is None else row.side.value,
        "strategy": None if row.strategy is None else row.strategy.value,
        "status": row.status.value,
        "reason": row.reason,
        "failures": msgspec.to_builtins(row.failures),
        "fills": row.fills,
        "children": row.children,
        "children_rejected": row.children_rejected,
    }
    if ledger is not None:
        body |= {
            "order_qty": ledger.target,
            "filled": ledger.filled,
            "working": ledger.working,
            "unsent": ledger.unsent,
            "returned": ledger.returned,
            "busted": ledger.busted,
            "overfilled": ledger.overfilled,
            "avg_px": None if not ledger.filled else f"{row.value / ledger.filled / row.price_scale:.6f}",
        }
    return body


def statistics(steps: Sequence[tuple[int, Step]], metrics: Mapping[str, object]) -> dict[str, Any]:
    """Stage figures from the metrics port, and counts every reader of the journal arrives at."""
    rejects: dict[str, int] = {}
    venues: dict[str, dict[str, int]] = {}
    for _, step in steps:
        for event in step.events:
            if isinstance(event, OrderRefused | OrderRejected | ChildRejected):
                for failed in event.failures:
                    rejects[failed.code] = rejects.get(failed.code, 0) + 1
            elif isinstance(event, ChildRouted):
                row = venues.setdefault(event.route.venue, {"orders": 0, "shares": 0, "filled": 0})
                row["orders"] += 1
                row["shares"] += event.route.qty
            elif isinstance(event, Fill):
                venues[event.venue]["filled"] += event.qty
    counted = {"rejects": dict(sorted(rejects.items())), "venues": dict(sorted(venues.items())), "steps": len(steps)}
    return dict(metrics) | counted


def planned_documents(
    steps: Sequence[tuple[int, Step]], instruments: Mapping[str, Instrument], sessions: Sequence[Session]
) -> dict[str, PlanDocuments]:
    """The plan documents of every order that got one, by client order id."""
    found: dict[str, PlanDocuments] = {}
    nothing: MarketState | None = None
    for _, step in steps:
        for event in step.events:
            if isinstance(event, OrderPlanned):
                instrument = instruments[event.order.instrument_id]
                documents = documents_of(event.order, event.plan, instrument, nothing, sessions)
                found[event.order.cl_ord_id] = documents
    return found


def write_tapes(folder: Path, tapes: Mapping[str, Tape]) -> list[str]:
    """The market as it was, columnar, one compressed file an instrument."""
    import numpy as np

    written = []
    for instrument_id, tape in tapes.items():
        path = folder / f"tape-{instrument_id}.npz"
        columns: dict[str, Any] = {name: np.asarray(getattr(tape, name)) for name in TAPE_COLUMNS}
        np.savez_compressed(path, allow_pickle=False, **columns)
        written.append(str(path))
    return written


def read_tapes(folder: Path) -> dict[str, Tape]:
    """The tapes of a run by instrument. Raises MalformedMessage for a file that is not one."""
    import numpy as np

    tapes: dict[str, Tape] = {}
    for path in sorted(folder.glob("tape-*.npz")):
        name = path.stem.removeprefix("tape-")
        try:
            with np.load(path, allow_pickle=False) as columns:
                tapes[name] = Tape(instrument_id=name, **{each: columns[each] for each in TAPE_COLUMNS})
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            sentence = f"{path} is not a tape a run has written ({error}); run it again, or leave the file out."
            raise MalformedMessage(sentence, code="tape_unreadable") from error
    return tapes


def write_reports(
    folder: Path, report: Report | None, documents: Mapping[str, PlanDocuments], stats: Mapping[str, object]
) -> list[str]:
    """Plan and account as text, JSON and self-contained pages; the statistics as JSON."""
    files: dict[str, str] = {"stats.json": _json(stats)}
    for name, plan in documents.items():
        stem = "plan" if len(documents) == 1 else f"plan-{name}"
        files |= {f"{stem}.txt": plan.text(), f"{stem}.json": _json(plan.json()), f"{stem}.html": plan.html()}
    if report is not None:
        from sottovoce.analytics.reports.tca_html import render_html

        files |= {
            "report.txt": render_text(report),
            "report.json": _json(report_json(report)),
            "report.html": render_html(report),
        }
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [str(folder / name) for name in files]


def _json(document: object) -> str:
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
