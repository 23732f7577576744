"""`orders:FILE`: an order feed as a market to trade on, and what cannot be one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.feeds.faults import FeedFault
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.models.happenings import EVERY_NAME, TradingHalt
from sottovoce.runtime.markets import open_market, sessions_for
from tests.adapters.feeds.itch_maker import framed, small_day
from tests.adapters.feeds.lobster_maker import csv
from tests.apps.commanding import ask

CALENDAR = load_calendar()
SESSIONS = sessions_for(CALENDAR, "2012-06-21", 1)
SECOND_NS = 1_000_000_000


def instrument(symbol: str) -> Instrument:
    found = load_shipped().resolve(symbol)
    assert found is not None
    return found


@pytest.fixture
def lobster(tmp_path: Path) -> Path:
    path = tmp_path / "messages.csv"
    path.write_bytes(csv())
    return path


def test_the_book_of_the_file_is_the_market(lobster: Path) -> None:
    market = open_market(f"orders:{lobster}", [instrument("AAPL")], SESSIONS, 7)
    market.advance(SESSIONS[0].open_ns + SECOND_NS // 5)
    state = market.states()["AAPL.US"]
    assert (state.bid, state.bid_size) == (99_990_000, 400)
    assert (state.ask, state.ask_size) == (100_010_000, 200)
    market.advance(SESSIONS[0].open_ns + SECOND_NS)
    assert np.asarray(market.tape("AAPL.US").trade_qty).tolist()[:2] == [100, 70]


def test_an_itch_file_must_know_the_stock(tmp_path: Path) -> None:
    path = tmp_path / "day.itch"
    path.write_bytes(framed(small_day()))
    with pytest.raises(FeedFault, match="AAPL"):
        open_market(f"orders:{path}", [instrument("AAPL")], SESSIONS, 7).advance(SESSIONS[0].close_ns)


@pytest.mark.parametrize(
    ("symbols", "dates", "code"), [(("AAPL", "IBM"), 1, "orders_one_name"), (("AAPL",), 2, "orders_one_day")]
)
def test_more_than_one_name_or_day_is_refused(lobster: Path, symbols: tuple[str, ...], dates: int, code: str) -> None:
    names, sessions = [instrument(symbol) for symbol in symbols], sessions_for(CALENDAR, "2012-06-21", dates)
    with pytest.raises(ConfigError) as refused:
        open_market(f"orders:{lobster}", names, sessions, 7)
    assert refused.value.code == code


def test_nothing_can_be_made_to_happen_on_a_record(lobster: Path) -> None:
    halt = TradingHalt(instrument_id=EVERY_NAME, at_ns=SESSIONS[0].open_ns + SECOND_NS, duration_ns=SECOND_NS)
    with pytest.raises(ConfigError) as refused:
        open_market(f"orders:{lobster}", [instrument("AAPL")], SESSIONS, 7, [halt])
    assert refused.value.code == "tape_events"


def test_a_missing_file_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_market(f"orders:{tmp_path / 'none.csv'}", [instrument("AAPL")], SESSIONS, 7)


def test_an_order_is_worked_on_the_real_hour(market_data: Path) -> None:
    file = market_data / "lobster_nasdaq_itch" / "AAPL_2012-06-21_0930-1030_message_50.parquet"
    order = "Buy 3,000 AAPL TWAP over the next 30 minutes"
    answer = ask("run", order, "--market", f"orders:{file}", "--date", "2012-06-21", "--json")
    assert (answer.code, answer.err) == (0, "")
    (worked,) = answer.json()["orders"]
    assert (worked["status"], worked["filled"]) == ("done", 3_000)
