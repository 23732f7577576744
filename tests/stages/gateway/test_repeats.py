"""Orders that look like ones that came before: held within the window, and then forgotten."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import OrdType, Side
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import ParentOrder
from sottovoce.stages.gateway.config import DuplicateConfig
from sottovoce.stages.gateway.repeats import Contents, Repeats
from tests.scenarios.small_desk import OPEN_NS, new_order, view_at
from tests.stages.gateway.test_gateway import Door, accepted

SECOND_NS = 1_000_000_000
HOUSE = DuplicateConfig()


def rules(door: Door, order: NewOrder, seconds: float) -> list[str]:
    """The rules an order entered so long after the open is held by."""
    event = door.take(order, view_at(OPEN_NS + int(seconds * SECOND_NS)))
    assert isinstance(event, OrderAccepted), event
    return [rule.code for rule in event.holds]


@pytest.mark.parametrize(("seconds", "found"), [(0.001, ["duplicate_order"]), (30, ["duplicate_order"]), (30.001, [])])
def test_twin_within_thirty_seconds_is_held(seconds: float, found: list[str]) -> None:
    door = Door()
    assert rules(door, new_order("c-1"), 0) == []
    assert rules(door, new_order("c-2"), seconds) == found


@pytest.mark.parametrize(
    "change", [{"order_qty": 10_001}, {"side": Side.SELL}, {"symbol": "BETA"}, {"account": "FUND-B"},
               {"ord_type": OrdType.LIMIT, "price": "49.90"}]
)  # fmt: skip
def test_another_order_is_no_twin(change: dict[str, object]) -> None:
    door = Door()
    rules(door, new_order("c-1"), 0)
    assert rules(door, new_order("c-2", **change), 1) == []


def test_third_alike_in_five_minutes_is_held_though_none_is_within_the_window() -> None:
    door = Door()
    assert [rules(door, new_order(f"c-{each}"), each * 100) for each in range(4)] == [
        [], [], ["repeated_order"], ["repeated_order"]
    ]  # fmt: skip
    assert rules(door, new_order("c-9"), 300 + 301) == []


def test_refused_order_is_nobodys_twin() -> None:
    door = Door()
    door.take(new_order("c-1", symbol="NOSUCH"))
    assert rules(door, new_order("c-2"), 1) == []


def test_hold_says_how_soon_and_what_the_window_is() -> None:
    repeats, order = Repeats(), accepted()
    repeats.add(order, OPEN_NS, HOUSE)
    (held,) = repeats.judge(order, OPEN_NS + 2 * SECOND_NS, HOUSE)
    assert (held.value, held.limit, held.control) == ("2.000 s after its twin", "more than 30 s", "PT-08")


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 5)), max_size=60))
def test_memory_answers_as_a_list_of_everything_would(steps: list[tuple[int, int]]) -> None:
    """Against the obvious version, which forgets nothing: same answers, and nothing older than the window is kept."""
    repeats, everything, now_ns = Repeats(), list[tuple[int, int]](), OPEN_NS
    for pause_s, qty in steps:
        now_ns += pause_s * SECOND_NS
        order = msgspec.structs.replace(PLAIN, order_qty=qty)
        ages = [(now_ns - ts_ns) // SECOND_NS for ts_ns, known in everything if known == qty]
        expected = ["duplicate_order"] * (min(ages, default=31) <= 30)
        expected += ["repeated_order"] * (1 + sum(age <= 300 for age in ages) >= 3)
        assert [rule.code for rule in repeats.judge(order, now_ns, HOUSE)] == expected
        repeats.add(order, now_ns, HOUSE)
        everything.append((now_ns, qty))
        kept = sorted(ts_ns for times in repeats.seen.values() for ts_ns in times)
        assert kept == [ts_ns for ts_ns, _ in everything if now_ns - ts_ns <= HOUSE.repeat_ns]


PLAIN: ParentOrder = accepted()


def test_content_is_known_under_another_name_for_as_long_as_the_window() -> None:
    contents = Contents()
    contents.add("digest", "B-1", OPEN_NS, 10)
    assert contents.twin("digest", "B-1", OPEN_NS, 10) is None
    assert contents.twin("other", "B-2", OPEN_NS, 10) is None
    assert contents.twin("digest", "B-2", OPEN_NS + 10, 10) == ("B-1", 10)
    assert contents.twin("digest", "B-2", OPEN_NS + 11, 10) is None
    contents.add("other", "B-3", OPEN_NS + 11, 10)
    assert list(contents.seen) == ["other"]
