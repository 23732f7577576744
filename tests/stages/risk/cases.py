"""One case at a time for tests of single checks: an order, a market, and limits of which only the ones named bind."""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import DarkUse, Side, Tactic, TimeInForce
from sottovoce.core.instrument import Instrument
from sottovoce.core.limits import KEPT, Level, LimitBook, LimitRow, ListName, ListRow, rows_of
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.reasons import REASONS
from sottovoce.stages.risk.case import Case, Check, Found
from sottovoce.stages.risk.exposure import Holder
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.state import RiskState, Running
from sottovoce.stages.risk.terms import Terms
from tests.scenarios.small_desk import ACCOUNT, ACME, MAX_AGE_NS, MID, OPEN_NS, TICK, market_state

TRADER, DESK = "trader-1", "desk-1"
PARENT = "P"


def order(**changes: object) -> ParentOrder:
    plain = ParentOrder(
        parent_id=PARENT, cl_ord_id="c", account=ACCOUNT, principal=TRADER, instrument_id="ACME", symbol="ACME",
        side=Side.BUY, order_qty=100, accepted_ns=OPEN_NS, start_ns=OPEN_NS, end_ns=OPEN_NS + 1, days=1,
        ref_version=1, arrival_px=MID, arrival_rule="mid", decision_px=MID, decision_ns=OPEN_NS, desk=DESK,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def child(qty: int = 100, limit_px: int = MID, side: Side = Side.BUY, **changes: object) -> Child:
    plain = Child(
        child_id="P.1", parent_id=PARENT, instrument_id="ACME", side=side, qty=qty, limit_px=limit_px,
        tactic=Tactic.PASSIVE, time_in_force=TimeInForce.DAY, created_ns=OPEN_NS, dark=DarkUse.ALLOW, dark_ppm=0,
        lot=100, tick=TICK,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def row(level: Level, scope: str, name: str, value: int) -> LimitRow:
    return LimitRow(
        limit_id=f"{level.value}.{scope}.{name}", level=level, scope=scope, name=name, value=value, owner="risk-1",
        review_date="2018-06-30", version=3,
    )  # fmt: skip


def on_order(**values: int) -> tuple[LimitRow, ...]:
    """Limits on any one order."""
    return tuple(row(Level.ORDER, "", name, value) for name, value in values.items())


def entry(list_name: ListName, instrument_id: str = KEPT, **changes: object) -> ListRow:
    plain = ListRow(
        entry_id=f"{list_name.value}.{instrument_id}", list_name=list_name, owner="compliance-1",
        instrument_id=instrument_id,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def make(
    *rows: LimitRow,
    of: ParentOrder | None = None,
    one: Child | None = None,
    lists: tuple[ListRow, ...] = (),
    state: RiskState | None = None,
    policy: RiskPolicy | None = None,
    market: MarketState | str | None = "open",
    name: Instrument | None = ACME,
    ts_ns: int = OPEN_NS,
) -> Case:
    """A case; an order that has a child is open and has reserved a thousand shares at the middle of the market."""
    whose, held = order() if of is None else of, RiskState() if state is None else state
    found = market_state(ts_ns=ts_ns) if isinstance(market, str) else market
    view = MarketView(ts_ns, {} if found is None else {"ACME": found}, MAX_AGE_NS)
    if one is not None and PARENT not in held.running:
        held.orders[PARENT] = whose
        held.running[PARENT] = Running()
        held.exposure.reserve(PARENT, holder(), whose.side.sign, 1_000, MID)
    return Case(whose, one, view, name, held, Terms(LimitBook(rows_of(rows, lists)), policy or RiskPolicy()))


def holder(account: str = ACCOUNT, trader: str = TRADER, name: str = "ACME") -> Holder:
    return Holder(DESK, trader, account, "", name, "Tech", "US")


def holding(qty: int, account: str = ACCOUNT, px: int = MID) -> RiskState:
    """A state in which an account holds qty of the name."""
    state = RiskState()
    state.exposure.mark("ACME", px, 1)
    state.exposure.record(holder(account), qty, px)
    state.known_accounts[account] = True
    return state


def codes(found: Found) -> list[str]:
    """The codes of what failed; each must be in the table."""
    failures: list[Failure] = found or []
    assert all(failed.code in REASONS for failed in failures)
    return [failed.code for failed in failures]


def told(check: Check, case: Case) -> list[str]:
    return codes(check(case))
