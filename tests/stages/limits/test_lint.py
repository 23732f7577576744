"""P10 and bad files (F-38): what is refused, on which figure, and that nothing of a refused change is taken."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.events import StageEvent
from sottovoce.core.limit_commands import ProposeLimits
from sottovoce.core.limit_events import LimitsChanged
from sottovoce.core.limits import EVERY, KEPT, Level, LimitRow, ListName
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.reasons import sentence
from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.limits.config import LimitsPolicy, PeakUse, VenueCollar
from tests.scenarios.small_desk import OPEN_NS
from tests.stages.limits.changing import (
    ANN,
    F1_GROSS,
    FIRM_GROSS,
    KEPT_LIST,
    MILLION,
    Changing,
    codes,
    entry,
    holds,
    limit,
    only,
    waits,
)

ACME_ADV = 10_000_000
ACME_VALUE = 500_000_000
"""A day's volume at the close of 50."""


def order_limit(name: str, value: int, **changes: object) -> LimitRow:
    changed: LimitRow = msgspec.structs.replace(limit(name, value, level=Level.ORDER, scope="", name=name), **changes)
    return changed


def name_limit(name: str, value: int) -> LimitRow:
    return limit(f"ACME.{name}", value, level=Level.INSTRUMENT, scope="ACME", name=name)


def figures(events: list[StageEvent]) -> str:
    (refused,) = events
    assert isinstance(refused, CommandRefused)
    return " ".join(sentence(failed) for failed in refused.failures)


# against the market --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "refused"),
    [
        (name_limit("parent_qty", ACME_ADV), False),
        (name_limit("parent_qty", ACME_ADV + 1), True),
        (name_limit("position_value", ACME_VALUE), False),
        (name_limit("position_value", ACME_VALUE + 1), True),
        (order_limit("parent_adv_ppm", 1_000_000), False),
        (order_limit("parent_adv_ppm", 1_000_001), True),
    ],
)
def test_fixed_cap_above_a_days_volume_is_meaningless(row: LimitRow, refused: bool) -> None:
    events = Changing().limits(row)
    assert isinstance(events[0], CommandRefused) is refused
    if refused:
        assert codes(events) == ["limit_above_adv"]


def test_cap_of_five_million_on_a_name_that_trades_79_000_says_how_absurd_it_is() -> None:
    """Incident I-07, with the volumes scaled to this name: 63 days in one order."""
    refused = Changing().limits(name_limit("parent_qty", 63 * ACME_ADV))
    assert "630,000,000, 63.0 x, limit 10,000,000" in figures(refused)


def test_cap_on_a_name_whose_volume_nobody_knows_cannot_be_judged() -> None:
    row = limit("n", 1, level=Level.INSTRUMENT, scope="NADV", name="parent_qty")
    assert codes(Changing().limits(row)) == ["adv_unknown"]


def test_instrument_must_be_in_the_master() -> None:
    row = limit("n", 1, level=Level.INSTRUMENT, scope="ACEM", name="parent_qty")
    assert codes(Changing().limits(row)) == ["limit_scope"]


@pytest.mark.parametrize(("value", "refused"), [(50_000, False), (50_001, True)])
def test_collar_wider_than_the_venues_own_is_meaningless(value: int, refused: bool) -> None:
    events = Changing().limits(order_limit("collar_liquid_ppm", value))
    assert isinstance(events[0], CommandRefused) is refused
    if refused:
        assert codes(events) == ["limit_above_collar"]


def test_collar_of_one_name_is_compared_with_its_own_venues() -> None:
    collars = (
        VenueCollar(limit="collar_liquid_ppm", ppm=20_000, venue="XNAS"),
        VenueCollar(limit="collar_liquid_ppm", ppm=5_000, venue="XLON"),
    )
    desk = Changing(LimitsPolicy(venue_collars=collars))
    assert codes(desk.limits(name_limit("collar_liquid_ppm", 20_001))) == ["limit_above_collar"]
    assert holds(desk.limits(name_limit("collar_liquid_ppm", 20_000)))


