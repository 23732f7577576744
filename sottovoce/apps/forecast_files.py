"""`sottovoce forecast … --save FILE`: forecasts kept in a file that `plan --forecasts` and `run --forecasts` read.

One file holds the figures of many commands: saving again replaces a forecast of the same symbol, figure and session and
leaves the others. The file is replaced as a whole, so whoever reads it meanwhile sees the old one or the new one.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sottovoce.core.errors import ConfigError, ModelError
from sottovoce.core.forecast import SPREAD, VOLATILITY, VOLUME

if TYPE_CHECKING:
    from sottovoce.adapters.reference.forecasts import ForecastRow
    from sottovoce.models.usual_liquidity import UsualLevel

VALUES = {VOLUME: "expected_shares", VOLATILITY: "sigma_daily"}
"""The column of a command's answer that is the figure itself."""
SPREAD_COLUMN = "spread_bps"


def keep(
    path: Path | None, figure: str, days: Sequence[str], columns: Mapping[str, object], model: str = ""
) -> dict[str, object]:
    """Save a command's answer, one forecast for each symbol, for the session after the last day of its history.

    Args:
        path: the file; None saves nothing. figure: volume or volatility. days: ISO dates of the history.
        columns: the answer: symbol, the figure, days, and where there are any low_80, high_80 and model.
        model: of all symbols, where there is no column of it.
    Returns: what the answer says of it: the file, or nothing.
    """
    if path is None:
        return {}
    table: dict[str, list[Any]] = {name: list(each) for name, each in columns.items() if isinstance(each, Sequence)}
    rows = [
        {
            "symbol": symbol,
            "value": table[VALUES[figure]][at],
            "low": table["low_80"][at] if "low_80" in table else None,
            "high": table["high_80"][at] if "high_80" in table else None,
            "model": table["model"][at] if "model" in table else model,
            "n": table["days"][at],
        }
        for at, symbol in enumerate(table["symbol"])
    ]
    return _saved(path, figure, days, rows)


def keep_spread(
    path: Path | None, symbol: str, column: str, days: Sequence[str], level: UsualLevel
) -> dict[str, object]:
    """Save the mean over a day's bins of the spread expected in each, of one symbol.

    The interval is the mean of the bins' own: as wide as if a wide day were wide in all of them.
    Raises: ConfigError, code symbol_missing, or not_a_spread.
    """
    if path is None:
        return {}
    if not symbol:
        raise ConfigError("A saved spread is of one name; give --symbol.", code="symbol_missing")
    if column != SPREAD_COLUMN:
        sentence = f"Plans take a spread in bps, not {column}; forecast --column {SPREAD_COLUMN} to save it."
        raise ConfigError(sentence, code="not_a_spread")
    middle, low, high = (sum(bins) / len(bins) for bins in (level.middle, level.low, level.high))
    row = {"symbol": symbol, "value": middle, "low": low, "high": high, "model": "usual level", "n": level.days}
    return _saved(path, SPREAD, days, [row])


def _saved(path: Path, figure: str, days: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.adapters.reference.forecasts import ForecastRow

    first, last = (str(day)[:10] for day in (days[0], days[-1]))
    session = load_calendar().next_session(last).date
    try:
        made = [ForecastRow(figure=figure, date=session, made=last, window=f"{first} to {last}", **row) for row in rows]
    except ValueError as error:
        raise ModelError(f"The forecast cannot be saved: {error}.", code="not_a_forecast") from error
    note, held = _held(path)
    _write(path, note, _merged(held, made))
    return {"saved": str(path), "session": session}


def _held(path: Path) -> tuple[str, list[ForecastRow]]:
    """The note and the rows of the file; nothing where there is none."""
    from sottovoce.adapters.reference.forecasts import note_of, read_forecasts_json

    if path.suffix.lower() != ".json":
        raise ConfigError(f"{path.name}: forecasts are saved as .json; name such a file.", code="not_json")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "", []
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.", code="forecasts_unreadable") from error
    return note_of(data, path.name), [row for _, row in read_forecasts_json(data, path.name)]


def _merged(held: Sequence[ForecastRow], made: Sequence[ForecastRow]) -> list[ForecastRow]:
    """The rows, the new ones in place of old ones of the same name, however the name is spelled."""
    from sottovoce.adapters.reference.store import load_shipped

    master = load_shipped()

    def name(row: ForecastRow) -> str:
        known = master.resolve(row.symbol)
        return row.symbol if known is None else known.instrument_id

    rows = {(name(row), row.figure, row.date): row for row in (*held, *made)}
    return [rows[key] for key in sorted(rows)]


def _write(path: Path, note: str, rows: Sequence[ForecastRow]) -> None:
    """The rows, one a line; the file is the old one until the new one is whole."""
    import msgspec

    lines = ",\n  ".join(msgspec.json.encode(row).decode() for row in rows)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            said = f', "note": {msgspec.json.encode(note).decode()}' if note else ""
            file.write(f'{{"forecasts": [\n  {lines}\n]{said}}}\n')
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"cannot write {path}: {error.strerror}.", code="forecasts_unwritable") from error
