"""`sottovoce forecast …`: volume, volatility, spread and depth of tomorrow, from a history of your own."""

from __future__ import annotations

from datetime import date, timedelta
from math import isnan
from pathlib import Path
from typing import Annotated, Literal

import cyclopts

from sottovoce.apps.forecast_files import keep, keep_spread
from sottovoce.apps.model_output import show
from sottovoce.apps.numbers_in import attempted, numbers
from sottovoce.core.errors import ModelError

app = cyclopts.App(name="forecast", help="Forecasts from a history of your own, with their intervals.")

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]
VolumeModel = Literal["chosen", "rolling-mean", "geometric-mean", "arma", "kalman"]
VolatilityModel = Literal["rolling", "ewma", "range", "regime"]
Z_80 = 1.281552
SATURDAY = 5


@app.command
def volume(history: Path, *, model: VolumeModel = "chosen", save: Path | None = None, as_json: Json = False) -> None:
    """The next day's volume of every name in the file.

    Args:
        history: CSV or Parquet with columns date, symbol, volume (shares); a row for each day and name.
        model: chosen takes, for each name, what its own past speaks for; the rolling mean where nothing does.
        save: also keep the forecasts in this .json file, beside those it has, for `plan` and `run` with --forecasts.
        as_json: one JSON object on standard output.

    Example:
        sottovoce forecast volume examples/daily_history.csv --model arma
    """
    import numpy as np

    from sottovoce.analytics.forecasts.choosing import daily_forecasts
    from sottovoce.analytics.forecasts.histories import read_history

    past = read_history(history, "symbol", ("volume",))
    volumes = past.tables["volume"]
    days = _days_and_next(past.days)
    ahead = attempted(lambda: daily_forecasts(volumes, days, model.replace("-", "_")))
    reach = np.exp(Z_80 * ahead.spread)
    columns = {
        "symbol": list(past.columns),
        "expected_shares": _figures(ahead.mean),
        "low_80": _figures(ahead.median / reach),
        "high_80": _figures(ahead.median * reach),
        "model": list(ahead.models),
        "days": [int(n) for n in (volumes > 0).sum(axis=0)],
    }
    figures = {"day": str(days[-1])} | keep(save, "volume", past.days, columns)
    show(f"Volume on {days[-1]}, if that is the next session", figures, as_json, columns)


@app.command
def intraday(history: Path, *, printed_shares: str = "", outlier_sd: float = 3.0, as_json: Json = False) -> None:
    """Volume of the bins still to come today, as those printed so far have it (state space in logs).

    Args:
        history: CSV or Parquet with columns date, bin (numbers, or times as 09:30), volume (shares).
        printed_shares: volume of today's bins so far, as 12000,8000; none before the open.
        outlier_sd: standard deviations beyond which the rest of a surprise is taken for an outlier.
        as_json: one JSON object on standard output.

    Example:
        sottovoce forecast intraday examples/intraday_history.csv --printed-shares 60000,41000,30000
    """
    import numpy as np

    from sottovoce.analytics.forecasts.histories import read_history
    from sottovoce.models.intraday_ahead import rest_of_day
    from sottovoce.models.intraday_volume import fit_state_space

    past = read_history(history, "bin", ("volume",))
    today = np.array(numbers(printed_shares, "--printed-shares") if printed_shares else ())
    model = attempted(lambda: fit_state_space(past.tables["volume"], outlier=outlier_sd))
    ahead = attempted(lambda: rest_of_day(model, past.tables["volume"], today))
    done = float(today.sum())
    figures = {
        "printed_shares": done,
        "rest_of_day_shares": ahead.whole_median,
        "rest_low_80": ahead.whole_low,
        "rest_high_80": ahead.whole_high,
        "day_shares": done + ahead.whole_median,
        "days": len(past.days),
    }
    columns = {
        "bin": list(past.columns[len(today) :]),
        "expected_shares": _figures(ahead.median),
        "low_80": _figures(ahead.low),
        "high_80": _figures(ahead.high),
    }
    show(f"The rest of the day after {len(today)} bins", figures, as_json, columns)


