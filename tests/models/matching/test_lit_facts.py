"""The simulated lit exchanges as data: complete, dated, and found by day."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import VenueKind
from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MILLISECOND
from sottovoce.models.matching.lit_facts import LIT_FACTS, LIT_RULES, lit_facts_on, lit_rules_on
from sottovoce.models.matching.lit_rules import SelfMatch

ACCESS_FEE_CAP = 3_000


@pytest.mark.parametrize("facts", LIT_FACTS, ids=lambda facts: facts.venue)
def test_facts_are_complete_and_within_what_exchanges_may_charge(facts: object) -> None:
    each = next(known for known in LIT_FACTS if known is facts)
    assert each.kind is VenueKind.LIT
    assert each.take_fee <= ACCESS_FEE_CAP
    assert each.make_fee + each.take_fee > 0, "no exchange pays out more than it takes in"
    assert 0 < each.latency_ns < NS_PER_MILLISECOND
    assert each.takes is not None
    assert each.ticks
    assert each.hours
    assert each.source


def test_venues_are_in_mic_order_and_each_has_rules() -> None:
    venues = [facts.venue for facts in LIT_FACTS]
    assert venues == sorted(set(venues)) == ["SIMA", "SIMB", "SIMC", "SIME"]
    assert [rules.venue for rules in LIT_RULES] == venues
    assert {rules.self_match for rules in LIT_RULES} == set(SelfMatch)


def test_facts_change_on_their_day() -> None:
    later = msgspec.structs.replace(LIT_FACTS[0], effective_from="2026-11-02", take_fee=1_000)
    known = (*LIT_FACTS, later)
    assert lit_facts_on("2026-11-01", known) == LIT_FACTS
    assert lit_facts_on("2026-11-02", known)[0].take_fee == 1_000
    assert lit_facts_on("2026-11-02", known)[1:] == LIT_FACTS[1:]


def test_day_before_the_first_facts_is_refused() -> None:
    with pytest.raises(ModelError) as refused:
        lit_facts_on("1999-12-31")
    assert refused.value.code == "no_venue_facts"
    with pytest.raises(ModelError) as unruled:
        lit_rules_on("SIMA", "1999-12-31")
    assert unruled.value.code == "no_venue_rules"
