"""Changes of lists: one person of compliance restricts, two lift, and a list that is not kept is not an empty one."""

from __future__ import annotations

from sottovoce.core.limit_commands import RowEnd
from sottovoce.core.limit_events import ChangeProposed, RowEnded
from sottovoce.core.limits import KEPT, Level, LimitBook, ListName
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import TimerSet
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.limits.changing import ANN, CY, DI, PATH, Changing, codes, entry, holds, only, waits

HOUR = 60 * NS_PER_MINUTE


def test_one_compliance_person_restricts_and_two_lift() -> None:
    desk = Changing()
    assert holds(desk.lists(entry("ACME")))
    assert desk.restricted()
    proposed = only(desk.lists(entry("ACME", version=2, removed=True)), ChangeProposed)
    assert proposed.change.looser == ("ACME (firm restricted: ACME): taken off",)
    assert desk.restricted()
    assert codes(desk.approve(by=ANN, change_id="LC-2")) == ["not_entitled"]
    assert codes(desk.approve(by=CY, change_id="LC-2")) == ["same_person"]
    assert holds(desk.approve(by=DI, change_id="LC-2"))
    assert not desk.restricted()


def test_dated_restriction_ends_by_itself_and_is_on_record() -> None:
    desk = Changing()
    timer = only(desk.lists(entry("ACME", until_ns=OPEN_NS + HOUR)), TimerSet)
    assert (desk.restricted(ts_ns=OPEN_NS + HOUR - 1), desk.restricted(ts_ns=OPEN_NS + HOUR)) == (True, False)
    ended = only(desk.ask(RowEnd(row_id="ACME", version=1), timer.at_ns), RowEnded)
    assert (ended.stands, ended.value) == (0, None)


def test_putting_a_name_on_an_approved_list_needs_two() -> None:
    desk, approved = Changing(), ListName.APPROVED
    assert holds(desk.lists(entry("approved", list_name=approved, instrument_id=KEPT)))
    assert waits(desk.lists(entry("ok.ACME", list_name=approved)))
    assert LimitBook(desk.stage.rows).unapproved("ACME", PATH, OPEN_NS) == ((Level.FIRM, ""),)
    assert holds(desk.approve(by=DI, change_id="LC-2"))
    assert LimitBook(desk.stage.rows).unapproved("ACME", PATH, OPEN_NS) == ()


def test_entry_must_name_an_instrument_and_a_list_that_is_kept() -> None:
    assert codes(Changing().lists(entry("x", instrument_id="ZZZ"))) == ["list_unknown_instrument"]
    assert codes(Changing().lists(entry("x", list_name=ListName.WATCH))) == ["list_not_kept"]
    both = entry("w", list_name=ListName.WATCH, instrument_id=KEPT), entry("x", list_name=ListName.WATCH)
    assert waits(Changing().lists(*both))


def test_firms_restricted_list_cannot_be_given_up() -> None:
    assert codes(Changing().lists(entry("restricted", instrument_id=KEPT, version=2, removed=True))) == [
        "limit_required"
    ]