@pytest.mark.parametrize(("value", "refused"), [(2 * MILLION, False), (2 * MILLION + 1, True)])
def test_clients_limit_above_twenty_times_its_peak_use_is_meaningless(value: int, refused: bool) -> None:
    events = Changing().limits(limit("F1", value, version=2))
    assert isinstance(events[0], CommandRefused) is refused
    if refused:
        assert codes(events) == ["limit_above_use"]


def test_client_without_a_past_is_not_compared_with_one() -> None:
    assert waits(Changing().limits(limit("F2", 40 * MILLION, scope="F2")))


# against other rows --------------------------------------------------------------------------------------


def test_soft_above_hard_never_warns() -> None:
    rows = order_limit("child_value", 100), order_limit("child_value_soft", 101)
    assert codes(Changing().limits(*rows)) == ["limit_soft_above_hard"]
    rows = order_limit("child_value", 100), order_limit("child_value_soft", 100)
    assert waits(Changing().limits(*rows))


def test_cut_is_not_refused_for_what_it_makes_superfluous() -> None:
    desk = Changing()
    desk.limits(order_limit("child_value", 100), order_limit("child_value_soft", 100))
    desk.approve()
    assert holds(desk.limits(order_limit("child_value", 99, version=2)))


def test_child_above_parent_never_binds() -> None:
    rows = order_limit("parent_value", 100), order_limit("child_value", 101)
    assert set(codes(Changing().limits(*rows))) == {"limit_child_above_parent"}


def test_narrower_level_above_the_firms_never_binds() -> None:
    desk = Changing(LimitsPolicy(raise_times=1_000))
    assert codes(desk.limits(limit("F1", 51 * MILLION, version=2))) == ["limit_above_firm"]


def test_mandatory_limit_may_not_be_removed_without_another() -> None:
    firm = msgspec.structs.replace(FIRM_GROSS, version=2, removed=True)
    assert codes(Changing().limits(firm)) == ["limit_required"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (limit("F1", 5, version=1), "limit_stale"),
        (limit("F1", 5, version=3), "limit_stale"),
        (limit("new", 5, version=2, scope="F9"), "limit_stale"),
        (limit("F1", 5, version=2, scope="F2"), "limit_moved"),
        (limit("again", 5), "limit_doubled"),
        (limit("F1", 5, version=2, until_ns=OPEN_NS), "limit_window"),
        (limit("F1", 5, version=2, review_date="2018-02-11"), "limit_review_overdue"),
        (limit("F1", 5, version=2, owner=""), "limit_owner"),
        (limit("F1", 5, version=2, name="gros"), "limit_unknown"),
    ],
)
def test_row_that_cannot_follow_is_refused(row: LimitRow, code: str) -> None:
    assert code in codes(Changing().limits(row))


def test_review_is_due_at_the_end_of_its_day() -> None:
    row = limit("F1", 5, version=2, review_date="2018-02-12")
    assert holds(Changing().limits(row))
    assert codes(Changing().limits(row, ts_ns=OPEN_NS + NS_PER_DAY)) == ["limit_review_overdue"]


# whole files ---------------------------------------------------------------------------------------------


def whole(desk: Changing, *rows: LimitRow, ts_ns: int = OPEN_NS) -> list[StageEvent]:
    return desk.limits(*rows, ts_ns=ts_ns, whole=True, source="limits.toml")


def test_same_file_again_changes_nothing() -> None:
    desk = Changing()
    assert codes(whole(desk, FIRM_GROSS, F1_GROSS)) == ["change_empty"]
    assert holds(whole(desk, FIRM_GROSS, limit("F1", 900_000)))
    assert codes(whole(desk, FIRM_GROSS, limit("F1", 900_000))) == ["change_empty"]


