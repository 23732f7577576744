"""Does what we read in the shared market data agree with what is published about it? Every figure, got and expected.

Each group reads its files with the loaders the desk uses and compares text with text, at the digits the READMEs
give: LOBSTER transitions, ITCH counts, three crypto books and a deleted line, DBN books, the consolidated ticks.
The folder is that of SOTTOVOCE_DATA, ../shared/data beside the repository when it is not set.

Run: python tools/market_data_check.py [--only ticks] [--summary] [--json]
Exit 1 when a figure differs or is missing, 2 when there is no data.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from rich.console import Console  # noqa: E402
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: E402
from rich.table import Table  # noqa: E402

from sottovoce.core.errors import SottovoceError  # noqa: E402
from tools.market_checks import crypto, dbn, expected, nasdaq, ticks  # noqa: E402
from tools.market_checks.crypto import Figure  # noqa: E402

GROUPS: dict[str, Callable[[Path], Iterator[Figure]]] = {
    "lobster": nasdaq.lobster_figures,
    "itch": nasdaq.itch_figures,
    "crypto": crypto.figures,
    "dbn": dbn.figures,
    "ticks": ticks.figures,
}
MISSING = "nothing"


class Row(NamedTuple):
    """One figure compared."""

    group: str
    name: str
    got: str
    expected: str

    @property
    def ok(self) -> bool:
        return self.got == self.expected


def checked(group: str, data: Path) -> Iterator[Row]:
    """Every figure of a group; published ones that were not measured come last, with nothing as got."""
    published = expected.known(group)
    try:
        for name, got, must in GROUPS[group](data):
            yield Row(group, name, got, published.pop(name, MISSING) if must is None else must)
    except (SottovoceError, OSError) as error:
        yield Row(group, "reading", f"{type(error).__name__}: {error}", "no error")
    for name, must in published.items():
        yield Row(group, name, MISSING, must)


def compared(groups: list[str], data: Path, silent: bool) -> list[Row]:
    """All rows, with a bar on a terminal."""
    rows: list[Row] = []
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    bar = Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True), transient=True, disable=silent)
    with bar:
        for group in groups:
            task = bar.add_task(group, total=len(expected.known(group)))
            for row in checked(group, data):
                rows.append(row)
                bar.advance(task)
    return rows


def shown(rows: list[Row], everything: bool) -> Table:
    """The table a person reads: every row, or one a group and every row that differs."""
    table = Table("data", "figure", "got", "expected", "ok", title="Market data, got and expected")
    for group in GROUPS:
        own = [row for row in rows if row.group == group]
        wrong = [row for row in own if not row.ok]
        if own and not everything:
            agree = f"{len(own) - len(wrong):,} of {len(own):,} agree"
            table.add_row(group, "all figures", agree, f"{len(own):,} of {len(own):,} agree", _mark(not wrong))
        for row in own if everything else wrong:
            table.add_row(group, row.name, row.got, row.expected, _mark(row.ok))
    return table


def _mark(ok: bool) -> str:
    return "[green]yes[/green]" if ok else "[bold red]NO[/bold red]"


def main(words: list[str] | None = None) -> int:
    """Compare and print; returns the exit code."""
    parser = argparse.ArgumentParser(description="Compare what the market data says with what is published about it.")
    parser.add_argument("--only", choices=GROUPS, action="append", help="one data set; may be repeated")
    parser.add_argument("--summary", action="store_true", help="one row a data set and what differs, not every figure")
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    options = parser.parse_args(words)
    data = (ROOT / os.environ.get("SOTTOVOCE_DATA", "../shared/data")).resolve()
    if not data.is_dir():
        print(f"The market data folder is not at {data}; set SOTTOVOCE_DATA to where it is.", file=sys.stderr)
        return 2
    began = time.monotonic()
    rows = compared(options.only or list(GROUPS), data, options.json or not sys.stderr.isatty())
    wrong = [row for row in rows if not row.ok]
    seconds = time.monotonic() - began
    if options.json:
        listed = [row._asdict() | {"ok": row.ok} for row in rows]
        print(json.dumps({"ok": not wrong, "figures": len(rows), "differ": len(wrong), "rows": listed}, indent=1))
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(shown(rows, not options.summary))
        print(f"{len(rows) - len(wrong):,} of {len(rows):,} figures agree, in {seconds:.1f} s.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
