"""Special days in words: the rule in use, what gains, what does not, and what a forecast cannot know."""

from __future__ import annotations

from sottovoce.models.day_kinds import GAINING
from tools.docs_pages.tables import table
from tools.forecast_study.special_day_gain import (
    AFTERWARDS,
    EARLY,
    EVERY_DAY,
    EXPIRIES,
    IN_USE,
    MEDIANS,
    NONE,
    WITH_WEEKDAYS,
    Gain,
    SpecialDays,
)

HEAD = ("treatment", "against", "days", "name-days", "difference", "95 % interval", "verdict")
KINDS = ("kind, alone", "name-days", "difference on its days", "95 % interval", "verdict")


def special_sections(special: SpecialDays) -> tuple[str, ...]:
    """Heading, what was found, and both tables, in Markdown."""
    return (
        "## Special days",
        " ".join(conclusions(special)),
        table(HEAD, [_row(each) for each in special.treatments]),
        table(KINDS, [_kind(each) for each in special.kinds]),
    )


def conclusions(special: SpecialDays) -> tuple[str, ...]:
    """What the lines say, a sentence or two each."""
    return (
        f"Paired log errors of {special.model} over names and days, less is better; kinds are told from the calendar "
        "alone, and an effect is learned from days before the one forecast.",
        f"In use: a mean of past days of the kind, for {', '.join(GAINING)}; "
        f"{_said(special, IN_USE, NONE)} against none, {_said(special, IN_USE, EXPIRIES)} against expiries and half "
        "days alone.",
        f"The median of the last twelve events instead of the mean: {_said(special, MEDIANS, IN_USE)}, so the mean "
        f"stays. A weekday term: {_said(special, WITH_WEEKDAYS, IN_USE)}, so it is off.",
        f"Dates of results are those of filings, known only afterwards: worth {_said(special, AFTERWARDS, IN_USE)} to "
        "who would have known them; no other line uses them.",
        f"Kinds were kept on the evidence of these same days. The first two years alone would have kept "
        f"{', '.join(special.early)}; on the days after that is {_figures(_later(special))} against expiries and half "
        "days. Intervals are each line's own, not corrected for their number.",
    )


def line(special: SpecialDays, treatment: str, against: str) -> Gain:
    """The line of a pair on all days."""
    return next(
        each
        for each in special.treatments
        if (each.treatment, each.against, each.days) == (treatment, against, EVERY_DAY)
    )


def _later(special: SpecialDays) -> Gain:
    return next(each for each in special.treatments if each.treatment == EARLY)


def _said(special: SpecialDays, treatment: str, against: str) -> str:
    return _figures(line(special, treatment, against))


def _figures(found: Gain) -> str:
    figures = f"{found.difference:+.4f} ({found.low:+.4f} to {found.high:+.4f}"
    return figures.replace("-", "−") + f", {found.verdict})"


def _row(each: Gain) -> tuple[str, ...]:
    figures = f"{each.difference:+.4f}", f"{each.low:+.4f} to {each.high:+.4f}"
    return each.treatment, each.against, each.days, f"{each.n:,}", *figures, each.verdict


def _kind(each: Gain) -> tuple[str, ...]:
    figures = f"{each.difference:+.4f}", f"{each.low:+.4f} to {each.high:+.4f}"
    return each.treatment, f"{each.n:,}", *figures, each.verdict
