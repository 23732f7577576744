"""A preview is the real gateway, risk, planning and approval on yesterday's close, and sends nothing."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Strategy
from sottovoce.core.errors import PlanError
from sottovoce.core.forecast import Forecast
from sottovoce.core.instrument import Instrument, known, tick_at
from sottovoce.core.units import parse_decimal_px
from sottovoce.runtime.config import Config
from sottovoce.runtime.preview import SPREAD_WITHOUT_FACT_BPS, Preview, close_as_market, preview
from sottovoce.runtime.system import build_system
from tests.adapters.journal.worked import DATE, order

CALENDAR, REFERENCE = load_calendar(), load_shipped()
SESSION = CALENDAR.sessions(DATE, 1)[0]


def instrument(symbol: str = "MSFT") -> Instrument:
    found = REFERENCE.resolve(symbol)
    assert found is not None
    return found


def seen(command: NewOrder, config: Config | None = None) -> Preview:
    return preview(lambda now_ns: command, instrument(), SESSION, REFERENCE, CALENDAR, config or Config())


def test_close_becomes_a_quote_with_a_stated_spread() -> None:
    market, close = close_as_market(instrument(), SESSION), known(instrument().close)
    assert close is not None
    mid = (market.bid + market.ask) / 2
    assert mid == pytest.approx(close * 1_000_000, rel=SPREAD_WITHOUT_FACT_BPS / 10_000)
    assert market.bid < market.ask
    assert market.quoted_ns == SESSION.open_ns
    assert market.volume == 0


@pytest.mark.parametrize("symbol", [one.symbol for one in REFERENCE.instruments][::9])
def test_the_quoted_spread_is_the_one_stated_to_the_tick(symbol: str) -> None:
    market, stated = close_as_market(instrument(symbol), SESSION), known(instrument(symbol).spread_bps)
    tick, mid = tick_at(instrument(symbol), market.bid, SESSION.date), (market.bid + market.ask) / 2
    wanted = mid * (SPREAD_WITHOUT_FACT_BPS if stated is None else stated) / 10_000
    assert market.ask - market.bid == pytest.approx(max(wanted, tick), abs=tick / 2 + 1)


def test_the_spread_forecast_for_the_session_goes_before_the_stated_one() -> None:
    ahead = Forecast(figure="spread", date=DATE, value=30.0, model="usual level", window="w", n=20, made="2018-02-07")
    for given, spread_bps in ((ahead, 30.0), (msgspec.structs.replace(ahead, made=DATE), SPREAD_WITHOUT_FACT_BPS)):
        market = close_as_market(msgspec.structs.replace(instrument(), spread_bps=None, forecasts=(given,)), SESSION)
        assert 20_000 * (market.ask - market.bid) / (market.ask + market.bid) == pytest.approx(spread_bps, abs=0.6)


@pytest.mark.parametrize("symbol", [one.symbol for one in REFERENCE.instruments][::9])
def test_quote_of_every_close_is_on_the_tick_and_not_crossed(symbol: str) -> None:
    market = close_as_market(instrument(symbol), SESSION)
    tick = tick_at(instrument(symbol), market.bid, SESSION.date)
    assert (market.bid % tick, market.ask % tick) == (0, 0)
    assert 0 < market.bid < market.ask


def test_instrument_without_a_close_has_no_plan() -> None:
    nameless = msgspec.structs.replace(instrument(), close=None)
    with pytest.raises(PlanError) as refused:
        close_as_market(nameless, SESSION)
    assert refused.value.code == "no_price"


def test_small_order_is_planned_and_not_held() -> None:
    found = seen(order(1))
    assert found.plan is not None
    assert found.order is not None
    assert (found.held_by, found.stopped_by) == ((), ())
    assert len(found.plan_digest) == 64


def test_large_order_is_planned_and_says_which_rule_would_hold_it() -> None:
    found = seen(order(1, qty=400_000))
    assert found.plan is not None
    assert [rule.code.split(":")[0] for rule in found.held_by] == ["E-RM-1"] * len(found.held_by)
    assert found.held_by


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (order(1, qty=10**9), "order_value"),
        (order(1, symbol="NOSUCH"), "unknown_symbol"),
        (order(1, qty=0), "bad_quantity"),
        (msgspec.structs.replace(order(1), principal="nobody"), "unknown_principal"),
        (msgspec.structs.replace(order(1), account="ELSEWHERE"), "account_not_entitled"),
    ],
)
def test_order_that_would_be_stopped_has_reasons_and_no_plan(command: NewOrder, code: str) -> None:
    found = seen(command)
    assert found.plan is None
    assert found.stopped_by
    assert code in {failed.code for failed in found.stopped_by}


def test_conditions_call_the_last_close_what_it_is() -> None:
    plan = seen(order(1, strategy=Strategy.VWAP)).plan
    assert plan is not None
    told = {each.name: each for each in plan.conditions}
    for name in ("quote", "spread"):
        assert told[name].as_of == "2018-02-07"
        assert "last close" in told[name].source
        assert "no market was asked" in told[name].source


def test_preview_of_the_same_order_is_the_same() -> None:
    assert seen(order(1)) == seen(order(1))


def test_preview_has_no_venue_to_send_to() -> None:
    system = build_system(Config(), REFERENCE, CALENDAR, ())
    before = system.digest()
    seen(order(1))
    assert system.digest() == before
    assert seen(order(1)).market.venues == ()


def test_units_of_the_quote_are_the_instruments() -> None:
    market, close = close_as_market(instrument(), SESSION), known(instrument().close)
    assert market.last_px == parse_decimal_px(str(close), instrument().price_scale)
