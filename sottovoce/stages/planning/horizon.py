"""When an order may trade: the sessions between its start and its end, cut into buckets.

Edges are nanoseconds UTC and skip the nights: a day's last edge is its close (or the order's end) and the
next edge is the next open, so that a curve over them is flat overnight. Three more clocks run along them: trading time
in nanoseconds, volume time in average days, which counts a session as what it is forecast to trade of ADV, and risk
time in days of the order's own variance. Without forecasts every session counts as one on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import msgspec
import numpy as np

from sottovoce.core.errors import PlanError
from sottovoce.core.ports import Session, TradingCalendar
from sottovoce.core.units import format_ns
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.schedule_curves import volume_time
from sottovoce.models.volume import VolumeCurve
from sottovoce.stages.planning.ahead import AVERAGE, Ahead


class Horizon(msgspec.Struct, frozen=True, kw_only=True):
    """Bucket edges and their clocks, all shape (n + 1,): edges_ns UTC, trading_ns since the first edge,
    volume_days, risk_days.

    volume_parts, shape (n,): each bucket's part of an average session's continuous volume. reaches_close: the last
    edge is the close of its session. sessions: those traded in; session_volumes: what each is expected to trade,
    multiples of ADV. volume_error: of a single session's volume forecast that states one, the standard deviation of its
    log error, and its middle as a multiple of what is expected.
    """

    edges_ns: IntArray
    trading_ns: IntArray
    volume_days: FloatArray
    risk_days: FloatArray
    volume_parts: FloatArray
    sessions: tuple[Session, ...]
    session_volumes: tuple[float, ...]
    reaches_close: bool
    volume_error: tuple[float, float] | None = None

    @property
    def start_ns(self) -> int:
        return int(self.edges_ns[0])

    @property
    def end_ns(self) -> int:
        return int(self.edges_ns[-1])

    @property
    def risk_pace(self) -> float:
        """Volatility of a day of volume time in that of a day of risk time."""
        return sqrt(float(self.risk_days[-1]) / float(self.volume_days[-1]))

    @property
    def mean_volume(self) -> float:
        """Expected volume of a session, multiples of ADV."""
        return sum(self.session_volumes) / len(self.session_volumes)


def sessions_between(
    calendar: TradingCalendar, start_ns: int, end_ns: int, days: int, sessions_max: int
) -> tuple[Session, ...]:
    """The sessions that overlap [start, end]; days is how many are expected.

    Raises: PlanError `empty_horizon`, `no_session`, `horizon_too_long`.
    """
    if end_ns <= start_ns:
        raise PlanError("The order ends before it starts; give it a later end.", code="empty_horizon")
    count = max(days, 1)
    found = calendar.sessions_from(start_ns, count)
    while found[-1].close_ns < end_ns and count < sessions_max:
        count = min(2 * count, sessions_max)
        found = calendar.sessions_from(start_ns, count)
    kept = tuple(each for each in found if each.open_ns < end_ns and each.close_ns > start_ns)
    if not kept:
        first = format_ns(found[0].open_ns, 0)
        raise PlanError(
            f"No session is open between the order's start and its end; the next opens {first}.",
            code="no_session",
        )
    if len(kept) == sessions_max and kept[-1].close_ns < end_ns:
        raise PlanError(
            f"The order runs over more than {sessions_max} sessions; split it or end it earlier.",
            code="horizon_too_long",
        )
    return kept


def bucketed(
    sessions: Sequence[Session], start_ns: int, end_ns: int, bucket_ns: int, curve: VolumeCurve, ahead: Ahead = AVERAGE
) -> Horizon:
    """Cut [start, end] into buckets aligned to each session's open. sessions: from sessions_between."""
    edges: list[int] = []
    days: list[int] = []
    of_day: list[int] = []
    length = curve.close_ns - curve.open_ns
    for day, session in enumerate(sessions):
        first, last = max(start_ns, session.open_ns), min(end_ns, session.close_ns)
        within = _edges_within(session, first, last, bucket_ns)
        edges += within
        days += [day] * len(within)
        span = session.close_ns - session.open_ns
        of_day += [curve.open_ns + (edge - session.open_ns) * length // span for edge in within]
    clock = volume_time(curve, np.array(days), np.array(of_day))
    edge_array, day_array = np.array(edges, dtype=np.int64), np.array(days)
    nights = np.diff(day_array) > 0
    steps = np.where(nights, 0, np.diff(edge_array))
    expected = tuple(ahead.volume(each.date) for each in sessions)
    volume_days = _paced(clock, day_array, expected)
    return Horizon(
        edges_ns=edge_array,
        trading_ns=np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(steps)]),
        volume_days=volume_days,
        risk_days=_paced(clock, day_array, tuple(ahead.variance(each.date) for each in sessions)),
        volume_parts=np.where(nights, 0.0, np.diff(volume_days)),
        sessions=tuple(sessions),
        session_volumes=expected,
        reaches_close=edges[-1] == sessions[-1].close_ns,
        volume_error=ahead.volume_errors.get(sessions[0].date) if len(sessions) == 1 else None,
    )


def _paced(clock: FloatArray, days: IntArray, pace: tuple[float, ...]) -> FloatArray:
    """A clock that runs at each session's own pace; a night has no length on it, as on the one it is made of."""
    if all(each == 1.0 for each in pace):
        return clock
    steps = np.diff(clock) * np.array(pace)[days[1:]]
    return np.concatenate([np.zeros(1), np.cumsum(steps)])


def _edges_within(session: Session, first_ns: int, last_ns: int, bucket_ns: int) -> list[int]:
    ahead = session.open_ns + ((first_ns - session.open_ns) // bucket_ns + 1) * bucket_ns
    return [first_ns, *range(ahead, last_ns, bucket_ns), last_ns]


def thinned(horizon: Horizon, steps: int) -> Horizon:
    """The horizon in at most so many steps of about equal volume: some of its edges, its first and its last among them.

    Nights have no volume and fall inside a step, which is as long as its trading.
    """
    days = horizon.volume_days
    wanted = np.linspace(0.0, float(days[-1]), steps + 1)
    kept = np.unique(np.clip(np.searchsorted(days, wanted, side="left"), 0, days.size - 1))
    kept = kept[np.concatenate([[True], np.diff(days[kept]) > 0])]
    kept[0], kept[-1] = 0, days.size - 1
    return Horizon(
        edges_ns=horizon.edges_ns[kept],
        trading_ns=horizon.trading_ns[kept],
        volume_days=days[kept],
        risk_days=horizon.risk_days[kept],
        volume_parts=np.diff(days[kept]),
        sessions=horizon.sessions,
        session_volumes=horizon.session_volumes,
        reaches_close=horizon.reaches_close,
        volume_error=horizon.volume_error,
    )
