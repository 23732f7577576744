"""Figures and books of a played file: as a document for programs and as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.apps.market_time import shown_time
from sottovoce.core.playback import PlayedBook, PlayedFigures, PlayedLevel, PlayedUnits
from sottovoce.core.units import NS_PER_SECOND

FAULTS_SHOWN = 10
CROSSED = "The book is crossed: its best bid is above its best ask."
Document = dict[str, Any]


def figures_document(path: str, seen: PlayedFigures, units: PlayedUnits, faults: FaultLog) -> Document:
    """Everything a file said: prices in currency, quantities in traded units, spread by time; None is unknown."""
    return {
        "file": path,
        "kind": seen.kind,
        "instruments": list(seen.instruments),
        "first": None if seen.first_ns < 0 else shown_time(seen.first_ns, units),
        "last": None if seen.last_ns < 0 else shown_time(seen.last_ns, units),
        "seconds": (seen.last_ns - seen.first_ns) / NS_PER_SECOND,
        "messages": seen.messages,
        "counts": dict(seen.counts),
        "trades": seen.trades,
        "volume": seen.volume / units.qty_scale,
        "volume_unit": units.qty_name,
        "vwap": seen.value / seen.volume / units.px_scale if seen.volume else None,
        "spread": seen.spread_sum / seen.spread_ns / units.px_scale if seen.spread_ns else None,
        "gaps": list(seen.gaps),
        "bad_rows": faults.total,
        "bad_rows_by_code": dict(faults.counts),
        "first_bad_rows": [bad.sentence for bad in faults.rows[:FAULTS_SHOWN]],
        "details": dict(seen.details),
    }


def figures_text(document: Mapping[str, Any]) -> str:
    """The document as lines."""
    span = "nothing was said" if document["first"] is None else f"{document['first']} to {document['last']}"
    rows = [
        ("file", document["file"]),
        ("kind", document["kind"]),
        ("instruments", ", ".join(document["instruments"][:FAULTS_SHOWN]) or "none"),
        ("span", f"{span} ({document['seconds']:,.1f} s)"),
        ("messages", f"{document['messages']:,}"),
        *((f"  {name}", f"{count:,}") for name, count in sorted(document["counts"].items())),
        ("trades", f"{document['trades']:,}"),
        ("volume", f"{_quantity(document['volume'])} {document['volume_unit']}"),
        ("VWAP", _price(document["vwap"])),
        ("spread, by time", _price(document["spread"])),
        *document["details"].items(),
        ("gaps", f"{len(document['gaps']):,}"),
        ("bad rows", f"{document['bad_rows']:,}"),
    ]
    lines = [f"{name:<34} {value}" for name, value in rows]
    faults = [*document["gaps"][:FAULTS_SHOWN], *document["first_bad_rows"]]
    return "\n".join([*lines, *(f"  {sentence}" for sentence in faults)])


def book_document(instrument: str, when: str, book: PlayedBook, units: PlayedUnits) -> Document:
    """A book: levels from the best as [price, quantity]; touch figures are None where a side is empty."""
    bids, asks = priced(book.bids, units), priced(book.asks, units)
    bid, ask = bids[0][0] if bids else None, asks[0][0] if asks else None
    spread = None if bid is None or ask is None else (book.asks[0][0] - book.bids[0][0]) / units.px_scale
    return {
        "instrument": instrument,
        "at": when,
        "bid": bid,
        "ask": ask,
        "spread": spread,
        "quantity_unit": units.qty_name,
        "bids": [list(level) for level in bids],
        "asks": [list(level) for level in asks],
        "not_usable_because": book.why or (CROSSED if spread is not None and spread < 0 else ""),
    }


def book_text(document: Mapping[str, Any]) -> str:
    """The book as a ladder, best prices in the first line."""
    head = f"{document['instrument']} at {document['at']}"
    unit = document["quantity_unit"]
    lines = [head, f"{f'bid {unit}':>18} {'bid':>14}   {'ask':<14} {f'ask {unit}':<18}"]
    bids, asks = document["bids"], document["asks"]
    for place in range(max(len(bids), len(asks))):
        left = f"{_quantity(bids[place][1]):>18} {_price(bids[place][0]):>14}" if place < len(bids) else " " * 33
        right = f"{_price(asks[place][0]):<14} {_quantity(asks[place][1])}" if place < len(asks) else ""
        lines.append(f"{left}   {right}".rstrip())
    if document["not_usable_because"]:
        lines.append(f"Not usable: {document['not_usable_because']}")
    return "\n".join(lines)


def priced(levels: Sequence[PlayedLevel], units: PlayedUnits) -> list[tuple[float, float]]:
    """Levels in currency and traded units."""
    return [(px / units.px_scale, qty / units.qty_scale) for px, qty in levels]


def _price(value: float | None) -> str:
    """Two to eight decimals."""
    if value is None:
        return "unknown"
    text = f"{value:,.8f}".rstrip("0")
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.ljust(2, '0')}"


def _quantity(value: float) -> str:
    """Up to eight decimals, none for whole units."""
    return f"{value:,.8f}".rstrip("0").rstrip(".")
