"""What the firm could end up holding: positions, and the worst case of everything promised to the market.

All figures are integers: price units times shares. Every scope, from the firm to one account's part in a sector, keeps
running totals, so a check costs the same with one open order or ten thousand.
"""

from __future__ import annotations

import msgspec

from sottovoce.stages.risk.lines import FIRM, Holder, Line, Mark, Totals, line_key, line_keys, line_scopes
from sottovoce.stages.risk.worst_case import hold, promise, revalue

__all__ = ["FIRM", "Exposure", "Holder", "Reservation", "Totals"]


class Reservation(msgspec.Struct, kw_only=True, gc=False):
    """What one parent may still do: open shares at the worst price, of which drawn are out with children."""

    account: str
    instrument_id: str
    sign: int
    open_qty: int
    worst_px: int
    drawn_qty: int = 0
    lines: tuple[str, ...] = ()


class Exposure(msgspec.Struct, kw_only=True):
    """Every reservation, the lines they count in, the totals by scope, the marks, and the lines of an instrument."""

    reservations: dict[str, Reservation] = {}
    lines: dict[str, Line] = {}
    totals: dict[str, Totals] = {}
    marks: dict[str, Mark] = {}
    lines_of: dict[str, dict[str, bool]] = {}

    def after(self, scope: str, sign: int, value: int) -> tuple[int, int]:
        """(gross, net) worst case of a scope if value more, in an instrument it does not hold, were promised."""
        totals = self.totals.get(scope) or Totals()
        buy, sell = (value, 0) if sign > 0 else (0, value)
        net = max(abs(totals.position + totals.open_buy + buy), abs(totals.position - totals.open_sell - sell))
        return totals.gross + value, net

    # promises --------------------------------------------------------------------------------------------

    def reserve(
        self, parent: str, holder: Holder, sign: int, qty: int, px: int, keys: tuple[str, ...] | None = None
    ) -> None:
        """Promise qty at px for a parent; keys: those of the holder's lines, from who knows them already."""
        self.reservations[parent] = Reservation(
            account=holder.account,
            instrument_id=holder.instrument_id,
            sign=sign,
            open_qty=0,
            worst_px=px,
            lines=self.open_lines(holder, line_keys(holder) if keys is None else keys),
        )
        self.change(parent, qty)

    def open_lines(self, holder: Holder, keys: tuple[str, ...]) -> tuple[str, ...]:
        """A holder's lines, made where they are new."""
        for key in keys:
            if key not in self.lines:
                self._open_line(key, holder.instrument_id, dict(line_scopes(holder))[key])
        return keys

    def _open_line(self, key: str, instrument_id: str, scopes: tuple[str, ...]) -> None:
        if key in self.lines:
            return
        mark = self.marks.get(instrument_id)
        self.lines[key] = Line(instrument_id=instrument_id, scopes=scopes, mark_px=0 if mark is None else mark.px)
        self.lines_of.setdefault(instrument_id, {})[key] = True
        for scope in scopes:
            if scope not in self.totals:
                self.totals[scope] = Totals()

    def change(self, parent: str, qty: int) -> None:
        """Raise (or lower) what a parent has reserved."""
        held = self.reservations.get(parent)
        if held is None or qty == 0:
            return
        held.open_qty += qty
        value = qty * held.worst_px
        for key in held.lines:
            promise(self.totals, self.lines[key], held.sign, qty, value)

    def reprice(self, parent: str, qty: int, px: int) -> None:
        """Replace a parent's reservation by qty at px."""
        held = self.reservations[parent]
        self.change(parent, -held.open_qty)
        held.worst_px = px
        self.change(parent, qty)

    def draw(self, parent: str, qty: int) -> None:
        """A child takes qty of the reservation (negative: gives it back untraded).

        Where a venue made an order larger than was promised, the promise follows.
        """
        held = self.reservations.get(parent)
        if held is not None:
            held.drawn_qty += qty
            if held.drawn_qty > held.open_qty:
                self.change(parent, held.drawn_qty - held.open_qty)

    def close(self, parent: str) -> None:
        """The parent is done: nothing of it stays promised; the record stays for late news."""
        held = self.reservations.get(parent)
        if held is not None:
            self.change(parent, -held.open_qty)

    def join(self, parent: str, scope: str) -> None:
        """A parent that has not traded counts in one more scope's line, with all it has open."""
        held = self.reservations[parent]
        key = line_key(scope, held.instrument_id)
        if key in held.lines:
            return
        parts = [name for name in self.lines[held.lines[0]].scopes if name.startswith(("sector:", "country:"))]
        self._open_line(key, held.instrument_id, (scope, *(f"{scope}|{part}" for part in parts)))
        open_qty = held.open_qty
        self.change(parent, -open_qty)
        held.lines = (*held.lines, key)
        self.change(parent, open_qty)

    # positions -------------------------------------------------------------------------------------------

    def trade(self, parent: str, reserved_qty: int, signed_qty: int, signed_value: int) -> None:
        """reserved_qty traded (negative: undone); the reservation shrinks by it and the position moves."""
        held = self.reservations.get(parent)
        if held is None:
            return
        for key in held.lines:
            hold(self.totals, self.lines[key], signed_qty, signed_value)
        self.change(parent, -reserved_qty)

    def record(self, holder: Holder, qty: int, px: int) -> None:
        """A position known from elsewhere, taken over at px: it has earned nothing yet."""
        for key in self.open_lines(holder, line_keys(holder)):
            line = self.lines[key]
            hold(self.totals, line, qty - line.qty, (qty - line.qty) * px)

    def mark(self, instrument_id: str, px: int, ts_ns: int) -> None:
        """Value every line in an instrument at px; older news changes nothing, of one time the dearer holds."""
        known = self.marks.get(instrument_id)
        if px <= 0 or (known is not None and (known.ts_ns, known.px) >= (ts_ns, px)):
            return
        self.marks[instrument_id] = Mark(ts_ns=ts_ns, px=px)
        for key in self.lines_of.get(instrument_id, ()):
            revalue(self.totals, self.lines[key], px)
