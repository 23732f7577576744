"""Changes of limits: tightening by one person, raising by two, withdrawal, expiry, and what each leaves on record."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.limit_commands import ApproveChange, ChangeExpiry, RowEnd, WithdrawChange
from sottovoce.core.limit_events import (
    ChangeClosed,
    ChangeOutcome,
    ChangeProposed,
    LimitsChanged,
    RowEnded,
)
from sottovoce.core.limits import Level, LimitBook
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import TimerSet
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.limits.changing import (
    ANN,
    BOB,
    CY,
    DEPUTY,
    DIRECTORY,
    MILLION,
    PATH,
    TRADER,
    Changing,
    codes,
    entry,
    holds,
    limit,
    only,
    waits,
)

HOUR = 60 * NS_PER_MINUTE


# tightening ----------------------------------------------------------------------------------------------


def test_one_risk_person_tightens_at_once() -> None:
    desk = Changing()
    changed = only(desk.limits(limit("F1", 900_000, version=2)), LimitsChanged)
    assert (changed.version, changed.proposed_by, changed.approved_by) == (2, ANN, "")
    assert changed.rows[0].from_ns == OPEN_NS, "a change never reaches back"
    assert (desk.gross(OPEN_NS - 1), desk.gross()) == (MILLION, 900_000)


def test_first_limit_where_none_was_tightens() -> None:
    desk = Changing()
    desk.limits(limit("cap", 5, name="sector_gross"), limit("star", 9, scope="*", name="sector_gross"))
    bounds = LimitBook(desk.stage.rows).effective(PATH, OPEN_NS).each("sector_gross")
    assert [bound.value for bound in bounds] == [5]


def test_longer_window_tightens_and_a_shorter_one_does_not() -> None:
    row = limit("rerun", 30, level=Level.ORDER, scope="", name="rerun_window_ns")
    desk = Changing()
    assert waits(desk.limits(row))  # nothing passes while a mandatory limit has no row
    assert holds(desk.approve())
    assert holds(desk.limits(msgspec.structs.replace(row, value=60, version=2)))
    assert waits(desk.limits(msgspec.structs.replace(row, value=59, version=3)))


# raising -------------------------------------------------------------------------------------------------


def test_raise_waits_and_holds_only_on_another_persons_word() -> None:
    desk = Changing()
    proposed = only(desk.limits(limit("F1", 2 * MILLION, version=2)), ChangeProposed)
    assert proposed.change.looser == ("F1 (account F1 gross): from 1,000,000 to 2,000,000",)
    assert desk.gross() == MILLION
    changed = only(desk.approve(ts_ns=OPEN_NS + 5), LimitsChanged)
    assert (changed.proposed_by, changed.approved_by, changed.digest) == (ANN, BOB, proposed.change.digest)
    assert (desk.gross(OPEN_NS + 4), desk.gross(OPEN_NS + 5)) == (MILLION, 2 * MILLION)
    assert desk.state.pending == {}


def test_change_that_both_raises_and_tightens_waits_as_one() -> None:
    desk = Changing()
    rows = (limit("F1", 2 * MILLION, version=2), limit("firm", 49 * MILLION, level=Level.FIRM, scope="", version=2))
    assert waits(desk.limits(*rows))
    assert desk.stage.rows.version == 1
    assert holds(desk.approve())
    assert desk.stage.rows.version == 2


@pytest.mark.parametrize(
    ("by", "code"),
    [
        (ANN, "same_person"),
        (DEPUTY, "same_person"),
        (CY, "not_entitled"),
        (TRADER, "not_entitled"),
        ("nobody", "unknown_principal"),
    ],
)
def test_second_person_is_another_of_the_risk_role(by: str, code: str) -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2))
    assert codes(desk.approve(by=by)) == [code]
    assert desk.gross() == MILLION


def test_delegate_proposes_and_the_one_they_act_for_may_not_approve() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2), by=DEPUTY)
    assert codes(desk.approve(by=ANN)) == ["same_person"]


def test_approver_names_what_they_approve() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2))
    assert codes(desk.approve(digest="0" * 64)) == ["change_digest"]
    other = Changing()
    other.limits(limit("F1", 2 * MILLION - 1, version=2))
    digest = other.state.pending["LC-1"].change.digest
    assert codes(desk.approve(digest=digest)) == ["change_digest"], "a digest of another figure opens nothing"


def test_two_approvers_at_once_make_one_change() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2))
    digest = desk.state.pending["LC-1"].change.digest
    first, second = desk.approve(digest=digest), desk.approve(digest=digest)
    assert holds(first)
    assert codes(second) == ["change_unknown"]
    assert desk.stage.rows.version == 2


def test_limit_lowered_meanwhile_voids_the_proposal() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2))
    desk.limits(limit("F1", 500_000, version=2), by=BOB)
    assert codes(desk.approve(by=BOB)) == ["limit_stale"]
    assert desk.gross() == 500_000


def test_row_for_every_one_lowered_meanwhile_voids_what_was_to_rise_from_it() -> None:
    """The approver was shown 100 to 101; the desk now stands at 60."""
    desk = Changing()
    desk.limits(limit("every", 100, scope="*", name="sector_gross"))
    assert waits(desk.limits(limit("own", 101, name="sector_gross")))
    assert holds(desk.limits(limit("every", 60, scope="*", name="sector_gross", version=2)))
    assert codes(desk.approve(change_id="LC-2")) == ["change_moved"]


def test_beginning_that_has_passed_meanwhile_does_not_void_a_proposal() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2, from_ns=OPEN_NS + NS_PER_MINUTE))
    assert holds(desk.approve(ts_ns=OPEN_NS + 2 * NS_PER_MINUTE))
    assert desk.gross(OPEN_NS + 2 * NS_PER_MINUTE) == 2 * MILLION


def test_approver_who_lost_the_role_meanwhile_may_not() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2))
    people = [each for each in DIRECTORY.principals if each.name != BOB]
    later = Changing(directory=Directory(principals=(*people, Principal(name=BOB, role=Role.TRADER))))
    later.stage.restore(msgspec.json.encode(desk.stage.state()))
    assert codes(later.approve(by=BOB)) == ["not_entitled"]


# temporary -----------------------------------------------------------------------------------------------


def test_thirty_minute_raise_reverts_by_itself_and_is_on_record() -> None:
    desk, until = Changing(), OPEN_NS + 30 * NS_PER_MINUTE
    desk.limits(limit("F1", 2 * MILLION, version=2, until_ns=until))
    timer = only(desk.approve(), TimerSet)
    assert (timer.at_ns, timer.timer) == (until, RowEnd(row_id="F1", version=2))
    assert (desk.gross(until - 1), desk.gross(until)) == (2 * MILLION, MILLION)
    ended = only(desk.ask(RowEnd(row_id="F1", version=2), until), RowEnded)
    assert (ended.value_before, ended.value, ended.stands) == (2 * MILLION, MILLION, 1)


def test_raise_overtaken_by_a_cut_ends_without_news() -> None:
    desk, until = Changing(), OPEN_NS + 30 * NS_PER_MINUTE
    desk.limits(limit("F1", 2 * MILLION, version=2, until_ns=until))
    desk.approve()
    desk.limits(limit("F1", 400_000, version=3), by=BOB)
    assert desk.gross(until - 1) == 400_000
    assert desk.ask(RowEnd(row_id="F1", version=2), until) == []
    assert desk.gross(until) == 400_000


def test_raise_that_begins_later_waits_for_two_now() -> None:
    desk = Changing()
    proposed = only(desk.limits(limit("F1", 2 * MILLION, version=2, from_ns=OPEN_NS + HOUR)), ChangeProposed)
    assert proposed.change.looser[0].endswith(", from 2018-02-12T15:30:00Z")
    desk.approve()
    assert (desk.gross(OPEN_NS + HOUR - 1), desk.gross(OPEN_NS + HOUR)) == (MILLION, 2 * MILLION)


# expiry and withdrawal -----------------------------------------------------------------------------------


def test_proposal_lapses() -> None:
    desk = Changing()
    timer = only(desk.limits(limit("F1", 2 * MILLION, version=2)), TimerSet)
    assert timer.timer == ChangeExpiry(change_id="LC-1")
    assert desk.ask(ChangeExpiry(change_id="LC-1"), timer.at_ns - 1) == []
    assert codes(desk.approve(ts_ns=timer.at_ns)) == ["change_expired"]
    assert only(desk.ask(ChangeExpiry(change_id="LC-1"), timer.at_ns), ChangeClosed).outcome is ChangeOutcome.EXPIRED
    assert desk.state.pending == {}
    assert desk.ask(ChangeExpiry(change_id="LC-1"), timer.at_ns) == []


def test_withdrawn_change_cannot_be_approved() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2))
    assert codes(desk.ask(WithdrawChange(principal=CY, change_id="LC-1", reason="no"))) == ["not_entitled"]
    assert codes(desk.ask(WithdrawChange(principal=ANN, change_id="LC-1", reason=" "))) == ["change_reason"]
    closed = only(desk.ask(WithdrawChange(principal=BOB, change_id="LC-1", reason="not needed")), ChangeClosed)
    assert (closed.outcome, closed.principal, closed.reason) == (ChangeOutcome.WITHDRAWN, BOB, "not needed")
    assert codes(desk.approve()) == ["change_unknown"]
    assert desk.gross() == MILLION


def test_numbers_are_not_used_again() -> None:
    desk = Changing()
    desk.limits(limit("F1", 900_000, version=2))
    proposed = only(desk.limits(limit("F1", 950_000, version=3)), ChangeProposed)
    assert proposed.change.change_id == "LC-2"
    desk.ask(WithdrawChange(principal=ANN, change_id="LC-2", reason="typed in error"))
    again = only(desk.limits(limit("F1", 950_000, version=3)), ChangeProposed)
    assert again.change.change_id == "LC-3"


# who may -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("by", [TRADER, CY])
def test_only_risk_changes_limits(by: str) -> None:
    assert codes(Changing().limits(limit("F1", 1, version=2), by=by)) == ["not_entitled"]


@pytest.mark.parametrize("by", [TRADER, ANN])
def test_only_compliance_edits_lists(by: str) -> None:
    assert codes(Changing().lists(entry("ACME"), by=by)) == ["not_entitled"]


def test_stranger_learns_nothing_about_changes() -> None:
    desk = Changing()
    assert codes(desk.ask(ApproveChange(principal=TRADER, change_id="LC-9", digest=""))) == ["not_entitled"]


def test_change_needs_a_reason_and_a_row() -> None:
    assert codes(Changing().limits(limit("F1", 1, version=2), reason=" ")) == ["change_reason"]
    assert codes(Changing().limits()) == ["change_empty"]


# the record ----------------------------------------------------------------------------------------------


def test_restored_stage_goes_on_from_what_stood() -> None:
    desk, later = Changing(), Changing()
    began = msgspec.json.encode(desk.stage.state())
    desk.limits(limit("F1", 900_000, version=2))
    later.stage.restore(msgspec.json.encode(desk.stage.state()))
    assert later.gross() == 900_000
    assert codes(later.limits(limit("F1", 5, version=2))) == ["limit_stale"]
    later.stage.restore(began)
    assert later.gross() == MILLION
    assert holds(later.limits(limit("F1", 5, version=2)))
    assert desk.gross() == 900_000
