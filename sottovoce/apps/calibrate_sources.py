"""Where finished parents come from: the --out folder of a run, its journal, a folder of runs, or a file of orders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from sottovoce.analytics.calibration.from_orders import finished_parents
from sottovoce.analytics.calibration.normalise import DailyHistory, normalised
from sottovoce.analytics.calibration.parents import FinishedParent
from sottovoce.analytics.calibration.parents_file import read_parents
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.core.errors import NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Tape

JOURNAL = "journal.db"
DATED = "daily volume and volatility are the instruments' dated facts; --daily gives them as of each order's eve"
DAY_NS = 86_400_000_000_000


def parents_of(sources: Sequence[Path], daily: Path | None) -> tuple[list[FinishedParent], tuple[str, ...]]:
    """The parents of all sources, and notes on where their figures come from.

    Raises: NotFound `no_file`; MalformedMessage `parents_unreadable`; ConfigError as read_daily;
        JournalError.
    """
    found: list[FinishedParent] = []
    journals = False
    for source in sources:
        for path in files_of(source):
            journals |= path.name == JOURNAL
            found += parents_of_journal(path) if path.name == JOURNAL else read_parents(path)
    if daily is not None:
        history = read_daily(daily)
        return [normalised(each, history) for each in found], (f"daily volume and volatility from {daily.name}",)
    return found, (DATED,) if journals else ()


def files_of(source: Path) -> list[Path]:
    """The journal or file itself; of a folder, its journal, or those of the folders in it.

    Raises: NotFound `no_journal`, `no_file`.
    """
    if source.is_dir():
        found = [source / JOURNAL] if (source / JOURNAL).is_file() else sorted(source.glob(f"*/{JOURNAL}"))
        if not found:
            raise NotFound(f"There is no {JOURNAL} in {source} or in a folder of it.", code="no_journal")
        return found
    if not source.is_file():
        raise NotFound(f"There is no file {source}; give a run's folder, or a file of orders.", code="no_file")
    return [source]


class RunOrders(msgspec.Struct, frozen=True, kw_only=True):
    """The orders of a run as its journal has them, with the tapes beside it and the shipped facts of their instruments,
    both by id. meta: what the journal says of the run.
    """

    orders: tuple[TcaOrder, ...]
    tapes: Mapping[str, Tape]
    instruments: Mapping[str, Instrument]
    meta: Mapping[str, str]


def parents_of_journal(path: Path) -> list[FinishedParent]:
    """The parents of one run."""
    found = orders_of_journal(path)
    return finished_parents(found.orders, found.tapes, found.instruments)


def orders_of_journal(path: Path) -> RunOrders:
    """The orders of one run. Raises JournalError."""
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.adapters.reference.store import load_shipped
    from sottovoce.analytics.tca.from_journal import orders_from_steps
    from sottovoce.apps.run_files import read_tapes

    journal = open_for_reading(path)
    steps, meta = list(journal.steps(with_evidence=False)), journal.meta()
    journal.close()
    tapes, reference = read_tapes(path.parent), load_shipped()
    instruments = {name: each for name in tapes if (each := reference.get(name)) is not None}
    times = [step.ts_ns for _, step in steps]
    days = 1 + (max(times) - min(times)) // DAY_NS if times else 0
    sessions = load_calendar().sessions_from(min(times), days) if times else ()
    orders = orders_from_steps(steps, tapes, instruments, (), sessions)
    return RunOrders(orders=tuple(orders), tapes=tapes, instruments=instruments, meta=meta)


def read_daily(path: Path) -> dict[str, DailyHistory]:
    """Days of each symbol from a CSV or Parquet file with symbol, date, volume and close (adjusted).

    Raises: ConfigError `history_unreadable`, `history_columns`, `history_rows`, `history_figures`.
    """
    import numpy as np

    from sottovoce.analytics.forecasts.histories import read_history

    past = read_history(path, "symbol", ("volume", "close"))
    days, volume, close = np.array(past.days), past.tables["volume"], past.tables["close"]
    known = np.isfinite(volume) & (close > 0)
    return {
        symbol: DailyHistory(
            dates=tuple(days[known[:, at]].tolist()), volume=volume[known[:, at], at], close=close[known[:, at], at]
        )
        for at, symbol in enumerate(past.columns)
    }
