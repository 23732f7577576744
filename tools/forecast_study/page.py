"""The report as one self-contained page: what is better in charts with their intervals, then two examples, then tapes.

The page is laid out by report.html.j2; the charts' inks follow its light or dark theme. The same figures give the same
bytes: nothing on it says when it was made.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sottovoce.analytics.reports.chart_svg import svg
from sottovoce.models.day_kinds import WEEKDAYS
from tools.forecast_study import coverages, example_pictures, special_words
from tools.forecast_study.pictures import difference_forest, gain_forest
from tools.forecast_study.special_day_gain import EVERY_DAY
from tools.forecast_study.study import BEST, DAYS, TRAIN_DAYS, Study
from tools.forecast_study.words import HEAD, HELD, WITHIN, chosen_words, compared_row, within_row

if TYPE_CHECKING:
    from jinja2 import Template

OWN_DAYS = "difference in log error on the kind's own days (left of zero is better)"
TEMPLATE = Path(__file__).with_name("report.html.j2")


def html_page(found: Study) -> str:
    """The page; without the drawing library a sentence stands in each chart's place."""
    return _template().render(
        found=found,
        tiles=_tiles(found),
        charts=_charts(found),
        tapes=[(each, svg(example_pictures.tape_picture(each), f"ta{n}", _of(each.symbol, each.day)))
               for n, each in enumerate(found.tapes)],
        head=HEAD,
        daily=[compared_row(each) for each in found.daily],
        within_head=WITHIN,
        within=[within_row(each) for each in found.intraday],
        held_says=HELD,
        held_head=coverages.HEAD,
        held=[coverages.row(each) for each in found.held],
        special=special_words.conclusions(found.special),
        chosen=chosen_words(found.judged),
        example=found.daily_example,
        judged_days=DAYS - TRAIN_DAYS,
        train_days=TRAIN_DAYS,
        printed=found.intraday_example.printed,
    )  # fmt: skip


def _charts(found: Study) -> dict[str, str]:
    """Every chart by name, as SVG; what it says to who cannot see it stands beside it."""
    log = [each for each in found.daily if each.measure == "log"]
    everywhere = [each for each in found.special.treatments if each.days == EVERY_DAY]
    error = "log error of daily volume"
    drawn = {
        "daily": (difference_forest(log, error), f"Each model's {error} less the rolling mean's, with intervals"),
        "special": (gain_forest(everywhere, "difference in log error, all days (left of zero is better)", against=True),
                    "Treatments of special days against each other, with intervals"),
        "kinds": (gain_forest(found.special.kinds[: -len(WEEKDAYS)], OWN_DAYS),
                  "Each special kind of day alone against none, with intervals"),
        "weekdays": (gain_forest(found.special.kinds[-len(WEEKDAYS) :], OWN_DAYS),
                     "Each weekday alone against none, with intervals"),
        "example": (example_pictures.daily_picture(found.daily_example),
                    "Forecasts of one name's volume day by day, and what happened"),
        "intraday": (example_pictures.intraday_picture(found.intraday_example),
                     "A day's volume by bins, its curve before the open and after the update"),
        "volatility": (difference_forest(found.volatility, "QLIKE of daily variance"),
                       "Each model's QLIKE less the rolling variance's, with intervals"),
    }  # fmt: skip
    return {name: svg(spec, name, says) for name, (spec, says) in drawn.items()}


def _tiles(found: Study) -> list[tuple[str, str, str]]:
    """The figures that matter most: label, figure, what it rests on."""
    logs = {each.model: each for each in found.daily if each.measure == "log"}
    best, bench = logs[BEST], logs["rolling_mean"]
    volatility = min(found.volatility, key=lambda each: each.error)
    within = min((each for each in found.intraday if each.kind == "dynamic"), key=lambda each: each.mape)
    rolling = next(each for each in found.intraday if each.kind == "dynamic" and each.model == "rolling mean")
    return [
        ("Daily volume, log error", f"{best.error:.3f}", f"{BEST}; rolling mean {bench.error:.3f}"),
        ("Less the rolling mean", _signed(best.difference, 3), f"95 % {_interval(best.low, best.high, 3)}"),
        ("Within the day, MAPE", f"{within.mape:.1%}", f"{within.model}, updated; rolling mean {rolling.mape:.1%}"),
        ("Volatility, QLIKE", _signed(volatility.difference, 3),
         f"{volatility.model}; 95 % {_interval(volatility.low, volatility.high, 3)}"),
    ]  # fmt: skip


def _interval(low: float, high: float, places: int) -> str:
    return f"{_signed(low, places)} to {_signed(high, places)}"


def _signed(figure: float, places: int) -> str:
    return f"{figure:+.{places}f}".replace("-", "−")


def _of(symbol: str, day: str) -> str:
    return f"Half-hour shares of {symbol} on {day} and on the day before"


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE.read_text("utf-8"))
