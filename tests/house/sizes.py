"""How long files and functions are; `python -m tests.house.sizes` prints it.

The aim is a reader who can hold one file, and any function, at once.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from tests.house.modules import ROOT

CODE = ("sottovoce", "tests", "benchmarks", "examples", "tools")
FILE_LINES_MAX = 300
FUNCTION_LINES_MAX = 60


@dataclass(frozen=True)
class Length:
    """lines of the thing at where: "sottovoce/core/ids.py" or "sottovoce/core/ids.py:12 child_id"."""

    where: str
    lines: int


def python_files(*folders: str) -> list[Path]:
    """Python files under the folders of the repository, in order."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def file_lengths(paths: list[Path]) -> list[Length]:
    """Lines of each file."""
    return [Length(_shown(path), len(path.read_text("utf-8").splitlines())) for path in paths]


def function_lengths(paths: list[Path]) -> list[Length]:
    """Lines of each function or method, docstring included, decorators not."""
    return [length for path in paths for length in functions_in(_shown(path), path.read_text("utf-8"))]


def functions_in(where: str, source: str) -> Iterator[Length]:
    """Lines of each function of one source text."""
    for node in ast.walk(ast.parse(source, filename=where)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Length(f"{where}:{node.lineno} {node.name}", lines)


def summary(name: str, lengths: list[Length]) -> str:
    """One line: count, median, 90th percentile, longest."""
    lines = [length.lines for length in lengths]
    longest = max(lengths, key=lambda length: length.lines)
    return (
        f"{name}: {len(lines)}, median {median(lines):.0f} lines, p90 {percentile_90(lines):.0f}, "
        f"longest {longest.lines} ({longest.where})"
    )


def percentile_90(lines: list[int]) -> float:
    """The length nine in ten do not exceed."""
    return quantiles(lines, n=10)[-1] if len(lines) > 1 else float(lines[0])


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def main() -> None:
    """Print the sizes of the package and of its tests."""
    for folder in ("sottovoce", "tests"):
        paths = python_files(folder)
        print(summary(f"{folder} files", file_lengths(paths)))
        print(summary(f"{folder} functions", function_lengths(paths)))


if __name__ == "__main__":
    main()
