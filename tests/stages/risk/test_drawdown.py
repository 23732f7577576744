"""What the day gives back from its best, and positions nobody can price (AT-10)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.alert_table import alert_of
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.enums import Side
from sottovoce.core.events import StageEvent
from sottovoce.core.limits import LIMITS, Level
from sottovoce.core.market import MarketView
from sottovoce.core.recovery_events import DayRolled
from sottovoce.core.risk_commands import MarkPositions, RecordPosition, ReenableScope
from sottovoce.core.risk_events import DayResultPeaked, LossWarned, MarkStale, PositionsMarked, ScopeLatched
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.risk.policy import RiskPolicy
from tests.scenarios.small_desk import ACCOUNT, MAX_AGE_NS, MID, RISK, market_state
from tests.stages.risk.cases import row
from tests.stages.risk.stage import OPERATIONS, Alone, only

WHERE = f"account:{ACCOUNT}"
STALE_NS = 60 * NS_PER_SECOND


class Holding(Alone):
    """An account long 1,000 shares, marked every second; a dollar of the price is 1,000 of result."""

    def __init__(self, name: str = "drawdown", limit: int = 1_000) -> None:
        super().__init__(row(Level.ACCOUNT, ACCOUNT, name, limit), policy=RiskPolicy())
        command = RecordPosition(
            principal=OPERATIONS, account=ACCOUNT, instrument_id="ACME", qty=1_000, source="custodian"
        )
        self.say(command)
        self.enter("A", side=Side.SELL, order_qty=100)
        self.state_now = "open"

    def view(self, states: object = None) -> MarketView:
        quoted = market_state(ts_ns=self.now_ns, mid=self.mid)
        quoted = msgspec.structs.replace(quoted, phase=getattr(self, "state_now", "open"))
        return MarketView(self.now_ns, {"ACME": quoted}, MAX_AGE_NS)

    def mark(self, dollars: float, phase: str = "open", after_ns: int = NS_PER_SECOND) -> list[StageEvent]:
        """So much time later the price is so many dollars above where the day began."""
        self.now_ns, self.mid, self.state_now = self.now_ns + after_ns, MID + int(dollars * 1_000_000), phase
        return self.say(MarkPositions(number=self.state.mark_number))

    def latches(self, dollars: float, phase: str = "open", after_ns: int = NS_PER_SECOND) -> list[tuple[str, str]]:
        found = only(ScopeLatched, self.mark(dollars, phase, after_ns))
        return [(each.scope, each.failure.code) for each in found]


def test_fall_from_the_best_of_the_day_latches_at_the_limit_and_not_a_unit_before() -> None:
    desk = Holding()
    assert desk.latches(3) == []
    assert desk.state.peaks[WHERE] == 3_000_000_000
    assert desk.latches(2.000_001) == [], "still a profit, and 999.999 given back"
    assert desk.latches(2) == [(WHERE, "drawdown_stop")]
    assert desk.latches(1) == [], "once"
    rejected = only(OrderRejected, desk.enter("B", order_qty=1))
    assert {failed.code for event in rejected for failed in event.failures} == {"latched"}


def test_fall_from_the_start_counts_too() -> None:
    desk = Holding()
    assert desk.latches(-1) == [(WHERE, "drawdown_stop")]


def test_gap_of_the_mark_is_judged_where_it_lands() -> None:
    desk = Holding()
    desk.mark(5)
    assert desk.latches(-20) == [(WHERE, "drawdown_stop")]


def test_half_of_it_is_told_once_and_not_a_unit_before() -> None:
    desk = Holding()
    desk.mark(3)
    assert only(LossWarned, desk.mark(2.500_001)) == []
    (told,) = only(LossWarned, desk.mark(2.5))
    assert told.failure.code == "drawdown_near"
    alert = alert_of(told)
    assert alert is not None
    assert alert.code == "loss_near"
    assert only(LossWarned, desk.mark(2.4)) == []


def test_best_of_the_day_never_falls_and_a_new_day_begins_without_one() -> None:
    desk = Holding()
    desk.mark(3)
    assert only(DayResultPeaked, desk.mark(2.9)) == []
    desk.hear(DayRolled(parent_id="", ts_ns=desk.now_ns, date="2018-02-13"))
    assert desk.state.peaks == {}
    assert desk.latches(2.1) == [], "0.8 since the new day began"
    assert desk.latches(1.9) == [(WHERE, "drawdown_stop")]


def test_person_re_enables_and_the_fall_is_counted_from_there() -> None:
    desk = Holding()
    desk.mark(3)
    desk.mark(2)
    desk.say(ReenableScope(principal=RISK, scope=WHERE, reason="looked"))
    assert desk.latches(1.5) == [], "what it stands at now is the new best"
    assert desk.latches(0.6) == []
    assert desk.latches(0.5) == [(WHERE, "drawdown_stop")]


def test_strategy_and_desk_have_house_limits() -> None:
    kind = LIMITS["drawdown"]
    assert dict(kind.house) == {Level.DESK: 1_000_000, Level.STRATEGY: 250_000}
    assert kind.sums


# no price ----------------------------------------------------------------------------------------------------


def test_position_without_a_price_for_a_minute_is_not_worth_its_last_mark() -> None:
    """1,000 shares at 50: a tenth of it is 5,000."""
    desk = Holding(limit=5_000)
    desk.mark(0)
    (marked,) = only(PositionsMarked, desk.mark(0, "halted", STALE_NS - 1))
    assert marked.unpriced == ("ACME",)
    assert desk.state.stale_marks == {}
    events = desk.mark(0, "halted", 1)
    assert [each.instrument_id for each in only(MarkStale, events)] == ["ACME"]
    assert [each.failure.code for each in only(ScopeLatched, events)] == ["drawdown_stop"]


@pytest.mark.parametrize(("limit", "found"), [(5_000, ["loss_stop"]), (5_010, [])])
def test_plain_loss_is_judged_with_what_was_assumed(limit: int, found: list[str]) -> None:
    desk = Holding("loss", limit)
    desk.mark(0)
    assert [code for _, code in desk.latches(0, "halted", STALE_NS)] == found


def test_somebody_is_told_once_of_a_position_without_a_price() -> None:
    desk = Holding(limit=10**6)
    desk.mark(0)
    (stale,) = only(MarkStale, desk.mark(0, "halted", STALE_NS))
    alert = alert_of(stale)
    assert alert is not None
    assert alert.code == "position_unpriced"
    assert only(MarkStale, desk.mark(0, "halted")) == []
    desk.mark(0)
    assert desk.state.stale_marks == {}, "it has a price again"


def test_closed_market_keeps_its_last_price() -> None:
    desk = Holding()
    desk.mark(0)
    assert only(MarkStale, desk.mark(0, "closed", 10 * STALE_NS)) == []


def test_state_is_folded_from_the_events_alone() -> None:
    desk = Holding(limit=5_000)
    for dollars, phase in ((3, "open"), (2, "halted"), (-1, "halted"), (1, "open")):
        desk.mark(dollars, phase, STALE_NS)
    twin = desk.replayed()
    assert (twin.peaks, twin.stale_marks, twin.loss_warned, twin.latches) == (
        desk.state.peaks, desk.state.stale_marks, desk.state.loss_warned, desk.state.latches
    )  # fmt: skip
