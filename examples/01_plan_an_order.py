"""Plan an order without sending it: what it would cost, three ways, and who would have to agree.

Run: .venv/bin/python examples/01_plan_an_order.py
"""

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side, Urgency
from sottovoce.core.reasons import sentence
from sottovoce.runtime.config import Config
from sottovoce.runtime.preview import preview

reference, calendar = load_shipped(), load_calendar()
instrument = reference.resolve("IBM")
assert instrument is not None
session = calendar.next_session(reference.as_of)

order = NewOrder(
    principal="trader-1",
    account="FUND-A",
    cl_ord_id="PM-1",
    symbol="IBM",
    side=Side.BUY,
    order_qty=400_000,
    urgency=Urgency.LOW,
    days=2,
)
seen = preview(lambda now_ns: order, instrument, session, reference, calendar, Config())
assert seen.order is not None
assert seen.plan is not None

print(f"Buy {seen.order.order_qty:,} {seen.order.symbol}, planned on the close before {session.date}")
for way in seen.plan.alternatives:
    mark = "*" if way.name == seen.plan.recommended else " "
    print(
        f"{mark} {way.name:<9} {way.strategy.value:<5} {way.expected_cost_bps:5.1f} bps expected, "
        f"{way.cost_low_bps:6.1f} to {way.cost_high_bps:5.1f} (80 %), risk {way.timing_risk_bps:5.1f} bps"
    )
print(seen.plan.reason)
for rule in seen.held_by:
    print(f"Held: {sentence(rule)}")
