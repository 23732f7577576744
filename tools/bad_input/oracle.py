"""Says whether an accepted request was valid, knowing nothing of the code that accepted it.

The schema is schema.py's; the rules it cannot express are here, read from the instrument file itself: the name is in
it, the price is on its tick, the size is one the system can count, what is stated twice agrees, no text hides anything.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib import resources
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from tools.bad_input import schema

CENT, SUBPENNY = Decimal("0.01"), Decimal("0.0001")


class Oracle:
    """One validator a kind of request, and the closes of the shipped file."""

    def __init__(self, now_ns: int) -> None:
        self._now_ns = now_ns
        self._schemas = {
            "new_order": Draft202012Validator(schema.ORDER),
            "amend_order": Draft202012Validator(schema.AMENDMENT),
            "new_basket": Draft202012Validator(schema.BASKET),
        }
        shipped = json.loads(resources.files("sottovoce.adapters.reference").joinpath("instruments.json").read_text())
        self._closes = {each["symbol"]: Decimal(str(each["close"][0])) for each in shipped["instruments"]}

    def objections(self, request: Mapping[str, Any]) -> list[str]:
        """Why an accepted request should not have been; empty when it was right to."""
        found = [error.message[:200] for error in self._schemas[request["type"]].iter_errors(request)]
        if found:
            return found
        if request["type"] == "amend_order":
            return list(self._amendment(request))
        orders = request["legs"] if request["type"] == "new_basket" else [request]
        return [sentence for order in orders for sentence in self._order(order)]

    def _amendment(self, request: Mapping[str, Any]) -> Iterator[str]:
        yield from _off_tick(request.get("price"))
        if request.get("end_ns") is not None and request["end_ns"] <= self._now_ns:
            yield "an end that is past"

    def _order(self, order: Mapping[str, Any]) -> Iterator[str]:
        close = self._closes.get(_listed(order["symbol"]))
        if close is None:
            yield f"{order['symbol']!r} is not in the file"
            return
        yield from _off_tick(order.get("price"))
        yield from _hidden(order.get("note", ""))
        yield from _off_tick(order.get("would_price"))
        yield from _instructed(order)
        for name in ("price", "decision_price", "would_price"):
            if order.get(name) is not None and Decimal(order[name]) > 10**9:
                yield f"{name} beyond any price"
        qty, notional = order.get("order_qty"), order.get("notional")
        if notional is not None and Decimal(notional) < close * Decimal("0.99"):
            yield "a notional of less than one share"
        if qty is not None and qty * close * 100 > 2**63:
            yield "a value beyond 64 bits"
        if qty is not None and notional is not None and not 0.79 <= float(qty * close / Decimal(notional)) <= 1.26:
            yield "a quantity and a notional that disagree"
        start_ns = max(order.get("start_ns") or 0, self._now_ns)
        if order.get("end_ns") is not None and order["end_ns"] <= start_ns:
            yield "an end that is past"


def _listed(symbol: str) -> str:
    """The symbol as the file writes it: "brk/b us", "BRK-B.XNYS" and "BRK B" are "BRK.B US", a bare ticker American."""
    words = re.split(r"[\s./-]+", symbol.upper().strip())
    if words[-1] == "EQUITY":
        words = words[:-1]
    if len(words) > 1 and words[-1] in ("US", "XNAS", "XNYS", "ARCX", "XASE", "BATS"):
        words = words[:-1]
    return ".".join(words) + " US"


def _instructed(order: Mapping[str, Any]) -> Iterator[str]:
    rates = [order.get(name) for name in ("participation_min", "participation", "participation_max")]
    read = [Decimal(rate) for rate in rates if rate is not None]
    if rates[0] is not None and read != sorted(read):
        yield "a band that its rate is outside of"
    limit, would = order.get("price"), order.get("would_price")
    if limit is not None and would is not None:
        room = Decimal(limit) - Decimal(would)
        if room < 0 if order["side"] == "buy" else room > 0:
            yield "a price its own limit forbids"


def _off_tick(price: str | None) -> Iterator[str]:
    if price is not None and Decimal(price) % (CENT if Decimal(price) >= 1 else SUBPENNY) != 0:
        yield f"{price} is off its tick"


def _hidden(note: str) -> Iterator[str]:
    if any(unicodedata.category(letter)[0] == "C" for letter in note):
        yield "a note with something hidden in it"
    if unicodedata.normalize("NFC", note) != note:
        yield "a note that is not composed"
