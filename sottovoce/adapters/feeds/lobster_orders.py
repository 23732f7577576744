"""Whether LOBSTER rows agree with the orders they speak of: entered once, at one price, and never used beyond size."""

from __future__ import annotations

import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog
from sottovoce.adapters.feeds.known_orders import KnownOrders
from sottovoce.adapters.feeds.lobster_rows import LobsterRows
from sottovoce.adapters.feeds.lobster_values import DELETED, EXECUTED, NEW


class LobsterOrders:
    """Checks runs of rows of one file in order. known.earlier counts rows about orders from before the file."""

    __slots__ = ("_file", "_log", "_unit", "known")

    def __init__(self, file: str, unit: str, log: FaultLog, *, whole: bool) -> None:
        self._file = file
        self._unit = unit
        self._log = log
        self.known = KnownOrders(whole=whole)

    def passed(self, rows: LobsterRows) -> LobsterRows:
        """The rows without the bad ones, each of which is reported; raises at the first unless skipping."""
        bad: list[int] = []
        columns = (rows.type, rows.order_id, rows.direction, rows.price, rows.size)
        for place, row in enumerate(zip(*(column.tolist() for column in columns), strict=True)):
            if row[0] <= EXECUTED:
                field, why = self._judge(*row)
                if why:
                    bad.append(place)
                    value = row[1] if field == "order_id" else row[3] if field == "price" else row[4]
                    self._report(int(rows.number[place]), field, value, why)
        if not bad:
            return rows
        kept = np.ones(rows.ns.size, dtype=np.bool_)
        kept[bad] = False
        return rows.where(kept)

    def _judge(self, kind: int, order_id: int, side: int, px: int, qty: int) -> tuple[str, str]:
        """The field that is wrong and why; "" for why when nothing is."""
        if kind == NEW:
            return "order_id", self.known.enter(order_id, side, px, qty)
        found = self.known.find(order_id)
        if found is not None and (side, px) != found[:2]:
            return "price", f"and direction {side} are not those of order {order_id}, {found[1]} and {found[0]}"
        if kind == DELETED and found is not None and qty != found[2]:
            return "size", f"is deleted of order {order_id}, which has {found[2]} left"
        why = self.known.reduce(order_id, qty)
        return ("order_id" if found is None else "size"), why

    def _report(self, number: int, field: str, value: int, why: str) -> None:
        bad = BadRow(
            file=self._file, code="feed_order", why=why, number=number, unit=self._unit, field=field, value=str(value)
        )
        self._log.bad_row(bad)
