"""Build the generated pages of docs/reference from the code they describe, so that neither can drift.

commands.md from the command line's own app, reasons.md from the table of reasons, events.md from the messages,
configuration.md from the configuration tree, limits.md from the table of limits, edges.md from the wiring page,
order-states.md from the lifecycle table (each cell found by asking it), layers.md from the modules' first
sentences. orders-format.md is written by hand.

Run: python tools/build_docs.py [--check]      --check compares, writes nothing, and exits 1 where a page differs
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from sottovoce.apps.output import CONFLICT, FAULT, NOT_FOUND, OK, STOPPED, UNAVAILABLE, UNKNOWN, USAGE  # noqa: E402
from tools.docs_pages import assurance, commands, limits, messages, order_states, settings  # noqa: E402
from tools.docs_pages.tables import page, table  # noqa: E402

TARGET = ROOT / "docs/reference"
PACKAGE = ROOT / "sottovoce"
LAYERS = {
    "core": "The vocabulary. msgspec only; no clock, no input or output, no dice.",
    "models": "Pure functions on numbers and arrays. numpy; scipy and numba only inside a function.",
    "intake": "From what people write to commands. Beside stages, adapters and analytics, and never importing them.",
    "stages": "The order's path. One part a stage; no part imports another; no clock, no input or output, no dice.",
    "adapters": "The doors to the world: clock, journal, reference data, calendar, markets. No part imports another.",
    "analytics": "Reads journal and tape after the fact; never on the order's path.",
    "runtime": "Wires the stages into a running system. The one page is `sottovoce/runtime/system.py`.",
    "apps": "What a person starts: parse, hand over, render.",
}
EXIT_CODES = {
    OK: "done",
    FAULT: "verification found a fault",
    USAGE: "usage, or input that cannot be used",
    STOPPED: "refused, rejected or held by the desk's own rules",
    NOT_FOUND: "what was asked for does not exist",
    CONFLICT: "conflict (no command gives it yet)",
    UNAVAILABLE: "something outside did not answer",
    UNKNOWN: "state unknown: a defect",
}


def commands_page() -> str:
    """Every command with its options, and the exit codes."""
    codes = table(("exit code", "meaning"), [(str(code), meaning) for code, meaning in EXIT_CODES.items()])
    return page(
        "Commands",
        "Every command prints text, or with `--json` one object on standard output and nothing else; progress and "
        "errors go to standard error. An error is a sentence with a stable code in brackets; with `--json` it is also "
        'an object `{"error": {"code", "message"}}`.',
        *commands.sections(),
        "## Exit codes",
        codes,
        "Stopped by the keyboard: 130. `SOTTOVOCE_DEBUG=1` shows the traceback behind a defect.",
    )


def reasons_page() -> str:
    """Every stable code."""
    return page(
        "Reasons",
        "Why an order, a child or a request was stopped. The code never changes its meaning; the sentence is for "
        "people. *Control* names the control it implements, where there is one.",
        *messages.reason_sections(),
    )


def events_page() -> str:
    """Every message and value."""
    return page(
        "Messages",
        "What travels between the stages and what the journal records. Quantities are shares; prices are integers in "
        "the instrument's unit (1e-6 dollar for US equities); times end in `_ns`, nanoseconds since 1970 UTC.",
        *messages.message_sections(),
    )


def configuration_page() -> str:
    """Every setting."""
    return page(
        "Configuration",
        "One TOML file, given with `--config`. A table is a section of the file, a field a key in it; what is left "
        "out keeps its default; an unknown key is an error that names it. The firm's secret is not in the file: it is "
        "the environment variable `SOTTOVOCE_SECRET`, 16 characters or more.",
        *settings.sections(),
    )


def limits_page() -> str:
    """Every limit, and how limits change."""
    return page(
        "Limits",
        "Limits are dated rows with an owner and a day of review; the names and house figures are the table of "
        "`sottovoce/core/limit_table.py`.",
        *limits.sections(),
    )


def edges_page() -> str:
    """Who decides on which message, who else listens."""
    return page(
        "Edges",
        "A message has one stage that decides on it, and any number that apply it. *Made by* is who constructs it. "
        "The deciding stages are declared in `sottovoce/runtime/system.py`; the system refuses to start when a stage "
        "and that page disagree.",
        *messages.edge_sections(stage_sources()),
    )


def stage_sources() -> Mapping[str, list[str]]:
    """Stage name → the source texts of its modules."""
    found: dict[str, list[str]] = {}
    for path in sorted((PACKAGE / "stages").rglob("*.py")):
        name = path.relative_to(PACKAGE / "stages").parts[0].removesuffix(".py")
        found.setdefault(name, []).append(path.read_text("utf-8"))
    found["runtime"] = [(PACKAGE / "runtime/engine.py").read_text("utf-8")]
    return found


def order_states_page() -> str:
    """The lifecycle table."""
    return page(
        "Order states",
        "The life of one order at one venue, as `sottovoce/core/lifecycle.py` has it: what each report (ExecType) "
        "does to an order in each state (OrdStatus). Every cell was found by asking the table.",
        *order_states.sections(),
    )


def layers_page() -> str:
    """The modules, layer by layer, each with its first sentence."""
    parts = ["Imports point down, never sideways; `tests/test_architecture.py` keeps it."]
    for layer, rule in LAYERS.items():
        parts += [f"## {layer}", rule, table(("module", "what it is"), list(_modules(layer)))]
    return page("Layers", *parts)


def _modules(layer: str) -> Iterator[tuple[str, str]]:
    for path in sorted((PACKAGE / layer).rglob("*.py")):
        about = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        if path.name != "__init__.py" or about:
            yield f"`{path.relative_to(ROOT)}`", " ".join(about.split("\n\n")[0].split())


PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands_page,
    "reasons.md": reasons_page,
    "events.md": events_page,
    "configuration.md": configuration_page,
    "limits.md": limits_page,
    "edges.md": edges_page,
    "order-states.md": order_states_page,
    "layers.md": layers_page,
    "controls.md": assurance.controls_page,
    "faults.md": assurance.faults_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them; exit 1 where one differs."""
    differing = []
    for name, build in PAGES.items():
        path, text = TARGET / name, build()
        if not path.is_file() or path.read_text("utf-8") != text:
            differing.append(name)
            if "--check" not in arguments:
                TARGET.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
    verb = "out of date" if "--check" in arguments else "rewritten"
    print(f"docs/reference: {len(PAGES)} generated pages, {verb}: {', '.join(differing) or 'none'}")
    return 1 if differing and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
