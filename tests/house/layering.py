"""Who may import whom: layers point down, siblings stay apart, third parties by layer, no cycles.

Each rule takes modules and returns sentences, one per violation; an empty list is a pass.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from tests.house.modules import PACKAGE, Module

RANK = {
    "core": 0,
    "models": 1,
    "intake": 2,
    "stages": 2,
    "adapters": 2,
    "analytics": 2,
    "runtime": 3,
    "apps": 4,
}
# Layers whose first-level parts (a file or a folder) never import each other.
PARTED = {"stages", "adapters"}
# The deepest path there is: sottovoce/stages/risk/checks.py.
DEPTH_MAX = 4

# Per layer: what may be imported at the top of a module, and what only inside a function.
THIRD_PARTY = {
    "": ((), ()),
    "core": (("msgspec",), ()),
    "models": (("msgspec", "numpy"), ("scipy", "numba", "clarabel")),
    "stages": (("msgspec", "numpy"), ()),
    "intake": (("msgspec",), ()),
    "adapters": (("msgspec", "numpy"), ("polars", "exchange_calendars", "numba", "databento_dbn", "cryptography")),
    "analytics": (("msgspec", "numpy"), ("altair", "vl_convert", "jinja2", "polars", "scipy", "numba")),
    "runtime": (("msgspec",), ("numpy",)),
    "apps": (("msgspec", "cyclopts", "rich"), ("numpy", "jinja2")),
}


def layer_violations(module: Module) -> list[str]:
    """Imports that point up or sideways between layers."""
    source = _layer(module.name)
    found = []
    if source and source not in RANK:
        found.append(f"{module.name}: {source} is not one of the layers {', '.join(RANK)}")
    for item in module.imports():
        target = _layer(item.target)
        if item.target.startswith("."):
            found.append(f"{module.name}:{item.line}: relative import {item.target}")
        elif target in RANK and target != source and RANK[target] >= RANK.get(source, -1):
            direction = "up" if RANK[target] > RANK.get(source, -1) else "sideways"
            found.append(f"{module.name}:{item.line}: {source or PACKAGE} imports {item.target}, {direction}")
    return found


def sibling_violations(module: Module) -> list[str]:
    """Imports between first-level parts of stages or of adapters."""
    layer, part = _layer(module.name), _part(module.name)
    if layer not in PARTED:
        return []
    return [
        f"{module.name}:{item.line}: {layer}/{part or '__init__'} imports its sibling {item.target}"
        for item in module.imports()
        if _layer(item.target) == layer and _part(item.target) != part
    ]


def third_party_violations(module: Module) -> list[str]:
    """Libraries a layer may not use, or may use only inside a function."""
    top, lazy = THIRD_PARTY.get(_layer(module.name), ((), ()))
    found = []
    for item in module.imports():
        library = item.target.split(".")[0]
        if library in ("", PACKAGE) or library in sys.stdlib_module_names or library in top:
            continue
        if library not in lazy:
            found.append(f"{module.name}:{item.line}: {library} is not for this layer")
        elif not item.lazy:
            found.append(f"{module.name}:{item.line}: {library} only inside the function that needs it")
    return found


def depth_violations(module: Module) -> list[str]:
    """Modules nested deeper than the deepest allowed path."""
    if len(module.parts) <= DEPTH_MAX:
        return []
    return [f"{module.name}: deeper than {PACKAGE}/stages/risk/checks.py"]


def cycle_violations(modules: Iterable[Module]) -> list[str]:
    """The first import cycle, lazy and type-only ones included: they hide a cycle, not break it."""
    modules = list(modules)
    known = {module.name for module in modules}
    graph = {module.name: _edges(module, known) for module in modules}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return [" imports ".join(reversed(error.args[1]))]
    return []


def _edges(module: Module, known: set[str]) -> list[str]:
    targets = {_longest_known(item.target, known) for item in module.imports()}
    return sorted(target for target in targets if target and target != module.name)


def _longest_known(target: str, known: set[str]) -> str:
    while target and target not in known:
        target = target.rpartition(".")[0]
    return target


def _layer(name: str) -> str:
    """The layer a module belongs to; `python -m sottovoce` is a door of the apps."""
    layer = _nth(name, 1)
    return "apps" if layer == "__main__" else layer


def _part(name: str) -> str:
    return _nth(name, 2)


def _nth(name: str, index: int) -> str:
    parts = name.split(".")
    return parts[index] if parts[0] == PACKAGE and len(parts) > index else ""
