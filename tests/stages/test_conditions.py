"""What a condition of the market does to orders: who pauses, who goes on, and who waits for a person."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from sottovoce.core.condition_commands import MarketCondition
from sottovoce.core.enums import Side
from sottovoce.core.event import Event
from sottovoce.core.execution_events import InputPoisoned, ParentPaused
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import PauseAccepted, ResumeAccepted
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.work_events import ParentDone
from sottovoce.stages.conditions import BY_RULE, Conditions
from tests.stages.algos.worked import worked

VIEW = MarketView(1, {}, 1)


def approved_order(parent: str, instrument_id: str, side: Side) -> OrderApproved:
    known = worked(side=side)
    order = msgspec.structs.replace(known.order, parent_id=parent, instrument_id=instrument_id)
    return OrderApproved(parent_id=parent, ts_ns=1, order=order, plan=known.plan, by="rule", seed=1)


def stage_with(**sides: Side) -> Conditions:
    """A stage that knows an order in ACME for each name given."""
    stage = Conditions()
    for parent, side in sides.items():
        _apply(stage, approved_order(parent, "ACME", side))
    return stage


def _apply(stage: Conditions, event: Event) -> None:
    stage.appliers()[type(event)](event)


def says(stage: Conditions, code: str, move_ppm: int = 0) -> dict[str, list[str]]:
    """Decide and apply; who pauses and who resumes."""
    condition = MarketCondition(instrument_id="ACME", code=code, detail="d", move_ppm=move_ppm)
    events: Any = stage.deciders()[MarketCondition](condition, VIEW)
    for event in events:
        _apply(stage, event)
    kinds: dict[str, type[Event]] = {"pauses": ParentPaused, "resumes": ResumeAccepted}
    return {name: [event.parent_id for event in events if isinstance(event, kind)] for name, kind in kinds.items()}


def test_a_halt_pauses_everybody_and_its_end_lets_them_go_on() -> None:
    stage = stage_with(A=Side.BUY, B=Side.SELL)
    assert says(stage, "market_halted") == {"pauses": ["A", "B"], "resumes": []}
    assert says(stage, "normal") == {"pauses": [], "resumes": ["A", "B"]}


@pytest.mark.parametrize(("move_ppm", "pauses"), [(31_000, ["A"]), (-31_000, ["B"])])
def test_a_fast_market_pauses_those_it_moves_against(move_ppm: int, pauses: list[str]) -> None:
    stage = stage_with(A=Side.BUY, B=Side.SELL)
    assert says(stage, "fast_market", move_ppm)["pauses"] == pauses


def test_from_a_halt_into_a_fast_market_only_those_concerned_stay_paused() -> None:
    stage = stage_with(A=Side.BUY, B=Side.SELL)
    says(stage, "market_halted")
    assert says(stage, "fast_market", 50_000) == {"pauses": [], "resumes": ["B"]}


@pytest.mark.parametrize(
    "event",
    [
        PauseAccepted(parent_id="A", ts_ns=1, principal="trader-1"),
        InputPoisoned(parent_id="A", ts_ns=1, error="ZeroDivisionError"),
        ParentPaused(parent_id="A", ts_ns=1, reason="overfilled"),
    ],
)
@pytest.mark.parametrize("first", ["market", "other"])
def test_what_somebody_else_paused_waits_for_a_person(event: Event, first: str) -> None:
    stage = stage_with(A=Side.BUY)
    if first == "market":
        says(stage, "stale_quote")
        _apply(stage, event)
    else:
        _apply(stage, event)
        assert says(stage, "stale_quote")["pauses"] == []
    assert says(stage, "normal")["resumes"] == []


def test_a_person_may_go_on_before_the_market_is_sound() -> None:
    stage = stage_with(A=Side.BUY)
    says(stage, "stale_quote")
    _apply(stage, ResumeAccepted(parent_id="A", ts_ns=1, principal="trader-1"))
    assert says(stage, "crossed_quote")["pauses"] == ["A"]


def test_the_rule_signs_for_what_it_resumes() -> None:
    stage = stage_with(A=Side.BUY)
    says(stage, "stale_quote")
    events = stage.deciders()[MarketCondition](MarketCondition(instrument_id="ACME", code="normal"), VIEW)
    assert [event.principal for event in events if isinstance(event, ResumeAccepted)] == [BY_RULE]


def test_orders_that_are_done_are_forgotten() -> None:
    stage = stage_with(A=Side.BUY)
    _apply(stage, ParentDone(parent_id="A", ts_ns=1, reason="filled"))
    assert says(stage, "market_halted") == {"pauses": [], "resumes": []}
    fresh = Conditions()
    says(fresh, "market_halted")
    assert stage.state() == fresh.state()


def test_other_names_are_not_concerned() -> None:
    stage = stage_with(A=Side.BUY)
    _apply(stage, approved_order("B", "OTHER", Side.BUY))
    assert says(stage, "market_halted")["pauses"] == ["A"]


def test_it_goes_on_from_a_saved_state() -> None:
    stage = stage_with(A=Side.BUY)
    says(stage, "market_halted")
    again = Conditions()
    again.restore(msgspec.json.encode(stage.state()))
    assert says(again, "normal")["resumes"] == ["A"]


def test_approval_is_how_an_order_becomes_known() -> None:
    assert OrderApproved in Conditions().appliers()
