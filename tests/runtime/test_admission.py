"""Only what can be written down becomes an input: requests are sent back, reports of venues are kept and repaired."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.basket_commands import BasketLeg, NewBasket
from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus, Side
from sottovoce.core.errors import MalformedMessage
from sottovoce.runtime.admission import admitted
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.metrics import StageMetrics
from tests.scenarios.small_desk import OPEN_NS, new_order, small_system, states_at

LONE = "a\ud800b"
REPORT = ExecutionReport(
    parent_id="P-1", venue="LITA", cl_ord_id="V-1", exec_id="E-1", exec_type=ExecType.TRADE, last_qty=100, last_px=5,
    ord_status=OrdStatus.PARTIALLY_FILLED, cum_qty=100, leaves_qty=900, transact_ns=OPEN_NS, text=LONE,
)  # fmt: skip


def test_plain_messages_pass_as_they_are() -> None:
    for message in (new_order(note="für den Fonds"), msgspec.structs.replace(REPORT, text="买")):
        assert admitted(message) is message


@pytest.mark.parametrize("field", ["note", "symbol", "cl_ord_id", "account", "principal", "price", "locate_id"])
def test_request_with_a_lone_surrogate_is_sent_back(field: str) -> None:
    with pytest.raises(MalformedMessage) as caught:
        admitted(new_order(**{field: LONE}))
    assert caught.value.code == "text_not_unicode"


def test_lone_surrogate_in_a_row_of_a_list_is_found() -> None:
    leg = BasketLeg(row=2, symbol="ACME", side=Side.BUY, order_qty=1, note=LONE)
    with pytest.raises(MalformedMessage):
        admitted(NewBasket(principal="t", account="A", basket_id="b", legs=(leg,)))


def test_trade_with_an_unreadable_text_still_counts() -> None:
    kept = admitted(REPORT)
    assert kept == msgspec.structs.replace(REPORT, text="a\ufffdb")
    rejected = CancelReject(parent_id="P", venue="V", cl_ord_id="c", exec_id="e", ord_status=OrdStatus.NEW,
                            transact_ns=1, text=LONE)  # fmt: skip
    assert admitted(rejected).text == "a\ufffdb"


def test_request_that_is_not_text_leaves_no_trace() -> None:
    """It used to stop the process: it could be neither digested nor journalled."""
    system, journal = small_system(), MemoryJournal({})
    engine = Engine(system, journal, StageMetrics(), 60_000_000_000)
    before = system.digest()
    with pytest.raises(MalformedMessage):
        engine.step(OPEN_NS, new_order(note=LONE), states_at(OPEN_NS))
    assert system.digest() == before
    assert list(journal.steps()) == []
    assert engine.step(OPEN_NS, new_order(), states_at(OPEN_NS)).events
