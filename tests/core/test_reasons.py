"""Every code that can stop something is in the table, and every line of the table can happen."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from sottovoce.core.reasons import REASONS, failure, sentence
from tests.house.modules import ROOT

STAGES = ROOT / "sottovoce" / "stages"
CALLS = ("failure", "_exceeded")


def _constants(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def written_codes(paths: list[Path]) -> set[str]:
    """Literal codes given to failure() and its like, and codes of Unusable and Impossible."""
    found: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in ("Unusable", "Impossible"):
                for keyword in node.keywords:
                    if keyword.arg == "code" and isinstance(keyword.value, ast.Constant):
                        found.add(str(keyword.value.value))
            elif name in CALLS:
                literals = [arg for arg in node.args[:2] if isinstance(arg, ast.Constant)]
                found |= {str(arg.value) for arg in literals if str(arg.value) in REASONS or "_" in str(arg.value)}
    return found


def test_every_code_that_is_used_is_in_the_table() -> None:
    paths = [*STAGES.rglob("*.py"), ROOT / "sottovoce/core/market.py", ROOT / "sottovoce/core/lifecycle.py"]
    used = written_codes(paths)
    assert len(used) > 30, "the search finds too little to prove anything"
    assert used - set(REASONS) == set()


def test_every_reason_not_to_use_a_price_is_in_the_table() -> None:
    """The codes of market phases are put together, so they are named here."""
    assert {"market_closed", "market_halted", "stale_quote", "crossed_quote", "one_sided_quote"} <= set(REASONS)


def test_codes_are_stable_words() -> None:
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*|E-RM-[0-9]+:[a-z]+", code) for code in REASONS)


def test_every_reason_says_what_it_means_and_what_to_do() -> None:
    for code, reason in REASONS.items():
        assert reason.meaning, code
        assert reason.action, code
        assert not reason.meaning.endswith("."), code


def test_failure_reads_as_a_sentence() -> None:
    failed = failure("risk", "order_quantity", 1_100, 1_000, -100)
    assert (failed.code, failed.control, failed.room) == ("order_quantity", "PT-03", "-100")
    told = sentence(failed)
    assert told.startswith("[order_quantity] the order is larger than")
    assert "value 1100, limit 1000, room left -100; reduce it" in told
