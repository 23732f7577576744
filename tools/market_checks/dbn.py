"""What the DBN files give: books after their last record, how the exchange's events left them, and record counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sottovoce.adapters.feeds.dbn import DbnFile
from sottovoce.adapters.feeds.dbn_block import PX_SCALE, SNAPSHOT
from sottovoce.adapters.feeds.dbn_orders import order_runs
from sottovoce.core.errors import SottovoceError
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import EXECUTE, TRADE, MboEvents
from tools.market_checks.crypto import Figure

FOLDER = "databento_dbn"
BOOKS = {
    "ESH4 2023-12-24": "esh4-glbx-mdp3-20231224.mbo.dbn.zst",
    "ESM4 2024-05-08": "orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst",
}
RECORDS = {
    "futures_mbp-1": "futures_mbp-1_2024-07-01T23-58_2024-07-02T00-02.dbn.zst",
    "futures_trades": "futures_trades_2024-07-01T23-58_2024-07-02T00-02.dbn.zst",
    "futures_ohlcv-1m": "futures_ohlcv-1m_2024-07-01T23-40_2024-07-02T00-10.dbn.zst",
    "definition-glbx-es-fut": "definition-glbx-es-fut.dbn.zst",
}


def figures(data: Path) -> Iterator[Figure]:
    """Every figure of the files."""
    folder = data / FOLDER
    for name, file in BOOKS.items():
        yield from _book_figures(name, folder / file)
    for name, file in RECORDS.items():
        yield f"{name} records", f"{DbnFile(folder / file).counts().total():,}", None
    yield "fixtures records", _fixtures(folder / "fixtures"), None


def _book_figures(name: str, path: Path) -> Iterator[Figure]:
    """Reads the file twice: as records for its flags, and as events for its book."""
    records = snapshot = 0
    for block in DbnFile(path).blocks():
        records += len(block.rows)
        snapshot += int((block.rows["flags"] & SNAPSHOT != 0).sum())
    yield f"{name} records", f"{records:,}", None
    yield f"{name} snapshot", f"{snapshot:,}", None
    played = _Played()
    for run in order_runs(DbnFile(path)):
        played.take(run.events, run.ends.tolist())
    book = played.book
    bid, _, ask, _ = book.touch()
    yield f"{name} bid_levels", f"{len(book.levels(1)):,}", None
    yield f"{name} ask_levels", f"{len(book.levels(-1)):,}", None
    yield f"{name} best_bid", f"{bid / PX_SCALE:.2f}", None
    yield f"{name} best_ask", f"{ask / PX_SCALE:.2f}", None
    if played.ends:
        yield f"{name} resting", f"{len(book):,}", None
        yield f"{name} event_ends", f"{played.ends:,}", None
        yield f"{name} crossed", f"{played.crossed:,}", None
        yield f"{name} trades", f"{played.trades:,}", None
        yield f"{name} lots", f"{played.lots:,}", None


class _Played:
    """A book played event by event, looked at where an event of the exchange ended."""

    def __init__(self) -> None:
        self.book = MboBook(strict=True)
        self.ends = self.crossed = self.trades = self.lots = 0

    def take(self, events: MboEvents, ends: list[int]) -> None:
        """The next run of events, and after how many of them an event of the exchange ended."""
        _, kinds, order_ids, sides, pxs, qtys = (column.tolist() for column in events.columns)
        printed = [qty for kind, qty in zip(kinds, qtys, strict=True) if kind in (EXECUTE, TRADE)]
        self.trades, self.lots = self.trades + len(printed), self.lots + sum(printed)
        done = 0
        for end in [*ends, len(kinds)]:
            part = slice(done, end)
            self.book.apply_all(kinds[part], order_ids[part], sides[part], pxs[part], qtys[part])
            done = end
            if end in ends:
                self.crossed += self.book.crossed
        self.ends += len(ends)


def _fixtures(folder: Path) -> str:
    """How many of the files decode to their end."""
    paths = sorted(path for path in folder.iterdir() if ".dbn" in path.name)
    good = 0
    for path in paths:
        try:
            DbnFile(path).counts()
        except SottovoceError:
            continue
        good += 1
    return f"{good} of {len(paths)} files"
