"""What a model of the command line shows: its figures one a line, and what it gives for each time as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sottovoce.apps.numbers_in import computed_document
from sottovoce.apps.output import emit

Figures = Mapping[str, object]
DIGITS = 6
SMALL, LARGE = 1e-3, 1e9
"""Outside these, powers of ten."""


class Said(Protocol):
    """What an answer says of where it comes from: fields of the JSON object, and lines for a person."""

    def document(self) -> dict[str, Any]: ...

    def lines(self) -> list[str]: ...


def show(
    title: str, figures: Figures, as_json: bool, table: Figures | None = None, *, said: Said | None = None
) -> None:
    """Print a model's answer.

    Args:
        figures: name → figure; table: name → a figure for each row, all of one length, printed below as columns and in
            the JSON object beside the figures. said: printed below the figures, and the last word on those of its name.
    Raises: ModelError, code not_computable, where a figure is not finite.
    """
    more = {} if said is None else said.document()
    document = computed_document({**figures, **(table or {}), **more})

    def text() -> str:
        shown = {name: value for name, value in figures.items() if name not in more and not _many(value)}
        rows = [f"  {name:<28} {figure(value)}" for name, value in shown.items()]
        return "\n".join([title, *rows, *(() if said is None else said.lines()), *(_columns(table) if table else ())])

    emit(document, as_json, text)


def figure(value: object) -> str:
    """A figure for a person: six digits and one after the point at least, thousands apart; words as they are."""
    if isinstance(value, float):
        whole = len(str(int(abs(value)))) if 1.0 <= abs(value) < LARGE else 0
        return f"{value:,.{max(DIGITS - whole, 1)}f}" if SMALL <= abs(value) < LARGE else f"{value:.{DIGITS}g}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _columns(table: Figures) -> list[str]:
    names = list(table)
    rows = zip(*(value for value in table.values() if isinstance(value, Sequence)), strict=True)
    cells = [names, *([figure(cell) for cell in row] for row in rows)]
    wide = [max(len(row[place]) for row in cells) for place in range(len(names))]
    return ["  ".join(cell.rjust(width) for cell, width in zip(row, wide, strict=True)) for row in cells]


def _many(value: object) -> bool:
    return isinstance(value, Sequence | Mapping) and not isinstance(value, str)
