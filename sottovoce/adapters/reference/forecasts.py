"""A file of forecasts, laid over instruments that are known: `sottovoce forecast … --save` writes one.

    {"forecasts": [
      {"symbol": "AAPL US", "figure": "volume", "date": "2018-02-08", "value": 61000000, "low": 42000000,
       "high": 83000000, "model": "arma", "window": "2017-01-03 to 2018-02-07", "n": 276, "made": "2018-02-07"},
      …]}

or the same names as the columns of a CSV. Figures, units and what cannot be are in core/forecast.py. A file is taken
whole or not at all; an instrument nobody has loaded is an error, since a forecast brings no ticks and lots.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.adapters.reference.faults import fault, text_of
from sottovoce.adapters.reference.json_lines import field_and_why, read_document, read_rows
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.forecast import Forecast
from sottovoce.core.instrument import Instrument

FORECASTS = "forecasts"


class ForecastRow(Forecast, frozen=True, kw_only=True):
    """A forecast with the symbol it is of, as people write it."""

    symbol: str

    def forecast(self) -> Forecast:
        """The forecast alone."""
        return Forecast(**{name: getattr(self, name) for name in Forecast.__struct_fields__})


class ForecastDocument(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole file in JSON; rows stay raw until each is read on its own, so an error can name its line."""

    forecasts: list[msgspec.Raw]
    note: str = ""


Rows = Sequence[tuple[int, ForecastRow]]


def read_forecasts_json(data: bytes, file: str) -> Rows:
    """Rows with their lines. Raises: MalformedMessage, code reference_json or reference_field."""
    data = text_of(data, file, "reference_json").encode()
    document = read_document(data, ForecastDocument, file)
    return read_rows(data, FORECASTS, document.forecasts, ForecastRow, file)


def note_of(data: bytes, file: str) -> str:
    """What a JSON file says of itself. Raises as read_forecasts_json."""
    return read_document(text_of(data, file, "reference_json").encode(), ForecastDocument, file).note


def read_forecasts_csv(data: bytes, file: str) -> Rows:
    """Rows with their lines; an empty cell is not given. Raises: MalformedMessage, reference_csv or reference_field."""
    reader = csv.reader(io.StringIO(text_of(data, file, "reference_csv"), newline=""), strict=True)
    rows = []
    try:
        header = [name.strip() for name in next(reader, [])]
        for cells in reader:
            if cells:
                rows.append((reader.line_num, _of_cells(header, cells, file, reader.line_num)))
    except csv.Error as error:
        raise fault(file, reader.line_num, "", f"not valid CSV ({error})", "reference_csv") from error
    return rows


def _of_cells(header: list[str], cells: list[str], file: str, line: int) -> ForecastRow:
    if len(cells) != len(header) or len(set(header)) != len(header):
        why = f"{len(cells)} cells where the header has {len(set(header))} different columns"
        raise fault(file, line, "", why, "reference_csv")
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
    try:
        return msgspec.convert(given, ForecastRow, strict=False)
    except msgspec.ValidationError as error:
        field, why = field_and_why(str(error))
        raise fault(file, line, field, why, "reference_field") from error


def laid_over(version: ReferenceVersion, rows: Rows, file: str) -> dict[str, Instrument]:
    """The instruments of a version that the rows are of, with those forecasts in place of older ones of the same
    session; by id.

    Raises: MalformedMessage, code forecast_symbol, naming the nearest symbols; forecast_twice.
    """
    found: dict[str, dict[tuple[str, str], Forecast]] = {}
    lines: dict[tuple[str, str, str], int] = {}
    for line, row in rows:
        instrument = version.resolve(row.symbol)
        if instrument is None:
            near = ", ".join(version.suggest(row.symbol))
            hint = f"near it are {near}" if near else "load the instrument first"
            raise fault(
                file, line, "symbol", f"{row.symbol[:40]!r} is not a known instrument; {hint}", "forecast_symbol"
            )
        key = (instrument.instrument_id, row.figure, row.date)
        if key in lines:
            why = f"the {row.figure} of {row.symbol} on {row.date} is on line {lines[key]} already"
            raise fault(file, line, "figure", why, "forecast_twice")
        lines[key] = line
        held = found.setdefault(instrument.instrument_id, _held(instrument))
        held[row.figure, row.date] = row.forecast()
    return {name: _with(version, name, held) for name, held in found.items()}


def _held(instrument: Instrument) -> dict[tuple[str, str], Forecast]:
    return {(each.figure, each.date): each for each in instrument.forecasts}


def _with(version: ReferenceVersion, name: str, held: Mapping[tuple[str, str], Forecast]) -> Instrument:
    instrument = version.get(name)
    assert instrument is not None, "resolve found it"
    forecasts = tuple(held[key] for key in sorted(held))
    return msgspec.structs.replace(instrument, forecasts=forecasts)
