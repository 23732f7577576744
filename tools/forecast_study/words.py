"""The report in words and tables: what is better, what is not, and on how much evidence."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.forecasts.daily import Compared
from sottovoce.analytics.forecasts.intraday import IntradayCompared
from tools.docs_pages.tables import table
from tools.forecast_study import coverages
from tools.forecast_study.special_words import special_sections
from tools.forecast_study.study import DAYS, TRAIN_DAYS, Study
from tools.forecast_study.tapes import TapeDay

HEAD = ("model", "measure", "error", "less the benchmark", "95 % interval", "verdict")
WITHIN = ("model", "kind", "MAPE", "less the rolling mean", "95 % interval", "p", "days")
HELD = "How often what happened lay within an 80 % interval, with the 95 % interval of that over days and names."
TAPES = ("name", "day", "mean error of a half hour's share", "error of the day's total")


def page(found: Study) -> str:
    """The whole report."""
    measures = len({each.measure for each in found.daily})
    choices = ", ".join(f"{model.replace('_', ' ')} for {count}" for model, count in found.choices.items())
    return "\n\n".join(
        (
            "# Forecasts, out of sample",
            f"Daily volume: {found.names} names, {found.days:,} days, {found.odd} rows of the vendor that cannot be "
            f"true left out. Every forecast uses the days before it alone; {measures} measures; differences are paired "
            f"over names and days ({found.daily[0].n:,} pairs), their intervals count blocks of 21 days and names.",
            table(HEAD, [compared_row(each) for each in found.daily]),
            "## Chosen for each name",
            f"Chosen on two years, judged on the days after: {choices}. " + chosen_words(found.judged),
            table(HEAD, [compared_row(each) for each in found.judged if each.measure == "log"]),
            *special_sections(found.special),
            "## Volatility",
            "QLIKE of the next day's close-to-close variance, less is better; the benchmark is the 20-day variance.",
            table(HEAD, [compared_row(each) for each in found.volatility]),
            "## Volume within the day",
            f"On {DAYS - TRAIN_DAYS} days of the published model's own generator (26 bins), fitted on {TRAIN_DAYS} "
            "before; mean absolute percentage error, paired over days.",
            table(WITHIN, [within_row(each) for each in found.intraday]),
            "## Intervals",
            HELD,
            table(coverages.HEAD, [coverages.row(each) for each in found.held]),
            "## Recorded tapes, as an illustration",
            f"A day's half-hour shares and total against the day before's, n = {len(found.tapes)} days: too few to "
            "rank anything.",
            table(TAPES, [_tape(each) for each in found.tapes]),
            "",
        )
    )


def within_row(each: IntradayCompared) -> tuple[str, ...]:
    """A model's line under WITHIN."""
    interval = f"{each.low:+.3f} to {each.high:+.3f}"
    figures = f"{each.mape:.3f}", f"{each.difference:+.3f}", interval, f"{each.p:.1e}"
    return each.model, each.kind, *figures, str(each.days)


def _tape(each: TapeDay) -> tuple[str, ...]:
    return each.symbol, each.day, f"{each.share_error:.4f}", f"{each.total_error:.1%}"


def compared_row(each: Compared) -> tuple[str, ...]:
    """A model's line under HEAD."""
    interval = f"{each.low:+.4f} to {each.high:+.4f}"
    model = each.model.replace("_", " ")
    verdict = "benchmark" if each.difference == each.low == each.high == 0 else each.verdict
    return model, each.measure, f"{each.error:.4f}", f"{each.difference:+.4f}", interval, verdict


def chosen_words(judged: Sequence[Compared]) -> str:
    """Whether choosing by name is worth it against the best single model."""
    logs = {each.model: each.error for each in judged if each.measure == "log"}
    single = min((model for model in logs if model != "chosen"), key=lambda model: logs[model])
    apart = logs["chosen"] - logs[single]
    said = "no better than" if apart >= 0 else "better than"
    return f"Choosing is {said} the best single model, {single.replace('_', ' ')} ({apart:+.4f} in log error)."
