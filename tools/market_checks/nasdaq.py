"""What the NASDAQ samples give: LOBSTER's books after every message, an hour of messages, and ITCH counts by type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from sottovoce.adapters.feeds.itch import counts_by_type
from sottovoce.adapters.feeds.lobster import all_lobster_rows, lobster_rows
from sottovoce.adapters.feeds.lobster_checks import seeded_once, transitions
from sottovoce.adapters.feeds.lobster_levels import read_levels
from tools.market_checks.crypto import Figure

LOBSTER_FOLDER, ITCH_FOLDER = "lobster_nasdaq_itch", "nasdaq_itch50_sample"
FIRST, HOUR = "AAPL_2012-06-21_first1000", "AAPL_2012-06-21_0930-1030"
ITCH_FILE = "ex20101224.TEST_ITCH_50"
EXECUTED, HIDDEN = 4, 5
FILE_SCALE = 10_000
"""Units of LOBSTER's prices in one dollar."""

SHOWN = "SRHAFEXDUP"
"""Types the README counts one by one."""


def lobster_figures(data: Path) -> Iterator[Figure]:
    """Transitions of the first thousand rows, and what an hour of messages adds up to."""
    folder = data / LOBSTER_FOLDER
    rows = all_lobster_rows(folder / f"{FIRST}_message_10.csv.gz")
    levels = read_levels(folder / f"{FIRST}_orderbook_10.csv.gz")
    for name, got in (("transitions", transitions(rows, levels)), ("seeded_once", seeded_once(rows, levels))):
        yield f"{FIRST} {name}", f"{got.right} of {got.of}", None
    yield from _hour(folder / f"{HOUR}_message_50.parquet")


def itch_figures(data: Path) -> Iterator[Figure]:
    """Messages of every type."""
    counts = counts_by_type(data / ITCH_FOLDER / f"{ITCH_FILE}.gz")
    yield f"{ITCH_FILE} messages", f"{sum(counts.values()):,}", None
    for letter in SHOWN:
        yield f"{ITCH_FILE} {letter}", f"{counts[letter]:,}", None
    others = sum(count for letter, count in counts.items() if letter not in SHOWN)
    yield f"{ITCH_FILE} others", f"{others:,}", None


def _hour(path: Path) -> Iterator[Figure]:
    types: Counter[int] = Counter()
    visible = hidden = value = 0
    for rows in lobster_rows(path):
        types.update(rows.type.tolist())
        for kind, size, price in zip(rows.type.tolist(), rows.size.tolist(), rows.price.tolist(), strict=True):
            if kind in (EXECUTED, HIDDEN):
                visible, hidden = visible + size * (kind == EXECUTED), hidden + size * (kind == HIDDEN)
                value += size * price
    executed = visible + hidden
    yield f"{HOUR} messages", f"{types.total():,}", None
    for kind in range(1, 6):
        yield f"{HOUR} type_{kind}", f"{types[kind]:,}", None
    yield f"{HOUR} executed_shares", f"{executed:,}", None
    yield f"{HOUR} hidden_share", f"{hidden / executed:.3f}", None
    yield f"{HOUR} vwap", f"{value / executed / FILE_SCALE:.4f}", None
