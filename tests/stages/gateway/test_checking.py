"""The stages: every check is heard, each can fail alone, and a broken one lets nothing through."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from sottovoce.core.market import Unusable
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import REASONS
from sottovoce.stages.gateway import business as second
from sottovoce.stages.gateway import examiner
from sottovoce.stages.gateway import moment as third
from sottovoce.stages.gateway.checking import BUSINESS, STATE, SYNTAX, Check, run_checks
from sottovoce.stages.gateway.syntax import SYNTAX_CHECKS
from tests.scenarios.small_desk import new_order
from tests.stages.gateway.subjects import business, moment
from tests.stages.gateway.test_gateway import Door, refused

STAGES: dict[str, tuple[Sequence[Check], Callable[[], object]]] = {
    SYNTAX: (SYNTAX_CHECKS, new_order),
    BUSINESS: (second.BUSINESS_CHECKS, business),
    STATE: (third.STATE_CHECKS, moment),
}


def broken(subject: object) -> Sequence[Failure]:
    raise ZeroDivisionError(subject)


@pytest.mark.parametrize("stage", STAGES)
def test_plain_order_passes_every_check_alone(stage: str) -> None:
    checks, subject = STAGES[stage]
    assert len(checks) >= 5
    for check in checks:
        assert list(check(subject())) == [], check.__name__


@pytest.mark.parametrize("stage", STAGES)
def test_broken_check_is_a_failure_and_the_others_are_still_heard(stage: str) -> None:
    checks, subject = STAGES[stage]
    found = run_checks(stage, [broken, *checks, broken], subject())
    assert [(failed.stage, failed.code) for failed in found] == [(stage, "check_failed")] * 2
    assert found[0].value == "broken: ZeroDivisionError"


@pytest.mark.parametrize("name", ["SYNTAX_CHECKS", "BUSINESS_CHECKS", "STATE_CHECKS"])
def test_nothing_passes_a_gateway_with_a_broken_check(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module = "sottovoce.stages.gateway." + ("syntax" if name.startswith("SYNTAX") else "examiner")
    monkeypatch.setattr(f"{module}.{name}", (broken,))
    assert refused() == ["check_failed"]
    monkeypatch.undo()
    assert Door().take(new_order()).parent_id
    assert hasattr(examiner, "BUSINESS_CHECKS")


def test_every_failure_of_a_stage_is_reported_and_of_that_stage_only() -> None:
    found = refused(symbol="?", order_qty=0, note="a\x00b", currency="usd", days=0)
    assert found == ["bad_symbol", "bad_text", "bad_quantity", "bad_currency", "bad_horizon"]


def test_every_failure_says_stage_code_value_and_what_to_do() -> None:
    for stage, checks, subject in (
        (BUSINESS, second.BUSINESS_CHECKS, business(new_order(currency="EUR", price="50.005"))),
        (STATE, third.STATE_CHECKS, moment(quote=Unusable(code="stale_quote", detail="61 s"), end_ns=0)),
    ):
        found = run_checks(stage, checks, subject)
        assert len(found) == 2
        for failed in found:
            assert failed.stage == stage
            assert failed.value
            assert failed.action == REASONS[failed.code].action
