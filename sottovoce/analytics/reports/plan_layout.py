"""Lines of a report for a terminal: titles, aligned pairs, sentences over several lines, tables with a header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

LABEL = 24
WIDTH = 96


def heading(title: str) -> list[str]:
    """A title, underlined, and an empty line."""
    return [title, "─" * len(title), ""]


def pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    """Label and value, aligned."""
    return [f"  {label:<{LABEL}}{value}" for label, value in rows]


def labelled(label: str, text: str) -> list[str]:
    """A label and a sentence that may need several lines."""
    first, *rest = wrapped(text, LABEL + 2)
    return [f"  {label:<{LABEL}}{first.strip()}", *rest]


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Columns as wide as their widest cell: the first and the last to the left, figures to the right."""
    widths = [max(len(line[at]) for line in (header, *rows)) for at in range(len(header))]
    last = len(header) - 1

    def line(cells: Sequence[str]) -> str:
        shown = [
            cell.ljust(width) if at == 0 or (at == last and not cell[:1].isdigit()) else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return ("  " + "  ".join(shown)).rstrip()

    return [line(header), "  " + "  ".join("─" * width for width in widths), *(line(row) for row in rows)]


def wrapped(text: str, indent: int) -> list[str]:
    """A sentence over several lines, indented."""
    lines, line = [], ""
    for word in text.split():
        if line and indent + len(line) + 1 + len(word) > WIDTH:
            lines.append(" " * indent + line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, " " * indent + line]
