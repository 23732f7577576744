"""Work an order on the simulated market and account for it, all in one process and in memory.

Run: .venv/bin/python examples/02_run_an_order.py
"""

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated.market import SimulatedMarket
from sottovoce.analytics.reports.tca_report import build_report
from sottovoce.analytics.reports.tca_text import render_text
from sottovoce.analytics.tca.from_journal import orders_from_steps
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side, Strategy
from sottovoce.runtime.config import Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.system import build_system

config, reference, calendar = Config(), load_shipped(), load_calendar()
instrument = reference.resolve("IBM")
assert instrument is not None
session = calendar.next_session(reference.as_of)

market = SimulatedMarket([instrument], [session], seed=7)
system = build_system(config, reference, calendar, market.venues())
engine = Engine(system, MemoryJournal(), StageMetrics(), int(config.max_quote_age_s * 1e9))
desk = Desk(engine, market, VirtualClock(session.open_ns))

desk.run_until(session.open_ns + 1_000_000_000)  # a second in, there is a two-sided market
order = NewOrder(
    principal="trader-1",
    account="FUND-A",
    cl_ord_id="PM-1",
    symbol="IBM",
    side=Side.SELL,
    order_qty=20_000,
    strategy=Strategy.VWAP,
)
desk.submit(order)
desk.run_until(session.close_ns + 60_000_000_000)

(row,) = desk.rows()
print(f"{row.status.value}, {row.reason}: {row.ledger}")
steps = list(engine.journal.steps())
tapes = {instrument.instrument_id: market.tape(instrument.instrument_id)}
instruments = {instrument.instrument_id: instrument}
print(render_text(build_report(orders_from_steps(steps, tapes, instruments, market.venues(), [session]), tapes)))
