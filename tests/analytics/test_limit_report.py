"""The silent-reject detector: whom a limit stops more than its share, which never bind, which nobody has reviewed."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.analytics.limit_report import LimitReport, flag_of, limit_report, wilson
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.events import StageEvent
from sottovoce.core.limit_events import LimitsChanged, RowEnded
from sottovoce.core.limits import LimitRow, rows_of
from sottovoce.core.order_events import OrderAccepted, OrderRefused
from sottovoce.core.orders import Failure
from sottovoce.core.ports import Step
from sottovoce.core.reasons import failure
from sottovoce.core.units import NS_PER_DAY
from tests.core.limit_words import row
from tests.scenarios.small_desk import OPEN_NS, drive, new_order, small_system, view_at


def accepted(number: int, account: str) -> OrderAccepted:
    found = next(event for event in drive(small_system(), new_order(), view_at()) if isinstance(event, OrderAccepted))
    parent = f"{account}-{number}"
    order = msgspec.structs.replace(found.order, parent_id=parent, account=account)
    return msgspec.structs.replace(found, parent_id=parent, order=order)


TEMPLATE = accepted(0, "F1")


def day(account: str, orders: int, rejected: int, *failures: Failure) -> Iterator[StageEvent]:
    """Orders of an account, the first rejected of which are stopped by every failure given."""
    for number in range(orders):
        parent = f"{account}-{number}"
        order = msgspec.structs.replace(TEMPLATE.order, parent_id=parent, account=account)
        yield msgspec.structs.replace(TEMPLATE, parent_id=parent, order=order)
        if number < rejected:
            yield OrderRejected(parent_id=parent, ts_ns=OPEN_NS, failures=failures, by="risk")


def reported(*events: StageEvent, rows: tuple[LimitRow, ...] = (), ts_ns: int = OPEN_NS) -> LimitReport:
    step = Step(ts_ns=ts_ns, feed_seq=0, input=None, events=events)
    return limit_report(iter([(1, step)]), rows_of(rows))


GROSS = failure("risk", "gross_exposure", "account F1 2", "1", "0", limit_id="account.F1.gross", limit_version=1)


def test_account_that_is_stopped_more_than_the_others_is_flagged_with_its_row() -> None:
    report = reported(*day("F1", 40, 6, GROSS), *day("F2", 400, 1, GROSS), *day("F3", 400, 0))
    assert (report.orders, report.orders_rejected) == (840, 7)
    (cell,) = report.flagged
    assert (cell.account, cell.code, cell.rejected, cell.checked) == ("F1", "gross_exposure", 6, 40)
    assert cell.limit_ids == ("account.F1.gross",)
    assert cell.share == pytest.approx(0.15)
    assert cell.others_share == pytest.approx(1 / 800)
    assert cell.flag == "more than its share"


def test_limit_that_stops_everyone_alike_is_not_blamed_on_one() -> None:
    report = reported(*day("F1", 100, 5, GROSS), *day("F2", 100, 6, GROSS), *day("F3", 100, 4, GROSS))
    assert report.flagged == ()
    assert [cell.rejected for cell in report.cells] == [6, 5, 4]


def test_limit_that_stops_one_order_in_five_is_flagged_even_if_it_does_so_everywhere() -> None:
    report = reported(*day("F1", 10, 2, GROSS), *day("F2", 20, 4, GROSS), *day("F3", 20, 5, GROSS))
    assert [(cell.account, cell.flag) for cell in report.flagged] == [
        ("F3", "one in five or more"),
        ("F2", "one in five or more"),
    ]


def test_order_with_two_failures_is_one_rejection_and_two_cells() -> None:
    other = failure("risk", "order_adv", 1)
    report = reported(*day("F1", 1, 1, GROSS, GROSS, other))
    assert report.orders_rejected == 1
    assert {(cell.code, cell.rejected) for cell in report.cells} == {("gross_exposure", 1), ("order_adv", 1)}
    assert report.bound == {"account.F1.gross": 1}


def test_order_the_gateway_refuses_counts_too() -> None:
    refused = OrderRefused(
        parent_id="p",
        ts_ns=OPEN_NS,
        account="F1",
        cl_ord_id="c",
        body_digest="",
        failures=(failure("syntax", "bad_price", 1),),
    )
    report = reported(refused)
    assert (report.orders, report.orders_rejected, report.cells[0].share) == (1, 1, 1.0)


def test_rows_that_never_bound_and_rows_nobody_reviewed_are_listed() -> None:
    rows = (
        row("account.F1.gross", review_date="2030-01-01"),
        row("idle", name="net", review_date="2018-02-11"),
        row("gone", name="loss", removed=True),
    )
    report = reported(*day("F1", 3, 1, GROSS), rows=rows)
    assert report.never_bound == ("idle",)
    assert [each.limit_id for each in report.overdue] == ["idle"]
    assert reported(rows=rows, ts_ns=OPEN_NS - 2 * NS_PER_DAY).overdue == ()


def test_changes_of_the_day_count_for_what_stands_and_are_told() -> None:
    changed = LimitsChanged(
        parent_id="",
        ts_ns=OPEN_NS,
        version=2,
        rows=(row("a", value=5, version=2), row("b", name="net", review_date="2018-01-01")),
        change_id="LC-1",
        proposed_by="ann",
        approved_by="bob",
        reason="weekly",
        digest="d",
    )
    ended = RowEnded(parent_id="", ts_ns=OPEN_NS + 5, row_id="a", version=2, stands=1)
    report = reported(changed, ended, rows=(row("a"),))
    assert set(report.never_bound) == {"a", "b"}
    assert [each.limit_id for each in report.overdue] == ["b"]
    assert [(each.change_id, each.approved_by, each.rows) for each in report.changes] == [
        ("LC-1", "bob", ("a version 2", "b version 1")),
        ("", "", ("a version 2",)),
    ]


def test_fewer_than_three_rejections_are_never_flagged() -> None:
    assert flag_of(2, 2, 0, 10_000) == ""
    assert flag_of(3, 3, 0, 10_000) == "more than its share"


def test_interval_is_wilsons() -> None:
    """10 of 100 by hand: (0.1 + 1.96²/200 ± 1.96 sqrt(0.09/100 + 1.96²/40000)) / (1 + 1.96²/100)."""
    low, high = wilson(10, 100)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 500), st.integers(1, 500))
def test_interval_holds_the_share(hits: int, tries: int) -> None:
    low, high = wilson(min(hits, tries), tries)
    assert 0 <= low <= min(hits, tries) / tries + 1e-12
    assert min(hits, tries) / tries - 1e-12 <= high <= 1
