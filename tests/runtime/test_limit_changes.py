"""Limits changed on a desk that trades: the next order feels it, replay feels it, a bad file is not felt at all."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.clearance_events import ChildApproved, ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.commands import AlgoWake, Input
from sottovoce.core.events import StageEvent
from sottovoce.core.limit_commands import ApproveChange, ProposeLimits, ProposeLists
from sottovoce.core.limit_events import ChangeProposed, LimitsChanged, ListChanged, RowEnded
from sottovoce.core.limits import Level, LimitRow, ListName, ListRow
from sottovoce.core.order_events import CommandRefused, OrderRefused
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import TimerSet
from sottovoce.intake.limit_file import parse_limit_file, proposals
from sottovoce.runtime.system import System
from sottovoce.stages.risk.limits import ExposureLimit, RiskLimits
from tests.scenarios.small_desk import (
    ACCOUNT,
    COMPLIANCE,
    DIRECTORY,
    OPEN_NS,
    RISK,
    WIDE_CONFIG,
    drive,
    new_order,
    small_system,
    view_at,
)

RISK_2, COMPLIANCE_2 = "risk-2", "compliance-2"
PEOPLE = Directory(
    principals=(
        *DIRECTORY.principals,
        Principal(name=RISK_2, role=Role.RISK),
        Principal(name=COMPLIANCE_2, role=Role.COMPLIANCE),
    )
)
MILLION = 1_000_000
ROOM = ExposureLimit(gross=100 * MILLION, net=100 * MILLION)
CONFIG = msgspec.structs.replace(WIDE_CONFIG, directory=PEOPLE, limits=RiskLimits(exposures={"": ROOM, ACCOUNT: ROOM}))
SMALL = 6_000
"""Shares of an order of 330,000 dollars at its worst price."""


OWNED = "owner = 'ann'\nreview_date = 2019-01-01\n"


@pytest.fixture
def desk() -> System:
    return small_system(CONFIG)


def ask(desk: System, message: Input, ts_ns: int = OPEN_NS) -> list[StageEvent]:
    return drive(desk, message, view_at(ts_ns))


def cap(value: int, version: int = 2, until_ns: int | None = None) -> LimitRow:
    return LimitRow(
        limit_id="order.parent_value", level=Level.ORDER, name="parent_value", value=value, owner=RISK,
        review_date="2018-12-31", version=version, until_ns=until_ns,
    )  # fmt: skip


def propose(desk: System, row: LimitRow, ts_ns: int = OPEN_NS) -> list[StageEvent]:
    return ask(desk, ProposeLimits(principal=RISK, rows=(row,), reason="the day's review"), ts_ns)


def approve(desk: System, events: list[StageEvent], by: str, ts_ns: int = OPEN_NS) -> list[StageEvent]:
    (change,) = [event.change for event in events if isinstance(event, ChangeProposed)]
    return ask(desk, ApproveChange(principal=by, change_id=change.change_id, digest=change.digest), ts_ns)


def codes(events: list[StageEvent]) -> list[str]:
    """Why orders and children were stopped."""
    stopped = [event for event in events if isinstance(event, OrderRefused | OrderRejected | ChildRejected)]
    return [failed.code for event in stopped for failed in event.failures]


def passes(desk: System, number: int, ts_ns: int = OPEN_NS) -> bool:
    events = ask(desk, new_order(f"c-{number}", order_qty=SMALL), ts_ns)
    cleared = any(isinstance(event, OrderCleared) for event in events)
    assert cleared or codes(events) == ["order_value"]
    return cleared


def test_cut_is_felt_by_the_next_order_and_names_its_row(desk: System) -> None:
    assert passes(desk, 1)
    propose(desk, cap(300_000))
    events = ask(desk, new_order("c-2", order_qty=SMALL))
    (rejected,) = [event for event in events if isinstance(event, OrderRejected)]
    (failed,) = rejected.failures
    assert (failed.code, failed.limit_id, failed.limit_version) == ("order_value", "order.parent_value", 2)


def test_thirty_minute_raise_lets_through_for_thirty_minutes(desk: System) -> None:
    """P9: set a raise, advance the clock; the old value is back and on record."""
    propose(desk, cap(300_000))
    until_ns = OPEN_NS + 30 * NS_PER_MINUTE
    proposed = propose(desk, cap(400_000, version=3, until_ns=until_ns))
    assert not passes(desk, 1), "a raise that waits lets nothing through"
    approved = approve(desk, proposed, RISK_2)
    assert passes(desk, 2)
    assert passes(desk, 3, until_ns - 1)
    assert not passes(desk, 4, until_ns)
    (timer,) = [event for event in approved if isinstance(event, TimerSet)]
    (ended,) = [event for event in ask(desk, timer.timer, timer.at_ns) if isinstance(event, RowEnded)]
    assert (ended.value_before, ended.value) == (400_000, 300_000)


def test_name_restricted_while_it_is_worked_stops_its_children_until_two_people_lift_it(desk: System) -> None:
    """PT-12."""
    wake = next(
        event
        for event in ask(desk, new_order("c-1", order_qty=SMALL))
        if isinstance(event, TimerSet) and isinstance(event.timer, AlgoWake)
    )
    entry = ListRow(
        entry_id="ACME", list_name=ListName.RESTRICTED, owner=COMPLIANCE, instrument_id="ACME", reason="talks"
    )
    restricted = ask(desk, ProposeLists(principal=COMPLIANCE, rows=(entry,), reason="talks"))
    assert any(isinstance(event, ListChanged) for event in restricted)
    woken = ask(desk, wake.timer, wake.at_ns)
    assert "restricted" in codes(woken)
    assert not any(isinstance(event, ChildApproved) for event in woken)
    assert "restricted" in codes(ask(desk, new_order("c-2", order_qty=SMALL)))
    lifted = msgspec.structs.replace(entry, version=2, removed=True)
    proposed = ask(desk, ProposeLists(principal=COMPLIANCE, rows=(lifted,), reason="talks over"))
    assert "restricted" in codes(ask(desk, new_order("c-3", order_qty=SMALL)))
    approve(desk, proposed, COMPLIANCE_2)
    events = ask(desk, new_order("c-4", order_qty=SMALL))
    assert any(isinstance(event, OrderCleared) for event in events)
    assert codes(events) == []


@pytest.mark.parametrize(
    "text",
    [
        "[[limit]",
        "[[limit]]\nlevel = 'firm'\nname = 'gross'\nvalue = 'much'",
        OWNED + "[[limit]]\nlevel = 'firm'\nname = 'gross'\nvalue = 100_000_000_000",
        OWNED + "[[limit]]\nlevel = 'account'\nscope = 'FUND-A'\nname = 'gross'\nvalue = 5",
        "[[list]]\nlist = 'restricted'\nowner = 'cy'\nnames = []",
    ],
    ids=["syntax", "type", "times 1000", "missing levels", "empty restricted list"],
)
def test_bad_file_changes_nothing_and_is_on_record(desk: System, text: str) -> None:
    """F-38."""
    before = desk.digest()
    (asked,) = proposals(parse_limit_file(text.encode(), "limits.toml"), RISK, "weekly file")
    (refused,) = ask(desk, asked)
    assert isinstance(refused, CommandRefused)
    assert refused.failures
    assert desk.digest() == before
    assert passes(desk, 1)


def test_good_file_is_one_version(desk: System) -> None:
    """F-38: what stands, written to a file with two cuts, is one atomic change of those two."""
    rows = [row for versions in CONFIG.limits.limit_rows().limits.values() for row in versions]
    cuts = {"order.parent_value": 200_000_000, "firm.gross": 90 * MILLION}
    rows = [msgspec.structs.replace(row, value=cuts.get(row.limit_id, row.value)) for row in rows]
    text = "".join(
        f"[[limit]]\nid = '{row.limit_id}'\nlevel = '{row.level.value}'\nscope = '{row.scope}'\nname = '{row.name}'\n"
        f"value = {row.value}\nowner = '{row.owner}'\nreview_date = {row.review_date}\n"
        for row in rows
    )
    (asked,) = proposals(parse_limit_file(text.encode(), "limits.toml"), RISK, "weekly file")
    (changed,) = ask(desk, asked)
    assert isinstance(changed, LimitsChanged)
    assert (changed.version, changed.source) == (2, "limits.toml")
    assert {row.limit_id: row.value for row in changed.rows} == cuts


def test_changes_come_back_from_the_record(desk: System) -> None:
    """The events alone, folded into a desk as it began, give the same state, books of limits included."""
    events = [*propose(desk, cap(300_000)), *ask(desk, new_order("c-1", order_qty=SMALL))]
    again = small_system(CONFIG)
    for event in events:
        again.apply(event)
    assert again.digest() == desk.digest()
    restored = small_system(CONFIG)
    restored.restore(desk.save())
    assert restored.digest() == desk.digest()
    assert not passes(restored, 2)
