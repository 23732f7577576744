"""A manager's profile: whose applies and when, and what of the plan it changes."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Urgency
from sottovoce.core.orders import AmendedTerms
from sottovoce.core.plan_events import OrderPlanned
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.profiles import NO_PROFILE, absent_flags, as_preferred, as_tolerated, profile_for
from sottovoce.stages.planning.tolerances import RiskProfile
from tests.stages.planning import desk
from tests.stages.planning.desk import cleared, view

ORDER = desk.order(qty=500_000)
MANAGER = RiskProfile(name="growth", managers=("pm-1",), risk_price=0.1)


def config(*profiles: RiskProfile) -> PlanningConfig:
    return PlanningConfig(profiles=profiles)


def test_without_a_profile_the_desk_s_policy_stands() -> None:
    assert profile_for(ORDER, config()) is NO_PROFILE
    assert as_tolerated(PlanningConfig(), NO_PROFILE) == PlanningConfig()


def test_the_manager_s_own_profile_goes_before_the_account_s() -> None:
    account = RiskProfile(name="fund", accounts=("FUND-1",))
    assert profile_for(ORDER, config(account, MANAGER)).name == "growth"
    assert profile_for(msgspec.structs.replace(ORDER, principal="other"), config(account, MANAGER)).name == "fund"


def test_who_took_the_decision_goes_before_who_entered_it() -> None:
    decided = msgspec.structs.replace(ORDER, investment_decision="pm-2")
    other = RiskProfile(name="value", managers=("pm-2",))
    assert profile_for(decided, config(MANAGER, other)).name == "value"


def test_the_latest_version_in_force_applies_and_none_before_its_day() -> None:
    old = msgspec.structs.replace(MANAGER, version=1, effective_from="2018-01-01")
    new = msgspec.structs.replace(MANAGER, version=2, effective_from="2018-02-12")
    late = msgspec.structs.replace(MANAGER, version=3, effective_from="2018-02-13")
    assert profile_for(ORDER, config(late, new, old)).version == 2
    assert profile_for(ORDER, config(late)) is NO_PROFILE


def test_the_price_of_risk_is_medium_s_and_others_keep_their_proportion() -> None:
    found = as_tolerated(PlanningConfig(), MANAGER)
    assert found.policy(Urgency.MEDIUM).risk_price == pytest.approx(0.1)
    assert found.policy(Urgency.HIGH).risk_price == pytest.approx(0.4)
    assert found.policy(Urgency.LOW).risk_price == pytest.approx(0.01)


def test_a_profile_narrows_participation_and_never_widens_it() -> None:
    tight = as_tolerated(PlanningConfig(), msgspec.structs.replace(MANAGER, max_participation_ppm=50_000))
    loose = as_tolerated(PlanningConfig(), msgspec.structs.replace(MANAGER, max_participation_ppm=900_000))
    assert tight.policy(Urgency.HIGH).max_participation_ppm == 50_000
    assert loose.policy(Urgency.HIGH).max_participation_ppm == PlanningConfig().high.max_participation_ppm


def test_the_plan_says_which_profile_applied() -> None:
    choice = desk.plan(ORDER, config=config(MANAGER)).choice
    assert choice is not None
    assert (choice.profile, choice.profile_version, choice.risk_price) == ("growth", 1, 0.1)


def test_an_order_above_the_tolerated_cost_is_flagged_with_both_figures() -> None:
    flags = desk.plan(ORDER, config=config(msgspec.structs.replace(MANAGER, cost_tolerance_bps=1.0))).flags
    assert any("profile growth tolerates 1 bps" in flag for flag in flags)
    quiet = desk.plan(ORDER, config=config(msgspec.structs.replace(MANAGER, cost_tolerance_bps=100.0))).flags
    assert not any("tolerates" in flag for flag in quiet)


def test_venues_the_manager_avoids_are_avoided_by_the_order_that_is_worked() -> None:
    profile = msgspec.structs.replace(MANAGER, avoid=("XDRK", "XALT"), prefer=("XNAS",))
    order = msgspec.structs.replace(ORDER, avoid=("XALT",))
    (event,) = desk.stage(config(profile)).decide(cleared(order), view())
    assert isinstance(event, OrderPlanned)
    assert event.order.avoid == ("XALT", "XDRK")
    assert event.order.prefer == ("XNAS",)
    amended = AmendedTerms(avoid=("XBOS",)).applied(event.order, event.order.order_qty, None)
    assert amended.avoid == ("XALT", "XBOS", "XDRK"), "what the manager avoids stays avoided"
    assert event.plan.choice is not None
    assert event.plan.choice.prefer == ("XNAS",)
    assert as_preferred(order, NO_PROFILE) is order


def test_a_venue_that_is_none_of_the_market_s_is_said_with_the_plan() -> None:
    misspelt = msgspec.structs.replace(MANAGER, avoid=("XALTT", "XDRK"), prefer=("xnas",))
    market = frozenset({"XNAS", "XDRK"})
    first, second = absent_flags(misspelt, market)
    assert "growth prefers xnas, which is no venue" in first
    assert "growth avoids XALTT, which is no venue" in second
    assert absent_flags(misspelt, frozenset()) == (), "a market whose venues are not known says nothing"
    assert absent_flags(NO_PROFILE, market) == ()
