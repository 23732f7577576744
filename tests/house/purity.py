"""What a layer may not do: read a clock, roll dice, touch the world, or let a set's order decide.

Names are followed through imports and aliases, so `from time import monotonic as m` is seen. What a value
holds is not followed: a callable passed in is the caller's business, which is the point of ports.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.modules import Module

PURE = ("core", "models", "stages")
# Everything whose result must not depend on when it runs; clocks live in adapters/clock, runtime and apps.
SEEDED_ADAPTERS = ("adapters.simulated", "adapters.queues", "adapters.faulty", "adapters.replay", "adapters.reference")
TIMELESS = (*PURE, "intake", "analytics", *SEEDED_ADAPTERS)

CLOCKS = (
    "time",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
)
DICE = ("random", "numpy.random", "secrets", "os.urandom", "os.getrandom", "uuid.uuid1", "uuid.uuid4")
# Generators that take their seed as an argument, and names that only say a type.
SEEDED = (
    "random.Random",
    *(f"numpy.random.{name}" for name in ("default_rng", "Generator", "SeedSequence", "PCG64", "Philox")),
)

WORLD = (
    *("asyncio", "concurrent", "ctypes", "getpass", "glob", "http", "importlib", "io", "logging"),
    *("mmap", "multiprocessing", "os", "pathlib", "resource", "select", "selectors", "shutil", "signal"),
    *("socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "urllib"),
    *(f"numpy.{name}" for name in ("load", "save", "savez", "loadtxt", "savetxt", "genfromtxt", "fromfile")),
    *("numpy.memmap", "print", "open", "input", "breakpoint", "exec", "eval", "__import__"),
)
# Differ from process to process, so nothing that is replayed may depend on them.
UNSTABLE = ("hash", "id")
BUILTINS = ("print", "open", "input", "breakpoint", "exec", "eval", "__import__", *UNSTABLE)

# Lesson 7: what has been proved is in the type, and one stage constructs each proof.
PROOFS = {
    "OrderAccepted": "gateway",
    "OrderCleared": "risk",
    "AmendCleared": "risk",
    "ChildReplaceApproved": "risk",
    "OrderPlanned": "planning",
    "OrderReplanned": "planning",
    "OrderApproved": "approval",
    "ChildCreated": "algos",
    "ChildApproved": "risk",
    "ChildRouted": "routing",
    "Fill": "executions",
}


def clock_violations(module: Module) -> list[str]:
    """Reads of a clock where time is an argument."""
    return _uses(module, CLOCKS, "reads a clock") if module.inside(*TIMELESS) else []


def world_violations(module: Module) -> list[str]:
    """I/O, threads and process state in the layers that are functions of their arguments."""
    if not module.inside(*PURE):
        return []
    return _uses(module, WORLD, "touches the world") + _uses(module, UNSTABLE, "differs between processes")


def dice_violations(module: Module) -> list[str]:
    """Randomness without a seed, anywhere in the package."""
    unseeded_calls = {id(node.func) for node in _call_nodes(module) if not _first_argument(node)}
    return [
        f"{module.name}:{line}: {name} is not seeded"
        for name, line, node in _names(module)
        if _within(name, DICE)
        and name not in ("random", "numpy.random")
        and (name not in SEEDED or id(node) in unseeded_calls)
    ]


def set_order_violations(module: Module) -> list[str]:
    """Loops straight over a set, whose order differs from process to process."""
    if not module.inside(*PURE):
        return []
    loops = (node for node in ast.walk(module.tree) if isinstance(node, ast.For | ast.comprehension))
    return [
        f"{module.name}:{node.iter.lineno}: loops over a set; sort it first"
        for node in loops
        if isinstance(node.iter, ast.Set | ast.SetComp)
        or (isinstance(node.iter, ast.Call) and ast.unparse(node.iter.func) in ("set", "frozenset"))
    ]


def proof_violations(module: Module) -> list[str]:
    """Proofs constructed outside the one stage that may."""
    found = []
    for name, line, node in _calls(module):
        stage = PROOFS.get(name.rpartition(".")[2])
        if stage and name.startswith("sottovoce.core.") and not module.inside(f"stages.{stage}"):
            found.append(f"{module.name}:{line}: only stages/{stage} may construct {ast.unparse(node)}")
    return found


def _uses(module: Module, banned: tuple[str, ...], why: str) -> list[str]:
    lines = sorted({(line, name) for name, line, _ in _names(module) if _within(name, banned)})
    return [f"{module.name}:{line}: {name} {why}" for line, name in lines]


def _within(name: str, places: tuple[str, ...]) -> bool:
    return any(f"{name}.".startswith(f"{place}.") for place in places)


def _call_nodes(module: Module) -> list[ast.Call]:
    return [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]


def _first_argument(node: ast.Call) -> str:
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    return ast.unparse(values[0]).replace("None", "") if values else ""


def _calls(module: Module) -> Iterator[tuple[str, int, ast.AST]]:
    called = {id(node.func) for node in _call_nodes(module)}
    yield from (entry for entry in _names(module) if id(entry[2]) in called)


def _names(module: Module) -> Iterator[tuple[str, int, ast.AST]]:
    """Every imported name, use of one, and call of a builtin, as (full dotted name, line, node)."""
    aliases: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno, node
                bound = alias.asname or alias.name.split(".")[0]
                aliases[bound] = alias.name if alias.asname else bound
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno, node
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    called = {id(node.func) for node in _call_nodes(module)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Name | ast.Attribute):
            root, _, rest = _chain(node).partition(".")
            if root in aliases:
                yield ".".join(filter(None, (aliases[root], rest))), node.lineno, node
            elif root in BUILTINS and id(node) in called:
                yield root, node.lineno, node


def _chain(node: ast.AST) -> str:
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""
