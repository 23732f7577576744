"""What the firm could end up holding: positions, and the worst case of everything promised to the market.

All figures are integers: price units times shares. Each account, and the firm as a whole, keeps running totals,
so a check costs the same with one open order or ten thousand.
"""

from __future__ import annotations

import msgspec

FIRM = ""


class Reservation(msgspec.Struct, kw_only=True, gc=False):
    """What one parent may still do: open shares at the worst price, of which drawn are out with children."""

    account: str
    instrument_id: str
    sign: int
    open_qty: int
    worst_px: int
    drawn_qty: int = 0


class Totals(msgspec.Struct, kw_only=True, gc=False):
    """One scope: value of open buys and sells at worst price, and signed value traded."""

    open_buy: int = 0
    open_sell: int = 0
    traded: int = 0


class Exposure(msgspec.Struct, kw_only=True):
    """Every reservation and the totals by account; "" is the firm."""

    reservations: dict[str, Reservation] = {}
    totals: dict[str, Totals] = {}

    def after(self, scope: str, sign: int, value: int) -> tuple[int, int]:
        """(gross, net) worst case of a scope if value more were promised on the side of sign.

        Gross counts both sides; net supposes that everything open on one side trades and nothing on the other.
        """
        totals = self.totals.get(scope) or Totals()
        traded, buy, sell = totals.traded, totals.open_buy, totals.open_sell
        if sign > 0:
            buy += value
        else:
            sell += value
        return abs(traded) + buy + sell, max(abs(traded + buy), abs(traded - sell))

    def reserve(self, parent: str, account: str, instrument_id: str, sign: int, qty: int, px: int) -> None:
        """Promise qty at px for a parent."""
        self.reservations[parent] = Reservation(
            account=account, instrument_id=instrument_id, sign=sign, open_qty=0, worst_px=px
        )
        self.change(parent, qty)

    def change(self, parent: str, qty: int) -> None:
        """Raise (or lower) what a parent has reserved."""
        held = self.reservations.get(parent)
        if held is None:
            return
        held.open_qty += qty
        for scope in (held.account, FIRM):
            totals = self.totals.setdefault(scope, Totals())
            if held.sign > 0:
                totals.open_buy += qty * held.worst_px
            else:
                totals.open_sell += qty * held.worst_px

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

    def trade(self, parent: str, reserved_qty: int, signed_value: int) -> None:
        """reserved_qty traded (negative: undone); the reservation shrinks by it and the position moves."""
        held = self.reservations.get(parent)
        if held is None:
            return
        for scope in (held.account, FIRM):
            self.totals.setdefault(scope, Totals()).traded += signed_value
        self.change(parent, -reserved_qty)

    def close(self, parent: str) -> None:
        """The parent is done: nothing of it stays promised; the record stays for late news."""
        held = self.reservations.get(parent)
        if held is not None:
            self.change(parent, -held.open_qty)
