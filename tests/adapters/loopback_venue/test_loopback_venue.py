"""The loopback venue: what it said survives it, a ClOrdID is one order, and a new line proves what never arrived."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sottovoce.adapters.loopback_venue.book import Line, VenueBook
from sottovoce.adapters.loopback_venue.market import LoopbackMarket
from sottovoce.adapters.loopback_venue.record import VenueRecord, read_record
from sottovoce.adapters.loopback_venue.server import VenueServer
from sottovoce.adapters.loopback_venue.wire import LINE_MAX, to_venue
from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, OrdStatus, OrdType, RejReason, Side, TimeInForce
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Route
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import MassStatusEnd, SessionStatus
from sottovoce.core.session_events import MassStatusRequested, StatusRequested
from tests.scenarios.small_desk import ACME

NOW = 1_000


def route(name: str = "A", qty: int = 100, tif: TimeInForce = TimeInForce.DAY) -> Route:
    return Route(
        cl_ord_id=name, route_id=f"{name}/1", child_id=name, parent_id="P-1", venue="LOOA", instrument_id="ACME",
        side=Side.BUY, qty=qty, ord_type=OrdType.LIMIT, price=50_000_000, time_in_force=tif, min_qty=0, sent_ns=NOW,
    )  # fmt: skip


def sent(one: Route) -> ChildRouted:
    return ChildRouted(parent_id="P-1", ts_ns=NOW, route=one, decision_id="")


def asked(one: Route, request_id: str = "Q-1") -> StatusRequested:
    return StatusRequested(parent_id="P-1", ts_ns=NOW, route=one, request_id=request_id)


def canceled(one: Route) -> RouteCancelRequested:
    state = OrderState(
        cl_ord_id=one.cl_ord_id, child_id="", parent_id="P-1", venue=one.venue, status=OrdStatus.PENDING_CANCEL,
        order_qty=one.qty, leaves_qty=one.qty,
    )  # fmt: skip
    return RouteCancelRequested(parent_id="P-1", ts_ns=NOW, route=one, state=state)


def kinds(messages: list[VenueMessage]) -> list[ExecType]:
    return [message.exec_type for message in messages if isinstance(message, ExecutionReport)]


def written_book() -> tuple[VenueBook, list[Line]]:
    lines: list[Line] = []
    return VenueBook("7", lines.append), lines


def test_everything_is_written_before_it_is_said() -> None:
    book, lines = written_book()
    said = book.take(sent(route(tif=TimeInForce.IMMEDIATE_OR_CANCEL)), NOW)
    assert [line for line in lines if isinstance(line, ExecutionReport)] == said
    assert kinds(said)[0] is ExecType.NEW


def test_second_order_under_one_id_is_counted_and_answered_with_what_was_said() -> None:
    book, _ = written_book()
    first = book.take(sent(route()), NOW)
    assert book.take(sent(route()), NOW) == first
    assert [again.same for again in book.duplicates] == [True]
    book.take(sent(route(qty=200)), NOW)
    assert [again.same for again in book.duplicates] == [True, False]
    assert len(book.orders) == 1


def test_status_repeats_the_executions_and_ends_with_the_status() -> None:
    book, _ = written_book()
    first = book.take(sent(route()), NOW)
    trade = book.trade("A", 40, NOW)
    answer = book.take(asked(route()), NOW)
    assert answer[:-1] == [*first, trade]
    last = answer[-1]
    assert isinstance(last, ExecutionReport)
    assert (last.exec_type, last.cum_qty, last.leaves_qty) == (ExecType.ORDER_STATUS, 40, 60)


def test_unknown_order_is_said_to_be_unknown_and_is_not_taken() -> None:
    book, lines = written_book()
    [said] = book.take(asked(route("B")), NOW)
    assert isinstance(said, ExecutionReport)
    assert said.reason is RejReason.UNKNOWN_ORDER
    [refused] = book.take(canceled(route("B")), NOW)
    assert isinstance(refused, CancelReject)
    assert refused.reason is RejReason.UNKNOWN_ORDER
    assert not lines
    assert not book.orders


def test_mass_status_tells_of_the_open_orders_and_their_number() -> None:
    book, _ = written_book()
    for name in "ABC":
        book.take(sent(route(name)), NOW)
    book.take(canceled(route("B")), NOW)
    *told, end = book.take(
        MassStatusRequested(parent_id="", ts_ns=NOW, venue="LOOA", instrument_id="ACME", request_id="M"), NOW
    )
    assert isinstance(end, MassStatusEnd)
    assert end.reports == 2 == kinds(told).count(ExecType.ORDER_STATUS)


def test_a_new_life_knows_what_the_old_one_said(tmp_path: Path) -> None:
    path = tmp_path / "venue.jsonl"
    record = VenueRecord(path)
    book = VenueBook("7", record.write)
    book.take(sent(route()), NOW)
    book.trade("A", 40, NOW)
    record.close()
    with path.open("ab") as file:
        file.write(b'{"type":"execution_report","parent')  # killed in the middle of a line
    again = VenueBook("7", lambda line: None)
    for line in read_record(path):
        again.recall(line, NOW)
    assert (again.orders["A"].status, again.orders["A"].cum_qty) == (OrdStatus.PARTIALLY_FILLED, 40)
    assert again.orders["A"].reports == book.orders["A"].reports
    VenueRecord(path).close()
    assert path.read_bytes().endswith(b"\n")


@pytest.mark.parametrize("data", [b"no message\n", b'{"type":"logon"}\n', b"x" * (LINE_MAX + 1), b"\xff\n"])
def test_line_that_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(MalformedMessage):
        to_venue().feed(data)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[VenueServer]:
    server = VenueServer(tmp_path / "venue.jsonl", "7")
    yield server
    server.close()


def news(market: LoopbackMarket, server: VenueServer, turns: int = 20) -> list[VenueMessage]:
    found: list[VenueMessage] = []
    for _ in range(turns):
        found += [message for _, message in market.advance(NOW)]
        server.turn()
    return found


def test_line_comes_up_orders_go_out_and_reports_come_back(server: VenueServer) -> None:
    market = LoopbackMarket(ACME, server.port, "desk")
    up = news(market, server)
    assert [message.up for message in up if isinstance(message, SessionStatus)] == [True, True]
    market.send(sent(route()), NOW)
    assert ExecType.NEW in kinds(news(market, server))
    market.close()


def test_what_the_old_line_still_carried_is_acted_on_before_the_new_one_is_up(server: VenueServer) -> None:
    """The desk died with an order in the pipe; asked on its next line, the venue must know that order."""
    old = LoopbackMarket(ACME, server.port, "desk")
    news(old, server)
    old.send(sent(route()), NOW)
    old.close()
    new = LoopbackMarket(ACME, server.port, "desk")
    new.advance(NOW)
    first = news(new, server)
    assert any(isinstance(message, SessionStatus) and message.up for message in first)
    new.send(asked(route()), NOW)
    answers = [message for message in news(new, server) if isinstance(message, ExecutionReport)]
    assert all(message.reason is None for message in answers)
    assert ExecType.ORDER_STATUS in kinds(list(answers))
    new.close()


def test_line_that_ends_is_said_to_be_down_and_what_is_sent_then_goes_nowhere(server: VenueServer) -> None:
    market = LoopbackMarket(ACME, server.port, "desk")
    news(market, server)
    for desk in list(server._desks):
        server._drop(desk)
    down = [message for _, message in market.advance(NOW) if isinstance(message, SessionStatus)]
    assert down
    assert not any(message.up for message in down)
    market.send(sent(route()), NOW)
    assert not server.book.orders
    market.close()
