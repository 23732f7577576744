"""The package as text: every module parsed, never imported, so that its rules can be checked and planted.

`plant` makes a module out of a few lines, which is how the rules themselves are tested.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "sottovoce"


@dataclass(frozen=True)
class Import:
    """One imported name: `from a import b` is target a.b. Lazy: in a function, or for type checkers only."""

    target: str
    line: int
    lazy: bool


@dataclass(frozen=True)
class Module:
    """A module by its dotted name. parts ("sottovoce", "stages", "risk", "checks")."""

    name: str
    source: str
    tree: ast.Module

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.name.split("."))

    def inside(self, *places: str) -> bool:
        """Whether this module is one of the places, or within one: "stages", "adapters.simulated"."""
        return any(f"{self.name}.".startswith(f"{PACKAGE}.{place}.") for place in places)

    def imports(self) -> Iterator[Import]:
        yield from _imports(self.tree, lazy=False)


def plant(name: str, source: str) -> Module:
    """A module that exists only for a test."""
    return Module(name, source, ast.parse(source, filename=name))


@cache
def package_modules() -> tuple[Module, ...]:
    """Every module of the package, by name."""
    found = [plant(_dotted(path), path.read_text("utf-8")) for path in sorted((ROOT / PACKAGE).rglob("*.py"))]
    assert found, f"no modules under {PACKAGE}: the checks would pass on nothing"
    return tuple(found)


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(node: ast.AST, *, lazy: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, child.lineno, lazy) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = "." * child.level + (child.module or "")
            yield from (Import(f"{base}.{alias.name}", child.lineno, lazy) for alias in child.names)
        else:
            yield from _imports(child, lazy=lazy or _defers(child))


def _defers(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return "TYPE_CHECKING" in ast.unparse(node.test)
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
