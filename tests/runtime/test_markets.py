"""Markets by name, and the sessions they cover."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.queues.market import QueueMarket
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated.market import SimulatedMarket
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.runtime.config import Config
from sottovoce.runtime.markets import config_for, open_market, sessions_for

CALENDAR = load_calendar()


def instrument(symbol: str) -> Instrument:
    found = load_shipped().resolve(symbol)
    assert found is not None
    return found


def test_sessions_start_on_the_date_and_skip_the_weekend() -> None:
    found = sessions_for(CALENDAR, "2018-02-08", 3)
    assert [session.date for session in found] == ["2018-02-08", "2018-02-09", "2018-02-12"]


@pytest.mark.parametrize(("date", "following"), [("2018-02-10", "2018-02-12"), ("2018-02-19", "2018-02-20")])
def test_day_without_trading_names_the_next_that_has_it(date: str, following: str) -> None:
    """A Saturday, and Washington's birthday."""
    with pytest.raises(NotFound) as refused:
        sessions_for(CALENDAR, date, 1)
    assert refused.value.code == "no_session"
    assert following in str(refused.value)


def test_sim_is_the_simulated_market() -> None:
    market = open_market("sim", [instrument("MSFT")], sessions_for(CALENDAR, "2018-02-08", 1), 7)
    assert isinstance(market, SimulatedMarket)
    assert len(market.venues()) == 8


@pytest.mark.parametrize(("name", "kind"), [("sim:agents", SimulatedMarket), ("sim:queues", QueueMarket)])
def test_generators_are_markets_by_name(name: str, kind: type[SimulatedMarket] | type[QueueMarket]) -> None:
    market = open_market(name, [instrument("MSFT")], sessions_for(CALENDAR, "2018-02-08", 1), 7)
    assert isinstance(market, kind)
    assert market.venues()


@pytest.mark.parametrize("name", ["", "SIM", "live", "tape", "sim:", "sim:zebras", "simulated"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        open_market(name, [instrument("MSFT")], sessions_for(CALENDAR, "2018-02-08", 1), 7)
    assert refused.value.code == "no_market"


def test_tape_takes_one_instrument(tmp_path: Path) -> None:
    sessions = sessions_for(CALENDAR, "2013-10-08", 1)
    with pytest.raises(ConfigError) as refused:
        open_market(f"tape:{tmp_path}", [instrument("MSFT"), instrument("IBM")], sessions, 7)
    assert refused.value.code == "tape_one_name"


def test_empty_tape_folder_has_no_days(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as refused:
        open_market(f"tape:{tmp_path}", [instrument("IBM")], sessions_for(CALENDAR, "2013-10-08", 1), 7)
    assert refused.value.code == "tape_day_missing"
    assert "none" in str(refused.value)


def test_simulated_market_is_planned_with_the_configured_curve() -> None:
    config = Config()
    assert config_for("sim", [instrument("MSFT")], CALENDAR, "2018-02-08", config) is config


def test_tape_without_an_earlier_day_keeps_the_configured_curve(market_data: Path) -> None:
    name, config = f"tape:{market_data / 'us_equity_taq_ticks'}", Config()
    assert config_for(name, [instrument("IBM")], CALENDAR, "2013-10-07", config) is config


def test_tape_is_planned_with_the_volume_of_earlier_days_only(market_data: Path) -> None:
    name = f"tape:{market_data / 'us_equity_taq_ticks'}"
    second = config_for(name, [instrument("IBM")], CALENDAR, "2013-10-08", Config())
    third = config_for(name, [instrument("IBM")], CALENDAR, "2013-10-09", Config())
    assert "2013-10-07" in second.planning.volume_curve.origin
    assert "2013-10-08" not in second.planning.volume_curve.origin
    assert "2013-10-08" in third.planning.volume_curve.origin
    assert second.planning.volume_curve != third.planning.volume_curve
