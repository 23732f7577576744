"""A market behind a bad line: what arrives, when, and that the venues inside are none the wiser."""

from __future__ import annotations

import pytest

from sottovoce.adapters.faulty.market import SHUFFLE_NS, FaultyMarket
from sottovoce.adapters.faulty.troubles import Trouble, TroubleKind
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.errors import ConfigError
from tests.contracts.market_cases import SIMULATED
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk

LIT = SIMULATED.lit
START_NS = SIMULATED.open_ns + MINUTE_NS


def desk_with(kind: TroubleKind, delay_ns: int = 0, lasts_ns: int = MINUTE_NS) -> Desk:
    """A desk a minute after the open, with one trouble at the first lit venue from that moment."""
    trouble = Trouble(venue=LIT, kind=kind, from_ns=START_NS, until_ns=START_NS + lasts_ns, delay_ns=delay_ns)
    desk = Desk(SIMULATED, FaultyMarket(SIMULATED.make(), [trouble]))
    desk.run(START_NS)
    return desk


def take(desk: Desk) -> str:
    """Buy one share at any price at the troubled venue, and wait a while."""
    order = desk.send(1, desk.state().ask + 100 * SIMULATED.tick, venue=LIT)
    desk.run(desk.now_ns + 10 * MINUTE_NS)
    return order


def test_silence_ends_with_every_answer_at_once() -> None:
    desk = desk_with(TroubleKind.SILENT)
    order = take(desk)
    assert desk.kinds(order) == [ExecType.NEW, ExecType.TRADE]
    assert {arrival_ns for arrival_ns, _ in desk.arrivals} == {START_NS + MINUTE_NS}


def test_a_slow_venue_is_slow_both_ways() -> None:
    prompt, slow = desk_with(TroubleKind.SLOW), desk_with(TroubleKind.SLOW, delay_ns=SECOND_NS)
    take(prompt)
    take(slow)
    assert slow.arrivals[0][0] - prompt.arrivals[0][0] == 2 * SECOND_NS


def test_a_lost_order_is_never_answered() -> None:
    desk = desk_with(TroubleKind.LOSES_ORDERS)
    order = take(desk)
    assert not desk.reports[order]
    assert isinstance(desk.market, FaultyMarket)
    assert desk.market.lost == 1


def test_lost_reports_hide_a_trade_that_is_on_the_tape() -> None:
    desk = desk_with(TroubleKind.LOSES_REPORTS)
    order = take(desk)
    assert not desk.reports[order]
    owns = desk.market.tape(SIMULATED.instrument_id).trade_own
    assert sum(owns) == 1  # type: ignore[call-overload]


def test_an_order_at_a_venue_that_takes_none_is_rejected() -> None:
    desk = desk_with(TroubleKind.REJECTS_ORDERS)
    order = take(desk)
    assert desk.kinds(order) == [ExecType.REJECTED]
    assert desk.last(order).ord_status is OrdStatus.REJECTED
    assert desk.last(order).leaves_qty == 0


def test_a_repeated_report_is_the_same_report() -> None:
    desk = desk_with(TroubleKind.REPEATS_REPORTS)
    order = take(desk)
    assert len(desk.reports[order]) == 4
    assert len({report.exec_id for report in desk.reports[order]}) == 2


def test_shuffled_reports_are_all_there_and_late_by_a_little() -> None:
    desk, plain = desk_with(TroubleKind.SHUFFLES_REPORTS), desk_with(TroubleKind.SLOW)
    shuffled, straight = take(desk), take(plain)
    assert sorted(r.exec_id for r in desk.reports[shuffled]) == sorted(r.exec_id for r in plain.reports[straight])
    late = [arrival_ns - plain.arrivals[0][0] for arrival_ns, _ in desk.arrivals]
    assert all(0 <= each < SHUFFLE_NS + SECOND_NS for each in late)


def test_trouble_ends_when_it_should() -> None:
    desk = desk_with(TroubleKind.LOSES_ORDERS)
    desk.run(START_NS + MINUTE_NS)
    assert desk.kinds(take(desk)) == [ExecType.NEW, ExecType.TRADE]


def test_trouble_at_a_venue_that_is_not_there_is_refused() -> None:
    trouble = Trouble(venue="NONE", kind=TroubleKind.SILENT, from_ns=0, until_ns=1)
    with pytest.raises(ConfigError, match="NONE"):
        FaultyMarket(SIMULATED.make(), [trouble])
