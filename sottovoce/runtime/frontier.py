"""The cost–risk frontier of an order nobody has entered: any figures in, the planner's own candidates out.

The same code as a plan's, on an instrument made of the figures given and the sessions of a calendar, with a quote of
the given spread at the first open.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from sottovoce.core.choices import Benchmark
from sottovoce.core.enums import Side, Strategy, Urgency
from sottovoce.core.errors import ModelError
from sottovoce.core.forecast import MOST, VOLUME, Forecast
from sottovoce.core.instrument import Fact, Instrument, LotRule, ScheduledEvent, TickRule
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.ports import Session, TradingCalendar
from sottovoce.core.units import BPS
from sottovoce.models.guards import not_negative, positive, within
from sottovoce.stages.planning.config import ChoiceConfig, PlanningConfig
from sottovoce.stages.planning.planner import plan_order
from sottovoce.stages.planning.tolerances import RiskProfile

SCALE = 1_000_000
GIVEN = "given"
DAYS_MAX = 20


class FrontierInputs(msgspec.Struct, frozen=True, kw_only=True):
    """quantity and adv: shares; price: currency; sigma_daily: a fraction; spread_bps: quoted.

    risk_price: bps of cost a bp of risk is worth, None for the urgency's. room_bps: how far the price may go before a
    limit. event_day: 2 or later, the first session that trades on scheduled news. forecast_volume: what each session is
    expected to trade, shares, where that is not adv.
    """

    quantity: int
    price: float
    adv: float
    sigma_daily: float
    spread_bps: float
    days: int = 1
    shares_outstanding: float | None = None
    urgency: Urgency = Urgency.MEDIUM
    risk_price: float | None = None
    max_participation: float | None = None
    benchmark: Benchmark = Benchmark.ARRIVAL
    room_bps: float | None = None
    event_day: int | None = None
    forecast_volume: float | None = None
    completion_min: float = 0.9
    strategy: Strategy | None = None
    paths: int = 1_024
    seed: int = ChoiceConfig().seed


def frontier(inputs: FrontierInputs, calendar: TradingCalendar, sessions: tuple[Session, ...]) -> Plan:
    """The plan of a buy with these figures over the sessions; a sale costs the same.

    Raises: ModelError for a figure without meaning; PlanError where no plan can be made.
    """
    _check(inputs)
    opened = sessions[0].open_ns
    instrument, order = _instrument(inputs, sessions), _order(inputs, sessions)
    profile = RiskProfile(
        name="given", accounts=(order.account,), risk_price=_medium(inputs), benchmark=inputs.benchmark,
        completion_min_ppm=round(inputs.completion_min * 1e6),
    )  # fmt: skip
    config = PlanningConfig(profiles=(profile,), choice=ChoiceConfig(seed=inputs.seed, paths=inputs.paths))
    view = MarketView(opened, {order.instrument_id: _quote(inputs, order, opened)}, 1)
    return plan_order(order, instrument, calendar, config, view)


def _medium(inputs: FrontierInputs) -> float | None:
    """The price of risk of medium urgency at which the order's own is the one asked for."""
    if inputs.risk_price is None:
        return None
    desk = PlanningConfig()
    return inputs.risk_price * desk.medium.risk_price / desk.policy(inputs.urgency).risk_price


def _check(inputs: FrontierInputs) -> None:
    for name in ("quantity", "price", "adv", "sigma_daily"):
        positive(name.replace("_", " ").capitalize(), getattr(inputs, name))
    not_negative("Spread", inputs.spread_bps)
    within("Days", inputs.days, 1, DAYS_MAX)
    within("Completion", inputs.completion_min, 0.0, 1.0)
    within("Paths", inputs.paths, 2, 100_000)
    if inputs.paths % 2:
        raise ModelError(f"Paths come in pairs; {inputs.paths} is odd.", code="odd_paths")
    if inputs.risk_price is not None:
        not_negative("Price of risk", inputs.risk_price)
    if inputs.max_participation is not None:
        within("Maximum participation", inputs.max_participation, 1e-6, 1.0)
    if inputs.forecast_volume is not None:
        within("Forecast volume", positive("Forecast volume", inputs.forecast_volume), 1.0, MOST[VOLUME])
    if inputs.room_bps is not None:
        within("Limit", inputs.room_bps, -BPS / 2, BPS)
    if inputs.event_day is not None:
        within("Day of the event", inputs.event_day, 2, max(inputs.days, 2))


def _instrument(inputs: FrontierInputs, sessions: tuple[Session, ...]) -> Instrument:
    def fact(value: float | None) -> Fact | None:
        return None if value is None else Fact(value=value, as_of=sessions[0].date, source=GIVEN)

    news = () if inputs.event_day is None else (
        ScheduledEvent(name="event", date=sessions[inputs.event_day - 1].date, source=GIVEN),
    )  # fmt: skip
    return Instrument(
        instrument_id="GIVEN", symbol="GIVEN", name="figures given", mic=None, currency="USD", country="US",
        price_scale=SCALE, asset_class="equity", calendar="XNYS",
        ticks=(TickRule(effective_from="1970-01-01", tick=100),), lots=(LotRule(effective_from="1970-01-01", lot=1),),
        adv=fact(inputs.adv), sigma_daily=fact(inputs.sigma_daily),
        shares_outstanding=fact(inputs.shares_outstanding), events=news,
        forecasts=() if inputs.forecast_volume is None else _forecasts(inputs.forecast_volume, sessions),
    )  # fmt: skip


def _forecasts(volume: float, sessions: tuple[Session, ...]) -> tuple[Forecast, ...]:
    """The same for every session, known on the eve of the first."""
    eve = str(date.fromisoformat(sessions[0].date) - timedelta(days=1))
    return tuple(
        Forecast(figure=VOLUME, date=each.date, value=volume, model=GIVEN, window=GIVEN, n=1, made=eve)
        for each in sessions
    )


def _order(inputs: FrontierInputs, sessions: tuple[Session, ...]) -> ParentOrder:
    px, opened, last = round(inputs.price * SCALE), sessions[0].open_ns, sessions[inputs.days - 1].close_ns
    most = inputs.max_participation
    return ParentOrder(
        parent_id="GIVEN", cl_ord_id="GIVEN", account="GIVEN", principal="", instrument_id="GIVEN", symbol="GIVEN",
        side=Side.BUY, order_qty=inputs.quantity, accepted_ns=opened, start_ns=opened, end_ns=last, days=inputs.days,
        ref_version=0, arrival_px=px, arrival_rule=GIVEN, decision_px=px, decision_ns=opened, lot=1, tick=100,
        limit_px=None if inputs.room_bps is None else round(px * (1 + inputs.room_bps / BPS)),
        urgency=inputs.urgency, strategy=inputs.strategy,
        max_participation_ppm=None if most is None else round(most * 1e6),
    )  # fmt: skip


def _quote(inputs: FrontierInputs, order: ParentOrder, ts_ns: int) -> MarketState:
    half = max(round(order.arrival_px * inputs.spread_bps / BPS / 2), 1)
    bid, ask = order.arrival_px - half, order.arrival_px + half
    return MarketState(
        instrument_id="GIVEN", seq=0, quoted_ns=ts_ns, bid=bid, bid_size=0, ask=ask, ask_size=0,
        last_px=order.arrival_px, volume=0, phase="open", venues=(),
    )  # fmt: skip
