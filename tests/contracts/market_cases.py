"""The adapters that are held to the contract of the Market port. A new one is added to CASES."""

from __future__ import annotations

from dataclasses import replace

from sottovoce.adapters.faulty.market import FaultyMarket
from sottovoce.adapters.queues import QueueMarket
from sottovoce.adapters.simulated import AUCTION_CUTOFF_NS, SimulatedMarket
from sottovoce.adapters.tape.policy import CLOSE, DARK, LIT, ReplayPolicy
from tests.adapters.replay.busy_feed import busy_market as busy_orders
from tests.adapters.replay.feed_maker import INSTRUMENT as ORDERS_INSTRUMENT
from tests.adapters.replay.feed_maker import SESSION as ORDERS_SESSION
from tests.adapters.simulated.names import OPEN_NS, TICK, name, sessions
from tests.adapters.tape.busy_day import busy_market
from tests.adapters.tape.synthetic import INSTRUMENT, SESSION
from tests.contracts.market_desk import MarketCase

SIMULATED = MarketCase(
    name="simulated",
    make=lambda: SimulatedMarket([name()], sessions(1), 7),
    instrument_id="SMALL",
    open_ns=OPEN_NS,
    close_ns=sessions(1)[0].close_ns,
    tick=TICK,
    lit="SIMA",
    dark="SIMD",
    auction="SIMX",
    cutoff_ns=AUCTION_CUTOFF_NS,
)

REPLAYED = MarketCase(
    name="replayed",
    make=busy_market,
    instrument_id=INSTRUMENT.instrument_id,
    open_ns=SESSION.open_ns,
    close_ns=SESSION.close_ns,
    tick=10_000,
    lit=LIT,
    dark=DARK,
    auction=CLOSE,
    cutoff_ns=ReplayPolicy().close_entry_ns,
)

BEHIND_A_GOOD_LINE = replace(SIMULATED, name="faulty", make=lambda: FaultyMarket(SIMULATED.make(), []))

QUEUES = replace(SIMULATED, name="queues", make=lambda: QueueMarket([name()], sessions(1), 7))

ORDER_REPLAY = MarketCase(
    name="order_replay",
    make=busy_orders,
    instrument_id=ORDERS_INSTRUMENT.instrument_id,
    open_ns=ORDERS_SESSION.open_ns,
    close_ns=ORDERS_SESSION.close_ns,
    tick=10_000,
    lit="XNAS",
    dark=None,
    auction=None,
    cutoff_ns=0,
)

CASES: tuple[MarketCase, ...] = (SIMULATED, QUEUES, REPLAYED, ORDER_REPLAY, BEHIND_A_GOOD_LINE)
