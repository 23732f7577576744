"""One arm in one session: the desk plans the order, works it on the market and accounts for it.

Nothing is shortened: gateway, risk, planning, algorithms, routing and venues are the ones of `sottovoce run`, and the
figures are those of its account (analytics/tca) but for one: the benchmark of tracking is the average price of all
others over the whole window of the order, which no arm can shorten by finishing early.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.analytics.tca.from_journal import orders_from_steps
from sottovoce.analytics.tca.market_tape import AUCTION_PRINT, MarketTape, mid_at, read_tape
from sottovoce.analytics.tca.measure import OrderTca, measure
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side
from sottovoce.core.errors import InvariantError
from sottovoce.core.instrument import Instrument
from sottovoce.core.plan_events import OrderHeld, OrderReplanned
from sottovoce.core.ports import Market, Session
from sottovoce.core.units import BPS, NS_PER_MINUTE
from sottovoce.runtime.config import ACCOUNT, TRADER, Config
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.run import Run, prepare_run
from tools.execution_bench.arms import Arm
from tools.execution_bench.sessions import calendar

POST_NS = 30 * NS_PER_MINUTE


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """The order of a session: the same for every arm."""

    side: Side
    qty: int
    start_ns: int
    end_ns: int


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What an order came to; costs in bps, positive = worse for us.

    shortfall_bps: of ordered × arrival, what did not fill valued at the end, fees included. cost_bps: of what filled,
    fees included, as the plan's forecast means it; slippage_bps: without fees. tracking_bps: average fill against all
    others' average over the window. expected, low, high, timing risk: the plan's, before the order. duration and post:
    volume traded from start to end of the order and to half an hour after it, in average days; permanent_bps: the mid
    then against arrival, None where the market was not played so far. plans: how often it was planned again.
    """

    market: str
    seed: int
    symbol: str
    side: str
    size: str
    arm: str
    asked: int
    filled: int
    shortfall_bps: float
    cost_bps: float
    slippage_bps: float
    tracking_bps: float
    participation: float
    expected_bps: float
    low_bps: float
    high_bps: float
    timing_risk_bps: float
    model_version: str
    duration: float
    post: float
    permanent_bps: float | None
    held: bool
    plans: int


def play(
    market: Market, instrument: Instrument, session: Session, arm: Arm, asked: Asked, config: Config, *, to_post: bool
) -> tuple[Run, OrderTca | None, MarketTape]:
    """Work one order to its end, and the market half an hour further where to_post asks for it."""
    journal = MemoryJournal({})
    while market.advance(asked.start_ns):  # the morning before the order: nobody at the desk looks yet
        pass
    run = prepare_run(
        market=market, sessions=(session,), reference=load_shipped(), calendar=calendar(), journal=journal,
        clock=VirtualClock(asked.start_ns), metrics=StageMetrics(), config=config, approve=True,
    )  # fmt: skip
    if asked.qty:
        run.submit(_order(instrument, arm, asked))
        run.work()
    run.desk.run_until(asked.end_ns + (POST_NS if to_post else 0))
    tape = market.tape(instrument.instrument_id)
    names = {instrument.instrument_id: instrument}
    found = orders_from_steps(journal.steps(), {instrument.instrument_id: tape}, names, market.venues(), run.sessions)
    read = read_tape(tape, ((session.open_ns, session.close_ns),))
    return run, measure(found[0], read) if found else None, read


def played(
    market: Market, instrument: Instrument, session: Session, arm: Arm, asked: Asked, config: Config,
    *, label: str, seed: int, size: str, adv: float, to_post: bool = False,
) -> Played:  # fmt: skip
    """Play an arm and take its figures. Raises: InvariantError where the order was refused or nothing filled."""
    run, account, tape = play(market, instrument, session, arm, asked, config, to_post=to_post)
    where = f"{label}, seed {seed}, {arm.name}, {asked.qty} {instrument.symbol}"
    if account is None or account.outcome.realised_bps is None or account.order.forecast is None:
        raise InvariantError(f"{where}: {[row.reason for row in run.rows()] or 'refused'}", code="bench_not_worked")
    forecast, average = account.order.forecast, _average(account)
    events = [event for _, step in run.journal.steps() for event in step.events]
    post_ns = asked.end_ns + POST_NS
    return Played(
        market=label, seed=seed, symbol=instrument.symbol, side=asked.side.value, size=size, arm=arm.name,
        asked=asked.qty, filled=account.account.filled,
        shortfall_bps=_known(account.shortfall_bps, where), cost_bps=account.outcome.realised_bps,
        slippage_bps=_against(asked.side, average, account.order.arrival_px),
        tracking_bps=_against(asked.side, average, _others(tape, asked.start_ns, asked.end_ns)),
        participation=account.participation.of_market or 0.0,
        expected_bps=forecast.expected_cost_bps, low_bps=forecast.low_bps, high_bps=forecast.high_bps,
        timing_risk_bps=forecast.timing_risk_bps, model_version=forecast.model_version,
        duration=_volume(tape, asked.start_ns, asked.end_ns) / adv, post=_volume(tape, asked.start_ns, post_ns) / adv,
        permanent_bps=_permanent(asked, tape, account, post_ns) if to_post else None,
        held=any(isinstance(event, OrderHeld) for event in events),
        plans=sum(isinstance(event, OrderReplanned) for event in events),
    )  # fmt: skip


def _order(instrument: Instrument, arm: Arm, asked: Asked) -> NewOrder:
    return NewOrder(
        principal=TRADER, account=ACCOUNT, cl_ord_id="BENCH", symbol=instrument.symbol, side=asked.side,
        order_qty=asked.qty, strategy=arm.strategy, urgency=arm.urgency, end_ns=asked.end_ns,
    )  # fmt: skip


def _average(account: OrderTca) -> float:
    fills = account.fills
    return float(fills.qty @ fills.px) / float(fills.qty.sum())


def _against(side: Side, px: float, benchmark: float) -> float:
    return side.sign * (px - benchmark) / benchmark * BPS


def _others(tape: MarketTape, start_ns: int, end_ns: int) -> float:
    """Average price of all others from start to end, auctions left out."""
    inside = (tape.trade_ns >= start_ns) & (tape.trade_ns <= end_ns) & (tape.trade_own == 0)
    inside &= tape.trade_kind != AUCTION_PRINT
    qty = tape.trade_qty[inside].astype(np.float64)
    return float(qty @ tape.trade_px[inside]) / float(qty.sum())


def _volume(tape: MarketTape, start_ns: int, end_ns: int) -> float:
    inside = (tape.trade_ns >= start_ns) & (tape.trade_ns <= end_ns)
    return float(tape.trade_qty[inside].sum())


def _permanent(asked: Asked, tape: MarketTape, account: OrderTca, post_ns: int) -> float | None:
    mid = mid_at(tape, post_ns)
    return None if mid is None else _against(asked.side, float(mid), account.order.arrival_px)


def _known(value: float | None, where: str) -> float:
    if value is None:
        raise InvariantError(f"{where}: no shortfall", code="bench_not_worked")
    return value
