"""LOBSTER message files as a feed: rows read, checked and handed on in runs, so that a day never stands in memory.

Rows are checked three times, each for what it can know: the line's grammar, each value, and the orders spoken of. A
row that passes is used; one that does not is raised or counted.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.adapters.feeds.lobster_orders import LobsterOrders
from sottovoce.adapters.feeds.lobster_rows import LobsterRows, is_parquet, message_rows
from sottovoce.adapters.feeds.lobster_values import CROSS, HALT, HIDDEN, LobsterValues
from sottovoce.adapters.feeds.source import Source, source_name
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.events import MboEvents

PX_UNITS = 100
"""Units of 1e-6 dollar in LOBSTER's 1/10000 dollar."""

_KIND_OF_TYPE = np.array(
    (0, mbo.ADD, mbo.CANCEL, mbo.DELETE, mbo.EXECUTE, mbo.TRADE, mbo.CROSS, mbo.STATE), dtype=np.int64
)
_TRADING_RESUMES = 1


def read_lobster(
    source: Source, faults: FaultLog | None = None, *, midnight_ns: int = 0, whole: bool = False
) -> Iterator[MboEvents]:
    """A message file as events, in runs: prices in 1e-6 dollar, times as midnight_ns plus the file's.

    Args:
        midnight_ns: midnight of the exchange on the file's day, ns UTC. faults, whole: as for lobster_rows.
    Raises: as lobster_rows.
    """
    for rows in lobster_rows(source, faults, whole=whole):
        yield _events(rows, midnight_ns)


def lobster_rows(source: Source, faults: FaultLog | None = None, *, whole: bool = False) -> Iterator[LobsterRows]:
    """Checked rows of a message file, in runs, in the file's units.

    Args:
        source: CSV, plain or gzip, or a path that ends in .parquet.
        faults: what to do with bad rows; without one the first is raised.
        whole: every order spoken of must have been entered in the file; False for a file that begins in mid-day.
    Raises: FeedFault feed_columns, feed_value, feed_encoding, feed_out_of_order, feed_order, feed_unreadable and
        those of source.line_chunks; NotFound feed_file_missing; ConfigError feed_extra_missing.
    """
    log, file = faults or FaultLog(), source_name(source)
    unit = "row" if is_parquet(source) else "line"
    values, orders = LobsterValues(file, unit, log), LobsterOrders(file, unit, log, whole=whole)
    for rows in message_rows(source, log):
        yield orders.passed(values.passed(rows))


def all_lobster_rows(source: Source, faults: FaultLog | None = None) -> LobsterRows:
    """The whole of a message file in one piece, for files that are small. Raises as lobster_rows does."""
    runs = list(lobster_rows(source, faults))
    joined = {name: np.concatenate([getattr(run, name) for run in runs]) for name in LobsterRows.__struct_fields__}
    return LobsterRows(**joined)


def _events(rows: LobsterRows, midnight_ns: int) -> MboEvents:
    """One event a row. A halt's price says what it is: trading goes on at 1 only, quoting (0) is still a halt."""
    halt = rows.type == HALT
    state = np.where(rows.price == _TRADING_RESUMES, mbo.TRADING, mbo.HALTED)
    return MboEvents(
        ns=rows.ns + midnight_ns,
        kind=_KIND_OF_TYPE[rows.type],
        order_id=np.where(rows.type >= HIDDEN, 0, rows.order_id),
        side=np.where(rows.type >= CROSS, 0, rows.direction),
        px=np.where(halt, 0, rows.price * PX_UNITS),
        qty=np.where(halt, state, rows.size),
    )
