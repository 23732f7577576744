"""`sottovoce conduct`: what surveillance finds in the record of a run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
import msgspec

from sottovoce.apps.output import FAULT, OK, emit
from sottovoce.core.errors import NotFound

if TYPE_CHECKING:
    from sottovoce.analytics.surveillance.alerts import ConductAlert
    from sottovoce.analytics.surveillance.tape_prices import TapePrices

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def conduct(
    folder: Path,
    *,
    house: Annotated[tuple[str, ...], cyclopts.Parameter(consume_multiple=True)] = (),
    as_json: Json = False,
) -> int:
    """Look through our own flow for what regulators name: layering, wash trades, marking the close, momentum ignition,
    quote stuffing, probing, the house ahead of a client. Exit 1 when something is found.

    Args:
        folder: the --out folder of a run: its journal.db and its tapes.
        house: accounts of the firm itself.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.analytics.surveillance.alerts import ConductConfig
    from sottovoce.analytics.surveillance.own_flow import flow_of
    from sottovoce.analytics.surveillance.watch import alerts_of

    path = folder / "journal.db"
    if not path.is_file():
        raise NotFound(f"There is no journal at {path}; give the --out folder of a run.", code="no_journal")
    journal = open_for_reading(path)
    flow = flow_of(step for _, step in journal.steps(with_evidence=False))
    journal.close()
    days = sorted({fill.ts_ns for fill in flow.fills})
    sessions = load_calendar().sessions_from(days[0], 1 + (days[-1] - days[0]) // 86_400_000_000_000) if days else ()
    alerts = alerts_of(flow, ConductConfig(), _prices(folder), sessions, house)
    document = {"orders": len(flow.orders), "fills": len(flow.fills), "alerts": msgspec.to_builtins(alerts)}
    emit(document, as_json, lambda: _text(len(flow.orders), len(flow.fills), alerts))
    return FAULT if alerts else OK


def _prices(folder: Path) -> TapePrices:
    """The tapes beside the journal; a name without one is silent about prices."""
    from sottovoce.analytics.surveillance.tape_prices import TapePrices
    from sottovoce.analytics.tca.market_tape import read_tape
    from sottovoce.apps.run_files import read_tapes

    return TapePrices({name: read_tape(tape) for name, tape in read_tapes(folder).items()})


def _text(orders: int, fills: int, alerts: list[ConductAlert]) -> str:
    head = f"{orders:,} orders and {fills:,} fills looked at; {len(alerts)} alerts"
    return "\n".join([head, *(f"  {alert.control} {alert.code}: {alert.sentence}" for alert in alerts)])
