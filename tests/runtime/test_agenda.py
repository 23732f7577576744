"""What happens first: by time, then venues before timers before people, then by name."""

from __future__ import annotations

import random

from sottovoce.core.commands import (
    AlgoWake,
    ApprovalExpiry,
    CancelOrder,
    CancelReject,
    ExecutionReport,
    HaltTrading,
    Input,
)
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.runtime.agenda import Agenda
from tests.scenarios.small_desk import TRADER, new_order


def _report(venue: str, exec_id: str) -> ExecutionReport:
    return ExecutionReport(
        parent_id="P", venue=venue, cl_ord_id="C", exec_id=exec_id, exec_type=ExecType.NEW, ord_status=OrdStatus.NEW,
        cum_qty=0, leaves_qty=0, transact_ns=0,
    )  # fmt: skip


IN_ORDER: list[tuple[int, Input]] = [
    (5, new_order("early")),
    (7, _report("LITA", "x1")),
    (7, CancelReject(
        parent_id="P", venue="LITB", cl_ord_id="C", exec_id="x", ord_status=OrdStatus.NEW, transact_ns=0)),
    (7, AlgoWake(parent_id="P-1", number=2)),
    (7, ApprovalExpiry(parent_id="P-1", rule="E-RM-1")),
    (7, AlgoWake(parent_id="P-2", number=1)),
    (7, HaltTrading(principal=TRADER, reason="stop")),
    (7, CancelOrder(principal=TRADER, parent_id="P-9")),
    (7, new_order("a")),
    (7, new_order("b")),
    (8, _report("LITA", "x0")),
]  # fmt: skip


def test_order_does_not_depend_on_who_was_asked_first() -> None:
    for seed in range(50):
        shuffled = list(IN_ORDER)
        random.Random(seed).shuffle(shuffled)
        agenda = Agenda()
        for at_ns, message in shuffled:
            agenda.add(at_ns, message)
        assert len(agenda) == len(IN_ORDER)
        assert agenda.next_ns() == 5
        assert [agenda.pop() for _ in IN_ORDER] == IN_ORDER
    assert agenda.next_ns() is None


def test_news_of_one_order_keeps_the_order_the_market_gave_it() -> None:
    """An order that ends in its tenth report of the instant must not end before its fills."""
    agenda = Agenda()
    reports = [_report("LITA", f"LITA-C-{number}") for number in range(1, 13)]
    for report in reports:
        agenda.add(7, report)
    assert [agenda.pop()[1] for _ in reports] == reports


def test_equal_messages_keep_the_order_they_came_in() -> None:
    agenda = Agenda()
    first, second = new_order("same", note="first"), new_order("same", note="second")
    agenda.add(1, first)
    agenda.add(1, second)
    assert [agenda.pop()[1], agenda.pop()[1]] == [first, second]
