"""Parents being worked, for tests of what is due and how it is released."""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import DarkUse, Side, Strategy, Urgency
from sottovoce.core.ledger import Ledger
from sottovoce.core.market import Quote
from sottovoce.core.orders import CURVE_ONE, ParentOrder, Plan
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.release import AlgoConfig
from tests.scenarios.small_desk import ACCOUNT, MID, OPEN_NS, TICK

QTY = 10_000
END_NS = OPEN_NS + 100 * NS_PER_MINUTE
CONFIG = AlgoConfig(close_cutoff_ns=15 * NS_PER_MINUTE, close_last_ns=10 * NS_PER_MINUTE)
QUOTE = Quote(bid=MID - TICK, bid_size=500, ask=MID + TICK, ask_size=500, mid=MID)


def minute(number: float) -> int:
    """The time so many minutes after the open."""
    return OPEN_NS + int(number * NS_PER_MINUTE)


def plan(strategy: Strategy = Strategy.TWAP, **changes: object) -> Plan:
    """Ten thousand shares in a straight line over a hundred minutes, uncapped."""
    plain = Plan(
        strategy=strategy, edges_ns=(OPEN_NS, END_NS), curve=(0, CURVE_ONE), wake_ns=NS_PER_MINUTE,
        participation_ppm=100_000, max_participation_ppm=1_000_000, clip_qty=500, max_clip_qty=1_000, dark_ppm=0,
        close_qty=0, expected_cost_bps=1.0, cost_low_bps=0.0, cost_high_bps=2.0, timing_risk_bps=1.0,
        completion_probability=1.0, model_version="none",
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def worked(
    each: Plan | None = None,
    *,
    side: Side = Side.BUY,
    urgency: Urgency = Urgency.MEDIUM,
    filled: int = 0,
    working: int = 0,
    busted: int = 0,
) -> WorkedParent:
    """A parent with that plan; what is not filled, working or busted is unsent."""
    order = ParentOrder(
        parent_id="P-1", cl_ord_id="c", account=ACCOUNT, principal="p", instrument_id="ACME", symbol="ACME", side=side,
        order_qty=QTY, accepted_ns=OPEN_NS, start_ns=OPEN_NS, end_ns=END_NS, days=1, ref_version=1, arrival_px=MID,
        arrival_rule="mid", decision_px=MID, decision_ns=OPEN_NS, urgency=urgency, dark=DarkUse.ALLOW,
    )  # fmt: skip
    unsent = QTY - filled - working - busted
    book = Ledger(target=QTY, unsent=unsent, filled=filled, working=working, busted=busted)
    return WorkedParent(order=order, plan=each or plan(), seed=7, ledger=book, limit_px=None, volume_0=0)
