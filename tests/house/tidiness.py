"""Style that matters, as rules: names, docstrings, tests that can fail, nothing of one machine.

Each rule takes a source text and returns sentences, one per violation; an empty list is a pass.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house.modules import ROOT

NAMES_REFUSED = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}

# Spelled in halves, so that the rule does not find itself.
HOSTS = (
    *("py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "debian" + ".org"),
    *("crates" + ".io", "proxy.golang" + ".org", "conda" + ".org", "maven" + ".org"),
)
HOST = re.compile("|".join(re.escape(host) for host in HOSTS))
# A path that begins at the root of somebody's disk.
MACHINE_PATH = re.compile(r"(?<![\w.}/$~-])/(?:work|root|home|opt|tmp|Users)/")
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
BRITISH = re.compile(r"cancel" + r"l(?:ed|ing|s|er)", re.IGNORECASE)

# What a test may call instead of asserting itself.
ASSERTING = ("assert", "check", "expect", "require", "verify", "raises", "run_state_machine")

IGNORED_FOLDERS = {"__pycache__", "build", "dist", "out", "node_modules"}
KEPT_HIDDEN = {".ci", ".gitignore"}


def text_files() -> list[Path]:
    """Every text file of the repository, generated and hidden folders left out."""
    return sorted(path for path in _walk(ROOT) if not _is_binary(path))


def machine_violations(where: str, text: str) -> list[str]:
    """Registry hosts and paths of the machine a file was made on."""
    return _matches(where, text, HOST, "names a package registry") + _matches(
        where, text, MACHINE_PATH, "names a path of one machine"
    )


def unfinished_violations(where: str, text: str) -> list[str]:
    """Notes to finish something later: an issue is the place for them."""
    return _matches(where, text, UNFINISHED, "is a note to finish later")


def name_violations(where: str) -> list[str]:
    """Modules and folders named for nothing in the field."""
    parts = where.removesuffix(".py").split("/")
    return [f"{where}: {part} says nothing; name what it does" for part in parts if part in NAMES_REFUSED]


def spelling_violations(where: str, source: str) -> list[str]:
    """Identifiers that spell canceled with two l."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [
        f"{where}:{token.start[0]}: {token.string}: canceled has one l in code"
        for token in tokens
        if token.type == tokenize.NAME and BRITISH.search(token.string)
    ]


def docstring_violations(where: str, source: str) -> list[str]:
    """Modules, public functions, and public classes with methods, that say nothing of themselves."""
    tree = ast.parse(source, filename=where)
    found = [] if ast.get_docstring(tree) else [f"{where}: the module has no docstring"]
    return found + [
        f"{where}:{node.lineno}: {node.name} has no docstring"
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not _speaks_for_itself(node)
        and not ast.get_docstring(node)
    ]


def hollow_test_violations(where: str, source: str) -> list[str]:
    """Tests that assert nothing, or assert what is always so."""
    found = []
    for node in ast.walk(ast.parse(source, filename=where)):
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Constant) and node.test.value:
            found.append(f"{where}:{node.lineno}: asserts {ast.unparse(node.test)}, which is always so")
        if _is_test(node) and not any(_asserts(inner) for inner in ast.walk(node)):
            found.append(f"{where}: {ast.unparse(node).splitlines()[0]} asserts nothing")
    return found


def _is_test(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")


def _speaks_for_itself(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    plain_class = isinstance(node, ast.ClassDef) and not any(
        isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and not inner.name.startswith("__")
        for inner in node.body
    )
    return node.name.startswith("_") or plain_class


def _asserts(node: ast.AST) -> bool:
    if isinstance(node, ast.Assert):
        return True
    if not isinstance(node, ast.Call):
        return False
    name = ast.unparse(node.func).rpartition(".")[2].lstrip("_")
    return name.startswith(ASSERTING)


def _matches(where: str, text: str, pattern: re.Pattern[str], why: str) -> list[str]:
    return [
        f"{where}:{number}: {found.group()} {why}"
        for number, line in enumerate(text.splitlines(), 1)
        for found in pattern.finditer(line)
    ]


def _walk(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name.startswith(".") and path.name not in KEPT_HIDDEN:
            continue
        if path.is_dir():
            if path.name not in IGNORED_FOLDERS and not path.name.endswith(".egg-info"):
                yield from _walk(path)
        elif path.suffix not in {".pyc", ".db", ".db-wal", ".db-shm"}:
            yield path


def _is_binary(path: Path) -> bool:
    with path.open("rb") as file:
        return b"\0" in file.read(4096)