@app.command
def auction(history: Path, *, multiplier: float = 1.0, quantity: float | None = None, as_json: Json = False) -> None:
    """Volume of the closing auction, and how much of an order may go there.

    Args:
        history: CSV or Parquet with columns date, symbol, volume (shares in the closing auction).
        multiplier: what a special day (an expiry) multiplies it by.
        quantity: shares of an order, to see how many the rule of thumb sends to the auction.
        as_json: one JSON object on standard output.

    Example:
        sottovoce forecast auction examples/auction_history.csv --quantity 50000
    """
    from sottovoce.analytics.forecasts.histories import read_history
    from sottovoce.models.auction_volume import auction_quantity, closing_auction

    past = read_history(history, "symbol", ("volume",))
    found = [
        attempted(lambda column=column: closing_auction(column, multiplier))  # type: ignore[misc]
        for column in past.tables["volume"].T
    ]
    columns: dict[str, object] = {
        "symbol": list(past.columns),
        "expected_shares": [each.shares for each in found],
        "low_80": [each.low for each in found],
        "high_80": [each.high for each in found],
        "days": [each.days for each in found],
    }
    if quantity is not None:
        shares = quantity
        columns["auction_shares"] = [attempted(lambda at=at: auction_quantity(at.shares, shares)) for at in found]  # type: ignore[misc]
    show(f"Closing auction after {past.days[-1]}", {}, as_json, columns)


@app.command
def volatility(
    history: Path, *, model: VolatilityModel = "regime", save: Path | None = None, as_json: Json = False
) -> None:
    """The next day's volatility of every name, close to close, and between which ends the day's range will put it.

    The interval comes from how the model missed the range of the days before, so it has the noise of a range in it; it
    is left open where fewer than 20 days can be compared.

    Args:
        history: CSV or Parquet with columns date, symbol, open, high, low, close (prices adjusted for splits).
        model: rolling (20 days), ewma, range (Garman and Klass, weighted), or regime (two states).
        save: also keep the forecasts in this .json file, beside those it has, for `plan` and `run` with --forecasts.
        as_json: one JSON object on standard output.

    Example:
        sottovoce forecast volatility examples/daily_history.csv --model ewma
    """
    import numpy as np

    from sottovoce.analytics.forecasts.choosing import volatility_ahead
    from sottovoce.analytics.forecasts.histories import read_history

    past = read_history(history, "symbol", ("open", "high", "low", "close"))
    tables = past.tables
    ahead = attempted(lambda: volatility_ahead(tables["open"], tables["high"], tables["low"], tables["close"], model))
    columns = {
        "symbol": list(past.columns),
        "sigma_daily": _figures(ahead.daily),
        "low_80": _known(ahead.interval.low),
        "high_80": _known(ahead.interval.high),
        "misses": list(ahead.interval.n),
        "sigma_annual": _figures(ahead.daily * np.sqrt(252.0)),
        "days": [int(n) for n in (~np.isnan(tables["close"])).sum(axis=0)],
    }
    figures = {"model": model} | keep(save, "volatility", past.days, columns, model)
    show(f"Volatility of the session after {past.days[-1]}, {model}", figures, as_json, columns)


@app.command
def liquidity(
    history: Path, *, column: str = "spread_bps", weight: float = 0.9, save: Path | None = None, symbol: str = "",
    as_json: Json = False,
) -> None:  # fmt: skip
    """Spread, or depth, to expect at each time of the next day.

    Args:
        history: CSV or Parquet with columns date, bin, and the one named by --column, time-weighted.
        column: which figure to forecast, such as spread_bps or depth_shares.
        weight: what a day counts a day later.
        save: also keep the day's mean spread in this .json file, for `plan` and `run` with --forecasts.
        symbol: whose history it is; needed to save.
        as_json: one JSON object on standard output.

    Example:
        sottovoce forecast liquidity examples/intraday_history.csv --column spread_bps
    """
    import numpy as np

    from sottovoce.analytics.forecasts.histories import read_history
    from sottovoce.models.usual_liquidity import usual_level

    past = read_history(history, "bin", (column,))
    seen = np.where(past.tables[column] > 0, past.tables[column], np.nan)
    level = attempted(lambda: usual_level(seen, weight))
    columns = {
        "bin": list(past.columns),
        "expected": list(level.middle),
        "low_80": list(level.low),
        "high_80": list(level.high),
    }
    figures = {"days": level.days} | keep_spread(save, symbol, column, past.days, level)
    show(f"{column} of the session after {past.days[-1]}", figures, as_json, columns)


def _days_and_next(written: tuple[str, ...]) -> list[date]:
    """The days of a history and the weekday after them. Raises ModelError, code bad_date."""
    try:
        days = [date.fromisoformat(str(day)[:10]) for day in written]
    except ValueError as error:
        raise ModelError(f"A day of the history is not a date like 2018-02-07: {error}.", code="bad_date") from None
    following = days[-1] + timedelta(days=1)
    while following.weekday() >= SATURDAY:
        following += timedelta(days=1)
    return [*days, following]


def _known(values: object) -> list[float | None]:
    """Figures, None where there is none."""
    return [None if isnan(each) else each for each in _figures(values)]


def _figures(values: object) -> list[float]:
    import numpy as np

    return [float(each) for each in np.asarray(values)]
