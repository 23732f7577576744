"""The gate's quick way and the referee's slow one find the same, in the same order, whatever the limits."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.enums import Side, Strategy
from sottovoce.core.limits import KEPT, Level, LimitBook, LimitRow, ListName, ListRow, rows_of
from sottovoce.core.market import MarketView
from sottovoce.core.orders import ParentOrder
from sottovoce.stages.risk import gate
from sottovoce.stages.risk.book import holder_of
from sottovoce.stages.risk.case import Case
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.state import RiskState
from sottovoce.stages.risk.terms import Terms
from tests.scenarios.small_desk import ACME, BETA, MAX_AGE_NS, MID, OPEN_NS, market_state
from tests.stages.risk.cases import PARENT, child, entry, holder, order, row
from tests.stages.risk.referee import RULES
from tests.stages.risk.referee_world import DOLLAR, Held, Open, Question

CHECKS = {check.__name__: check for name in dir(gate) if name.endswith(("_CHECKS", "_HOLDS", "_WARNINGS"))
          for check in getattr(gate, name)}  # fmt: skip
OWNERS = {
    Level.FIRM: ("",), Level.DESK: ("D1", "D2", "*"), Level.TRADER: ("T1", "*"), Level.ACCOUNT: ("A1", "A2", "*"),
    Level.STRATEGY: ("VWAP", "*"),
}  # fmt: skip
SIZES = (0, 50, 100, 200, 450, 700, 800, 1_000)
VALUES = tuple(qty * MID // DOLLAR for qty in SIZES)
ON_TOTALS = {
    "gross": VALUES, "net": VALUES, "sector_gross": VALUES, "country_gross": VALUES, "loss": (1, 100, 1_000),
    "concentration_ppm": (100_000, 500_000, 1_000_000),
}  # fmt: skip
ON_ORDER = {
    "parent_value": VALUES, "child_value": VALUES, "value_warn_ppm": (500_000,), "parent_qty": SIZES,
    "child_qty_soft": SIZES, "parent_adv_ppm": (1, 50, 1_000), "parent_adv_soft_ppm": (1, 50, 1_000),
    "child_adv_ppm": (1, 50, 1_000), "exposure_hold_ppm": (100_000, 700_000), "loss_warn_ppm": (100_000, 500_000),
    "reserve_ppm": (0, 100_000), "collar_liquid_ppm": (10_000, 30_000), "collar_other_ppm": (20_000,),
    "collar_low_price_ppm": (0, 50_000), "low_price": (1, 10_000), "liquid_adv_qty": (1, 10**9),
}  # fmt: skip
OF_CHILDREN = (
    "limits_present", "loss", "child_value", "child_quantity_soft", "value_near", "child_adv", "collar", "restricted",
    "approved",
)  # fmt: skip
PXS = (MID - MID // 20, MID, MID + MID // 50, MID + MID // 20)
NAMES = {each.instrument_id: msgspec.structs.replace(each, sector="Tech", country="US") for each in (ACME, BETA)}


@st.composite
def limits(draw: st.DrawFn) -> tuple[LimitRow, ...]:
    """Any of the limits, at any of the levels, close to what orders come to."""
    rows = {}
    for name, values in ON_TOTALS.items():
        for level in draw(st.sets(st.sampled_from(list(OWNERS)), min_size=1, max_size=3)):
            scope = draw(st.sampled_from(OWNERS[level]))
            rows[level, scope, name] = row(level, scope, name, draw(st.sampled_from(values)))
    for name in draw(st.sets(st.sampled_from(sorted(ON_ORDER)))):
        level, scope = draw(st.sampled_from(((Level.ORDER, ""), (Level.ACCOUNT, "A1"), (Level.DESK, "*"))))
        rows[level, scope, name] = row(level, scope, name, draw(st.sampled_from(ON_ORDER[name])))
        rows[Level.ORDER, "", name] = row(Level.ORDER, "", name, draw(st.sampled_from(ON_ORDER[name])))
    return tuple(rows.values())


LISTS = st.lists(
    st.builds(
        entry, st.sampled_from((ListName.RESTRICTED, ListName.DO_NOT_TRADE, ListName.APPROVED)),
        st.sampled_from((KEPT, "ACME", "BETA")),
    ),
    max_size=5, unique_by=lambda each: each.entry_id,
)  # fmt: skip
ORDERS = st.builds(
    order, desk=st.sampled_from(("D1", "D2")), principal=st.sampled_from(("T1", "T2")),
    account=st.sampled_from(("A1", "A2")), strategy=st.sampled_from((None, Strategy.VWAP)),
    instrument_id=st.sampled_from(sorted(NAMES)), side=st.sampled_from((Side.BUY, Side.SELL)),
    order_qty=st.sampled_from((1, 100, 101, 700)), limit_px=st.sampled_from((None, *PXS)),
)  # fmt: skip
POSITIONS = st.dictionaries(
    st.tuples(st.sampled_from(("A1", "A2")), st.sampled_from(sorted(NAMES))),
    st.tuples(st.sampled_from((-600, -100, 150, 700)), st.sampled_from(PXS)), max_size=2,
)  # fmt: skip


def world(held: tuple[Held, ...], opened: list[ParentOrder], mark: int) -> tuple[RiskState, tuple[Open, ...]]:
    """The stage's state, and the same as a list."""
    state, found = RiskState(), []
    for each in held:
        state.exposure.mark(each.instrument_id, each.px, 1)
        state.exposure.record(holder(each.account, name=each.instrument_id), each.qty, each.px)
    for number, one in enumerate(opened):
        path = Question(one, None, MarketView(OPEN_NS, {}, 1), LimitBook(rows_of(())), (), (), mark).path
        px = MID if one.limit_px is None else one.limit_px
        state.exposure.reserve(f"O{number}", holder_of(one, "Tech", "US"), one.side.sign, one.order_qty, px)
        found.append(Open(path, one.side.sign, one.order_qty, px))
    for name in sorted(NAMES):
        state.exposure.mark(name, mark, 2)
    return state, tuple(found)


@settings(max_examples=60, deadline=None)
@given(
    limits(), LISTS, POSITIONS, st.lists(ORDERS, max_size=2), ORDERS, st.sampled_from(PXS), st.sampled_from((1, 100))
)
def test_quick_and_slow_agree(
    rows: tuple[LimitRow, ...],
    lists: list[ListRow],
    positions: dict[tuple[str, str], tuple[int, int]],
    opened: list[ParentOrder],
    asked: ParentOrder,
    mark: int,
    child_qty: int,
) -> None:
    """First the order, then a child of it."""
    book = LimitBook(rows_of(rows, tuple(lists)))
    held = tuple(Held(account, name, qty, px) for (account, name), (qty, px) in positions.items())
    state, known = world(held, opened, mark)
    view = MarketView(OPEN_NS, {name: market_state(name) for name in NAMES}, MAX_AGE_NS)
    terms, name = Terms(book, RiskPolicy()), asked.instrument_id
    part = child(child_qty, PXS[1], asked.side, instrument_id=name, parent_id=PARENT)
    for one, rules in ((None, tuple(RULES)), (part, OF_CHILDREN)):
        question = Question(asked, one, view, book, known, held, mark)
        case = Case(asked, one, view, NAMES[name], state, terms)
        for rule in rules:
            found = [(failed.code, failed.limit_id) for failed in CHECKS[rule](case) or ()]
            assert found == RULES[rule](question), rule


@pytest.mark.parametrize("name", sorted(RULES))
def test_referee_judges_checks_that_are_on(name: str) -> None:
    assert name in CHECKS
