"""`sottovoce instruments`: what the master knows, each figure with its date and source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import cyclopts
import msgspec

from sottovoce.apps.output import emit

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def instruments(symbol: str | None = None, *, forecasts: Path | None = None, as_json: Json = False) -> None:
    """List the instrument master, or show one instrument with the date and source of every figure.

    Args:
        symbol: as people write it: AAPL, AAPL US, BRK.B, BRK/B.
        forecasts: a file of forecasts to lay over the master, as `plan --forecasts` does.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.reference.store import load_with
    from sottovoce.apps.orders_in import find_instrument

    reference = load_with(forecasts)
    head: dict[str, Any] = {"version": reference.version, "digest": reference.digest}
    if symbol is not None:
        found = msgspec.to_builtins(find_instrument(reference, symbol))
        emit(head | {"instrument": found}, as_json, lambda: _one(found, reference.version))
        return
    rows = list(reference.instruments)
    listed = [{"symbol": one.symbol, "name": one.name, "sector": one.sector, "mic": one.mic} for one in rows]

    def text() -> str:
        lines = [f"{row['symbol']:<10} {row['name'] or '':<40.40} {row['sector'] or 'unknown'}" for row in listed]
        return "\n".join([f"Reference version {reference.version}, {len(rows)} instruments", *lines])

    emit(head | {"instruments": listed}, as_json, text)


def _one(found: dict[str, Any], version: int) -> str:
    lines = [f"{found['symbol']} — {found['name']} (reference version {version})"]
    for field, value in found.items():
        if isinstance(value, dict) and "as_of" in value:
            figure = "unknown" if value["value"] is None else f"{value['value']:,.6g}"
            lines.append(f"  {field:<22} {figure:<18} as of {value['as_of']}, {value['source']}")
        elif isinstance(value, list | tuple):
            lines.extend(_rules(field, value))
        else:
            lines.append(f"  {field:<22} {'unknown' if value is None else value}")
    return "\n".join(lines)


def _rules(field: str, rows: Sequence[object]) -> list[str]:
    """Dated rules, forecasts and notes, a line each."""
    lines = []
    for row in rows:
        if isinstance(row, dict) and "figure" in row:
            interval = f", {row['low']:,.6g} to {row['high']:,.6g}" if "low" in row else ""
            made = f"made {row['made']} by {row['model']} of {row['n']} observations, {row['window']}"
            lines.append(f"  {field:<22} {row['figure']} on {row['date']}: {row['value']:,.6g}{interval} ({made})")
        elif isinstance(row, dict):
            until = f" to {row['effective_to']}" if row.get("effective_to") else " on"
            figures = ", ".join(f"{key} {row[key]:,}" for key in ("min_px", "tick", "lot") if key in row)
            lines.append(f"  {field:<22} from {row['effective_from']}{until}: {figures} ({row['source']})")
        else:
            lines.append(f"  {field:<22} {row}")
    return lines
