"""What answers for each row: one line an answer in controls.tsv and faults.tsv, read and checked against the code.

Columns: row, where, default, test, note. where is a file of the package with the name that does it, `path:name`; test a
file of the tests with the name of the test, `path::name`, or a make target, `make sim`. A row that nothing answers for
has a note that begins "does not apply:" or "later:" and says why or with what.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
EXCUSES = ("does not apply:", "later:")


class Entry(NamedTuple):
    """One answer; empty where there is none."""

    row: str
    where: str
    default: str
    test: str
    note: str

    @property
    def excused(self) -> bool:
        """Whether the note says why nothing answers for the row."""
        return self.note.startswith(EXCUSES)


def read(name: str) -> list[Entry]:
    """The entries of controls.tsv or faults.tsv, in the order of the file."""
    lines = (HERE / name).read_text("utf-8").splitlines()
    return [Entry(*(cell.strip() for cell in line.split("\t"))) for line in lines if line and not line.startswith("#")]


def faults_of(entries: list[Entry], rows: dict[str, str]) -> list[str]:
    """What is wrong with a page's entries: rows missing or unknown, places and tests that are not there."""
    found = [f"{row} has no entry" for row in rows if row not in {entry.row for entry in entries}]
    for entry in entries:
        if entry.row not in rows:
            found.append(f"{entry.row} is no row")
        if not entry.excused and not (entry.test and (entry.where or not entry.row.startswith(("PT", "AT", "PO")))):
            found.append(f"{entry.row} names no place or no test, and its note gives no reason")
        found += [f"{entry.row}: {place} is not there" for place in _places(entry) if not _there(place)]
    return found


def _places(entry: Entry) -> list[str]:
    both = f"{entry.where}, {entry.test}"
    return [place.strip() for place in both.split(",") if place.strip()]


def _there(place: str) -> bool:
    """Whether a file has such a name, or the Makefile such a target."""
    if place.startswith("make "):
        return re.search(rf"^{re.escape(place[5:])}:", (ROOT / "Makefile").read_text("utf-8"), re.M) is not None
    path, _, name = place.partition("::") if "::" in place else place.partition(":")
    file = ROOT / path
    if not file.exists():
        return False
    if not name or file.is_dir():
        return True
    text = file.read_text("utf-8")
    name = name.split("[")[0].split(".")[-1]
    word = rf"\b{re.escape(name)}\b"
    return re.search(rf"\b(def|class) {word}|^{word}|{word}\s*[:=]", text, re.M) is not None
