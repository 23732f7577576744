"""The corpus and the fuzzer at a size for every run; `make fuzz` takes the million. What they must find is planted."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from sottovoce.core.commands import AmendOrder, NewOrder
from sottovoce.stages.gateway import syntax
from sottovoce.stages.gateway.checking import NOTHING
from tools.bad_input import schema
from tools.bad_input.cases import Case, json_object
from tools.bad_input.corpus import CASES, corpus, reduced
from tools.bad_input.doors import Doors
from tools.bad_input.fuzz import Findings, Judge, report, run_corpus, run_fuzz
from tools.bad_input.oracle import Oracle
from tools.bad_input.plain import PLAINS, WRONG, Plain
from tools.bad_input.requests import filled
from tools.bad_input.spoiling import BLOCK, block

DOORS = Doors()
KINDS = {"order", "amend", "basket", "ticket", "file_json", "file_toml"}


def test_corpus_is_ten_thousand_cases_and_the_same_each_time() -> None:
    cases = corpus()
    assert len(cases) == CASES
    assert cases == corpus()
    assert {case.door for case in cases} == KINDS


def test_corpus_has_every_field_of_a_request() -> None:
    spoilt = {case.kind for case in corpus()}
    for plain in PLAINS:
        for name in filled(plain):
            assert any(kind.startswith(f"{plain.name} {name}.") for kind in spoilt), (plain.name, name)


def test_reduced_corpus_is_refused_whole_and_every_refusal_has_a_code() -> None:
    cases = reduced()
    assert {case.door for case in cases} == KINDS
    found = run_corpus(cases)
    assert (found.cases, found.accepted, found.tracebacks, found.wrong) == (len(cases), 0, 0, 0), found.kept
    assert len(found.by_code) > 40


@pytest.mark.parametrize("plain", PLAINS, ids=lambda plain: plain.name)
def test_plain_requests_are_accepted_and_the_oracle_agrees(plain: Plain) -> None:
    verdict = DOORS.knock(Case(door=plain.door, kind="plain", payload=json_object(filled(plain))))
    assert verdict.codes == ()
    assert isinstance(verdict.accepted, dict)
    assert Oracle(DOORS.now_ns).objections(json.loads(msgspec.json.encode(verdict.accepted))) == []


def test_two_thousand_random_cases_break_nothing() -> None:
    found, figures = run_fuzz(2 * BLOCK, seed=1, progress=False)
    assert (found.cases, found.tracebacks, found.wrong) == (2 * BLOCK, 0, 0), found.kept
    assert found.accepted > 100, "a fuzzer whose cases are all refused proves little"
    assert set(found.by_door) == KINDS
    assert figures["rss_kib_after"] >= 0


def test_block_is_the_same_for_the_same_seed() -> None:
    assert block(3, 5) == block(3, 5)
    assert block(3, 5) != block(4, 5)


# planted defects -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("check", ["note", "size", "price", "symbol", "malformed_flags", "participation"])
def test_gateway_without_one_syntax_check_is_caught(check: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tuple(each for each in syntax.SYNTAX_CHECKS if each.__name__ != check)
    assert len(left) == len(syntax.SYNTAX_CHECKS) - 1
    monkeypatch.setattr(syntax, "SYNTAX_CHECKS", left)
    found = run_corpus([case for case in corpus() if case.door == "order"][::3])
    assert found.wrong or found.tracebacks, f"nobody misses {check}"


def test_oracle_does_not_take_the_gateways_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "SYNTAX_CHECKS", (lambda order: NOTHING,))
    judge = Judge()
    payload = json_object(filled(PLAINS[0]) | {"note": json.dumps("a\u202eb")})
    judge.judge(Case(door="order", kind="planted", payload=payload), "here")
    assert judge.findings.wrong == 1
    assert "hidden" in judge.findings.kept[0]


def test_traceback_is_counted_and_kept_with_its_bytes() -> None:
    judge = Judge()
    judge.doors.knock = lambda case: 1 // 0  # type: ignore[method-assign, assignment, return-value]
    judge.judge(Case(door="order", kind="planted", payload=b"xyz"), "seed 1 block 2 case 3")
    assert judge.findings.tracebacks == 1
    assert "ZeroDivisionError" in judge.findings.kept[0]
    assert "b'xyz'" in judge.findings.kept[0]


def test_report_ends_badly_when_anything_was_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    assert report(Findings(cases=1), {}) == 0
    assert report(Findings(cases=1, wrong=1), {}) == 1
    assert report(Findings(cases=1, tracebacks=1), {}) == 1
    assert report(Findings(cases=1), {"rss_kib_before": 1_000, "rss_kib_after": 70_000}) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[0])["cases"] == 1


@pytest.mark.parametrize(("kind", "described"), [(NewOrder, schema.ORDER), (AmendOrder, schema.AMENDMENT)])
def test_new_field_has_wrong_values_and_a_schema(kind: type[msgspec.Struct], described: dict[str, Any]) -> None:
    assert set(kind.__struct_fields__) <= set(WRONG)
    assert set(kind.__struct_fields__) | {"type"} == set(described["properties"])
