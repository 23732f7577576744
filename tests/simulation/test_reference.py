"""The reference model by hand: what it must say of an order after a few words of its venue."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus, OrdType, Side, TimeInForce
from sottovoce.core.orders import Route
from sottovoce.core.route_events import ChildRouted
from tools.faultsim.reference import Reference

ROUTE = Route(
    cl_ord_id="O-1", route_id="P-1.1/1", child_id="P-1.1", parent_id="P-1", venue="LITA", instrument_id="ACME",
    side=Side.BUY, qty=1_000, ord_type=OrdType.LIMIT, price=50_000_000, time_in_force=TimeInForce.DAY, min_qty=0,
    sent_ns=1,
)  # fmt: skip


def said(kind: ExecType, exec_id: str, **changes: object) -> ExecutionReport:
    report = ExecutionReport(
        parent_id="P-1", venue="LITA", cl_ord_id="O-1", exec_id=exec_id, exec_type=kind, ord_status=OrdStatus.NEW,
        cum_qty=0, leaves_qty=0, transact_ns=1,
    )  # fmt: skip
    return msgspec.structs.replace(report, **changes)


def trade(exec_id: str, qty: int) -> ExecutionReport:
    return said(ExecType.TRADE, exec_id, last_qty=qty, last_px=50_000_000)


@pytest.fixture
def model() -> Reference:
    reference = Reference()
    reference.parents["P-1"] = {"asked": 1_000, "orders": [], "between": 1_000}
    reference.step(None, (ChildRouted(parent_id="P-1", ts_ns=1, route=ROUTE, decision_id="d"),))
    return reference


def told(model: Reference, *reports: ExecutionReport) -> dict[str, int]:
    for report in reports:
        model.step(report, ())
    order = model.orders["O-1"]
    return {name: order[name] for name in ("left", "traded", "ended", "undone", "too_much")}


def test_a_trade_counts_once_however_often_it_is_told(model: Reference) -> None:
    figures = told(model, trade("1", 300), trade("1", 300), trade("1", 300))
    assert figures == {"left": 700, "traded": 300, "ended": 0, "undone": 0, "too_much": 0}


def test_a_fill_after_the_cancel_comes_out_of_what_had_ended(model: Reference) -> None:
    figures = told(model, said(ExecType.CANCELED, "1"), trade("2", 400))
    assert figures == {"left": 0, "traded": 400, "ended": 600, "undone": 0, "too_much": 0}


def test_an_end_waits_for_every_trade_it_counts(model: Reference) -> None:
    ended = said(ExecType.CANCELED, "3", cum_qty=500)
    assert told(model, ended)["left"] == 1_000
    assert told(model, trade("1", 200))["left"] == 800
    assert told(model, trade("2", 300)) == {"left": 0, "traded": 500, "ended": 500, "undone": 0, "too_much": 0}


def test_a_bust_is_undone_and_not_left_again(model: Reference) -> None:
    undone = said(ExecType.TRADE_CANCEL, "2", last_qty=100, exec_ref_id="1")
    assert told(model, trade("1", 300), undone) == {
        "left": 700, "traded": 200, "ended": 0, "undone": 100, "too_much": 0,
    }  # fmt: skip


def test_more_than_was_ordered_is_too_much(model: Reference) -> None:
    assert told(model, trade("1", 1_200))["too_much"] == 200


def test_what_makes_no_sense_changes_nothing_and_is_doubted(model: Reference) -> None:
    figures = told(model, said(ExecType.TRADE_CANCEL, "1", last_qty=1, exec_ref_id="never"))
    assert figures["left"] == 1_000
    assert model.doubted == {"O-1"}


def test_a_parent_is_the_sum_of_its_orders(model: Reference) -> None:
    told(model, trade("1", 300))
    assert model.parent("P-1") == {"filled": 300, "working": 700, "undone": 0}
