"""What forecasts say of an order's sessions, against the averages the plan would rest on without them.

Volume is kept as a multiple of ADV, so that impact models still measure an order by ADV while participation, schedules
and completion count with what the session is expected to trade. Volatility is kept as a multiple of the order's own
variance, so that a plan over several sessions puts each one's risk where it is. A session without a forecast counts as
an average one.

Only what was known before the order's first session, and before the day it is planned on, counts: a forecast made with
that day or a later one is hindsight.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.forecast import FIGURES, VOLATILITY, VOLUME, Forecast
from sottovoce.core.orders import ParentOrder
from sottovoce.core.ports import Session

HINDSIGHT = "the {figure} forecast for {date} is not used: it was made with {made}, not before {first}"
ELSEWHERE = "the {figure} forecast for {date} is not used: the order trades on {days}"


class Ahead(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Sessions that are not average ones, by ISO date: volume as a multiple of ADV, variance as a multiple of the
    facts' own, and (standard deviation, middle) of the error of the volume forecast. usual_variance: of any other.
    """

    volumes: dict[str, float] = {}
    variances: dict[str, float] = {}
    volume_errors: dict[str, tuple[float, float]] = {}
    usual_variance: float = 1.0

    def volume(self, date: str) -> float:
        """Expected volume of a session, multiples of ADV."""
        return self.volumes.get(date, 1.0)

    def variance(self, date: str) -> float:
        """Expected variance of a session, multiples of the facts' sigma_daily squared."""
        return self.variances.get(date, self.usual_variance)


AVERAGE = Ahead()


class Known(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The forecasts that may be used, and why others are not. used: of the order's sessions, in their order."""

    by_figure: dict[str, dict[str, Forecast]] = {}
    used: tuple[Forecast, ...] = ()
    flags: tuple[str, ...] = ()

    def values(self, figure: str) -> dict[str, float]:
        """Forecasts of a figure by session."""
        return {date: each.value for date, each in self.by_figure.get(figure, {}).items()}

    def mean(self, figure: str) -> float | None:
        """What stands for an average nobody has given, of the order's sessions; None without a forecast of them."""
        values = [each.value for each in self.used if each.figure == figure]
        return sum(values) / len(values) if values else None


NOTHING = Known()


def known_forecasts(forecasts: Sequence[Forecast], sessions: Sequence[Session], today: str = "") -> Known:
    """Sort an instrument's forecasts into those of the order's sessions, or later ones, and those of no use to it.

    today: ISO date of the moment of planning; what was made with that day's close is not known yet, however late the
    order begins. Empty: the first session's.
    """
    if not forecasts:
        return NOTHING
    dates = [each.date for each in sessions]
    first = min(dates[0], today or dates[0])
    found: dict[str, dict[str, Forecast]] = {each: {} for each in FIGURES}
    for each in forecasts:
        if each.date >= dates[0] and each.made < first:
            found[each.figure][each.date] = each
    used = tuple(found[figure][date] for figure in FIGURES for date in dates if date in found[figure])
    return Known(by_figure=found, used=used, flags=tuple(_unused(forecasts, found, dates, first)))


def _unused(
    forecasts: Sequence[Forecast], found: dict[str, dict[str, Forecast]], dates: list[str], first: str
) -> list[str]:
    """A sentence for each forecast that looks at its own day, and for each figure with none for the order."""
    flags = []
    for figure in FIGURES:
        given = [each for each in forecasts if each.figure == figure]
        late = [each for each in given if each.date in dates and each.made >= first]
        flags += [HINDSIGHT.format(figure=figure, date=e.date, made=e.made, first=first) for e in late]
        if given and not late and not any(date in found[figure] for date in dates):
            days = dates[0] if len(dates) == 1 else f"{dates[0]} to {dates[-1]}"
            latest = max(each.date for each in given)
            flags.append(ELSEWHERE.format(figure=figure, date=latest, days=days))
    return flags


def ahead_of(known: Known, adv: float | None, sigma: float | None, usual_sigma: float | None) -> Ahead:
    """Sessions against the averages. sigma: of the order, which usual_sigma is measured by too."""
    if not known.used:
        return AVERAGE
    volumes, sigmas = known.values(VOLUME), known.values(VOLATILITY)
    stated = known.by_figure[VOLUME].items()
    return Ahead(
        volumes={} if not adv else {date: value / adv for date, value in volumes.items()},
        variances={} if not sigma else {date: (value / sigma) ** 2 for date, value in sigmas.items()},
        volume_errors={date: (each.log_sd, each.middle) for date, each in stated if each.log_sd is not None},
        usual_variance=1.0 if not sigma or not usual_sigma else (usual_sigma / sigma) ** 2,
    )


def sigma_over(known: Known, usual: float, order: ParentOrder, sessions: Sequence[Session]) -> float:
    """Volatility of a day of the order: root mean square over its sessions, by the time it has in each.

    usual: of a session without a forecast.
    """
    sigmas = known.values(VOLATILITY)
    each = [sigmas.get(session.date, usual) for session in sessions]
    if min(each) == max(each):
        return each[0]
    spans = [min(order.end_ns, one.close_ns) - max(order.start_ns, one.open_ns) for one in sessions]
    return float((sum(s * s * span for s, span in zip(each, spans, strict=True)) / sum(spans)) ** 0.5)
