"""What every market answers when it is asked about our orders, or to change one (FIX groups C and G)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import CancelReject
from sottovoce.core.enums import ExecType, OrdStatus, RejReason
from sottovoce.core.session_commands import MassStatusEnd
from tests.contracts.market_cases import CASES
from tests.contracts.market_desk import SECOND_NS, Desk, MarketCase
from tests.contracts.market_questions import ask, ask_all, replace

FAR = 400


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def desk(request: pytest.FixtureRequest) -> Desk:
    """A desk half an hour into the first session."""
    case = request.param
    assert isinstance(case, MarketCase)
    desk = Desk(case, case.make())
    desk.run(case.open_ns + 1800 * SECOND_NS)
    return desk


def resting(desk: Desk, qty: int = 200) -> str:
    """An order far from the market, acknowledged."""
    order = desk.send(qty, desk.state().bid - FAR * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    return order


def test_status_of_a_resting_order_is_what_it_is(desk: Desk) -> None:
    order = resting(desk)
    ask(desk, order)
    desk.run(desk.now_ns + SECOND_NS)
    told = desk.last(order)
    assert (told.exec_type, told.ord_status, told.reason) == (ExecType.ORDER_STATUS, OrdStatus.NEW, None)
    assert (told.cum_qty, told.leaves_qty, told.order_qty) == (0, 200, 200)


def test_status_of_a_finished_order_is_how_it_ended(desk: Desk) -> None:
    order = resting(desk)
    desk.cancel(order)
    desk.run(desk.now_ns + SECOND_NS)
    ask(desk, order)
    desk.run(desk.now_ns + SECOND_NS)
    assert (desk.last(order).exec_type, desk.last(order).ord_status) == (ExecType.ORDER_STATUS, OrdStatus.CANCELED)
    assert desk.last(order).leaves_qty == 0


def test_status_of_an_order_that_never_came_is_unknown(desk: Desk) -> None:
    order = resting(desk)
    desk.sent["NEVER"] = msgspec.structs.replace(desk.sent[order], cl_ord_id="NEVER")
    ask(desk, "NEVER")
    desk.run(desk.now_ns + SECOND_NS)
    told = desk.last("NEVER")
    assert (told.ord_status, told.reason) == (OrdStatus.REJECTED, RejReason.UNKNOWN_ORDER)


def test_two_answers_are_two_reports(desk: Desk) -> None:
    order = resting(desk)
    ask(desk, order, "S1")
    ask(desk, order, "S2")
    desk.run(desk.now_ns + SECOND_NS)
    names = [report.exec_id for report in desk.reports[order]]
    assert len(names) == len(set(names)) == 3


def test_mass_status_tells_of_every_live_order_and_ends(desk: Desk) -> None:
    first, second, gone = resting(desk), resting(desk), resting(desk)
    desk.cancel(gone)
    desk.run(desk.now_ns + SECOND_NS)
    ended, told = ask_all(desk)
    assert told == [first, second]
    assert isinstance(ended, MassStatusEnd)
    assert (ended.reports, ended.venue, ended.request_id) == (2, desk.case.lit, "L1")


def test_mass_status_of_nothing_is_an_end(desk: Desk) -> None:
    ended, told = ask_all(desk)
    assert told == []
    assert ended.reports == 0


def test_replace_of_size_and_price_is_one_report_under_the_new_name(desk: Desk) -> None:
    order = resting(desk)
    price = desk.sent[order].price - desk.case.tick
    replace(desk, order, "SECOND", 300, price)
    desk.run(desk.now_ns + SECOND_NS)
    told = desk.last("SECOND")
    assert (told.exec_type, told.ord_status, told.orig_cl_ord_id) == (ExecType.REPLACED, OrdStatus.NEW, order)
    assert (told.order_qty, told.leaves_qty, told.cum_qty) == (300, 300, 0)
    assert desk.kinds(order) == [ExecType.NEW], "the old name is not spoken of again"


def test_replaced_order_trades_and_is_canceled_under_its_new_name(desk: Desk) -> None:
    order = resting(desk)
    replace(desk, order, "SECOND", 300, desk.state().ask + 10 * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds("SECOND")[0] is ExecType.REPLACED
    assert desk.filled("SECOND") > 0
    assert desk.filled(order) == 0


def test_replace_after_a_partial_fill_keeps_what_has_traded(desk: Desk) -> None:
    order = desk.send(50_000_000, desk.state().ask + 2 * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    done = desk.last(order).cum_qty
    assert done > 0
    replace(desk, order, "SECOND", done + 100, desk.state().bid - FAR * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    told = next(report for report in desk.reports["SECOND"] if report.exec_type is ExecType.REPLACED)
    assert told.ord_status is OrdStatus.PARTIALLY_FILLED
    assert (told.cum_qty, told.leaves_qty, told.order_qty) == (done, 100, done + 100)


def test_replace_below_what_has_traded_is_too_late(desk: Desk) -> None:
    order = desk.send(50_000_000, desk.state().ask + 2 * desk.case.tick)
    desk.run(desk.now_ns + SECOND_NS)
    replace(desk, order, "SECOND", 1, desk.sent[order].price)
    desk.run(desk.now_ns + SECOND_NS)
    (reject,) = desk.rejects
    assert (reject.cl_ord_id, reject.reason) == ("SECOND", RejReason.TOO_LATE)
    assert desk.last(order).leaves_qty > 0


def test_replace_of_an_order_never_sent_is_refused_as_unknown(desk: Desk) -> None:
    order = resting(desk)
    desk.sent["NEVER"] = msgspec.structs.replace(desk.sent[order], cl_ord_id="NEVER")
    replace(desk, "NEVER", "SECOND", 300, desk.sent[order].price)
    desk.run(desk.now_ns + SECOND_NS)
    assert [(each.cl_ord_id, each.reason) for each in desk.rejects] == [("SECOND", RejReason.UNKNOWN_ORDER)]


def test_second_delivery_of_a_replaced_order_has_no_effect(desk: Desk) -> None:
    order = resting(desk)
    replace(desk, order, "SECOND", 300, desk.sent[order].price)
    desk.run(desk.now_ns + SECOND_NS)
    desk.deliver(desk.sent[order])
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW]
    _, told = ask_all(desk)
    assert told == ["SECOND"]


def test_cancel_of_an_unknown_order_says_so(desk: Desk) -> None:
    order = resting(desk)
    desk.sent["NEVER"] = msgspec.structs.replace(desk.sent[order], cl_ord_id="NEVER")
    desk.cancel("NEVER")
    desk.run(desk.now_ns + SECOND_NS)
    assert isinstance(desk.rejects[0], CancelReject)
    assert desk.rejects[0].reason is RejReason.UNKNOWN_ORDER
    assert desk.reports["NEVER"] == []