def test_valid_file_is_one_version_with_every_difference() -> None:
    desk = Changing()
    rows = (limit("firm", 40 * MILLION, level=Level.FIRM, scope=""), limit("F1", 900_000), limit("F2", 7, scope="F2"))
    assert waits(whole(desk, *rows))  # a first row for F2 lets it trade
    changed = only(desk.approve(), LimitsChanged)
    assert (changed.version, changed.source) == (2, "limits.toml")
    assert [(row.limit_id, row.version) for row in changed.rows] == [("firm", 2), ("F1", 2), ("F2", 1)]


def test_row_that_is_left_out_of_the_file_ends() -> None:
    """Not by omission alone: the account would stop, which tightens, so one person may."""
    desk = Changing()
    changed = only(whole(desk, FIRM_GROSS), LimitsChanged)
    assert [(row.limit_id, row.removed) for row in changed.rows] == [("F1", True)]
    assert desk.gross() is None


def test_file_ends_a_temporary_raise_it_does_not_mention() -> None:
    desk = Changing()
    desk.limits(limit("F1", 2 * MILLION, version=2, until_ns=OPEN_NS + NS_PER_DAY))
    desk.approve()
    assert holds(whole(desk, FIRM_GROSS, F1_GROSS, ts_ns=OPEN_NS + 1))
    assert desk.gross(OPEN_NS + 1) == MILLION


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ((F1_GROSS,), "limit_required"),
        ((FIRM_GROSS, limit("F1", 1_000 * MILLION)), "limit_jump"),
        ((FIRM_GROSS, F1_GROSS, limit("X", 1, scope="X", name="typo")), "limit_unknown"),
        ((FIRM_GROSS, F1_GROSS, limit("X", 1, scope="")), "limit_scope"),
    ],
)
def test_bad_file_leaves_everything_as_it_was(rows: tuple[LimitRow, ...], code: str) -> None:
    desk = Changing()
    before = msgspec.json.encode(desk.stage.state())
    assert code in codes(whole(desk, *rows))
    assert msgspec.json.encode(desk.stage.state()) == before


def test_file_its_reader_could_not_take_is_on_record_and_changes_nothing() -> None:
    desk = Changing()
    fault = "limits.toml, line 3: value is not a whole number"
    refused = desk.ask(ProposeLimits(principal=ANN, rows=(), reason="weekly", whole=True, faults=(fault,)))
    assert codes(refused) == ["limit_file"]
    assert fault in figures(refused)
    assert desk.gross() == MILLION


def test_file_of_lists_without_the_restricted_list_is_refused() -> None:
    assert codes(Changing().lists(whole=True)) == ["limit_required"]


def test_file_of_lists_adds_at_once_and_takes_off_with_two() -> None:
    desk = Changing()
    assert holds(desk.lists(KEPT_LIST, entry("a"), whole=True))
    assert desk.restricted()
    assert waits(desk.lists(KEPT_LIST, entry("b", instrument_id="BETA"), whole=True))
    assert desk.restricted()
    assert not desk.restricted("BETA"), "all of it waits"


def test_every_one_and_one_of_them_are_compared_by_what_binds() -> None:
    """An own row above the one for every one loosens, though it is the first of its place."""
    desk = Changing()
    every = limit("every", 100, scope=EVERY, name="sector_gross")
    assert holds(desk.limits(every))
    assert waits(desk.limits(limit("own", 101, name="sector_gross")))
    assert holds(desk.limits(limit("own", 99, name="sector_gross")))


def test_peak_of_another_limit_says_nothing() -> None:
    desk = Changing(LimitsPolicy(peaks=(PeakUse(account="F1", limit="net", value=1),)))
    assert waits(desk.limits(limit("F1", 2 * MILLION, version=2)))


def test_list_is_kept_at_its_own_level() -> None:
    account = {"list_name": ListName.DO_NOT_TRADE, "level": Level.ACCOUNT, "scope": "F1"}
    assert codes(Changing().lists(entry("x", **account))) == ["list_not_kept"]
    assert waits(Changing().lists(entry("k", instrument_id=KEPT, **account), entry("x", **account)))
