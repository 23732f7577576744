"""The pages of controls and faults, from the catalogue and its entries."""

from __future__ import annotations

from collections.abc import Mapping

from tools.assurance.catalogue import CONTROLS, FAULTS
from tools.assurance.entries import Entry, read
from tools.docs_pages.tables import page, table

GROUPS = {
    "PT": "Before the trade",
    "AT": "While it trades",
    "PO": "After the trade, and conduct",
    "V": "What must always hold",
    "K": "kill -9 at each step",
    "F": "Faults",
    "I": "Incidents of the past, replayed",
}


def controls_page() -> str:
    """Every control: what it is, where it is done, what is set unless configured, and the test that shows it."""
    intro = (
        "Every control of an execution desk, and where it is done here. *Default* is what holds unless configured. "
        "A row without a test says why it does not apply, or what it waits for."
    )
    return page("Controls", intro, *_sections(CONTROLS, read("controls.tsv"), ("where", "default", "test", "note")))


def faults_page() -> str:
    """Every invariant, kill point, fault and incident, and the test that shows what happens."""
    intro = "What the system is judged by on its worst minute: each row, and the test that shows what it does."
    return page("Faults", intro, *_sections(FAULTS, read("faults.tsv"), ("test", "note")))


def _sections(titles: Mapping[str, str], entries: list[Entry], columns: tuple[str, ...]) -> list[str]:
    sections: list[str] = []
    for group, heading in GROUPS.items():
        rows = [row for row in titles if row.rstrip("-0123456789") == group]
        if rows:
            lines = [line for row in rows for line in _lines(row, titles[row], entries, columns)]
            sections += [f"## {heading}", table(("row", "what", *columns), lines)]
    return sections


def _lines(row: str, title: str, entries: list[Entry], columns: tuple[str, ...]) -> list[tuple[str, ...]]:
    """One line an entry; the title stands at the first."""
    of_row = [entry for entry in entries if entry.row == row]
    return [
        (row if not number else "", title if not number else "", *(_cell(column, entry) for column in columns))
        for number, entry in enumerate(of_row)
    ]


def _cell(column: str, entry: Entry) -> str:
    text: str = getattr(entry, column)
    if column not in ("where", "test"):
        return text
    return "<br>".join(f"`{place.strip()}`" for place in text.split(",") if place.strip())
