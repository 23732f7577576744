"""Which three ways of working an order are worth costing, and which of them obeys the instruction.

Without a strategy the planner is free inside the order's window: volume-weighted all through, or an
arrival-price schedule of medium or high urgency. With one, the instruction stands and is always what is
recommended; beside it are the same strategy slower and faster (another end, another rate, another urgency),
so that the manager sees what another instruction would cost. Those two may need a change of the instruction.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.basket_events import ListCurve
from sottovoce.core.enums import Strategy, Urgency
from sottovoce.core.errors import PlanError
from sottovoce.core.orders import ParentOrder
from sottovoce.core.ports import Session, TradingCalendar
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.facts import Facts

SLOWER, BALANCED, FASTER = "slower", "balanced", "faster"
WITH_LIST = "with its list"
LADDER = (Urgency.LOW, Urgency.MEDIUM, Urgency.HIGH)
NAMES = (SLOWER, BALANCED, FASTER)
NEEDS_ADV = (Strategy.VWAP, Strategy.POV, Strategy.IS)
RATE_STEP = 1.5
RATE_MOST = 0.5


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One way to work the order. rate is POV's share of volume; urgency bends IS and sets what crosses.

    risk_price: what a bp of risk is worth to an IS schedule, None for its urgency's. shape: "power" or "event", of an
    IS schedule that is not Almgren and Chriss's. given: the curve itself, of a leg worked with its list.
    """

    name: str
    strategy: Strategy
    urgency: Urgency
    start_ns: int
    end_ns: int
    days: int
    rate: float = 0.0
    risk_price: float | None = None
    shape: str = ""
    given: ListCurve | None = None


def options_for(
    order: ParentOrder,
    facts: Facts,
    config: PlanningConfig,
    calendar: TradingCalendar,
    sessions: tuple[Session, ...],
) -> tuple[tuple[Option, ...], str | None]:
    """The options, slowest first, and the name of the one the instruction fixes (None: the planner may
    choose).

    Raises: PlanError `no_adv`, `no_sigma` where the strategy cannot do without the figure.
    """
    strategy = _workable(order.strategy, facts)
    if facts.adv is None or facts.sigma_daily is None:
        rate = (order.participation_ppm or config.participation_ppm) / 1e6 if strategy is Strategy.POV else 0.0
        return (_option(order, BALANCED, strategy or Strategy.TWAP, order.urgency, rate),), BALANCED
    if strategy is None:
        return _free(order), None
    if strategy is Strategy.IS:
        steps = (_option(order, name, strategy, each) for name, each in zip(NAMES, LADDER, strict=True))
        return tuple(steps), NAMES[LADDER.index(order.urgency)]
    if strategy is Strategy.POV:
        return _rates(order, config), BALANCED
    if strategy is Strategy.CLOSE:
        return _towards_close(order), SLOWER
    return _ends(order, strategy, calendar, sessions), BALANCED


def with_list(order: ParentOrder, given: ListCurve) -> Option:
    """The leg's part of its list's schedule."""
    return msgspec.structs.replace(_option(order, WITH_LIST, Strategy.IS, order.urgency), given=given)


def _workable(strategy: Strategy | None, facts: Facts) -> Strategy | None:
    if strategy is not None and facts.adv is None and strategy in NEEDS_ADV:
        raise PlanError(f"{strategy.value} needs an average daily volume and none is known.", code="no_adv")
    if facts.sigma_daily is None and strategy is Strategy.IS:
        raise PlanError("IS needs a daily volatility and none is known.", code="no_sigma")
    if facts.sigma_daily is None and facts.adv is not None and strategy is None:
        return Strategy.VWAP
    return strategy


def _option(order: ParentOrder, name: str, strategy: Strategy, urgency: Urgency, rate: float = 0.0) -> Option:
    return Option(
        name=name, strategy=strategy, urgency=urgency, rate=rate,
        start_ns=order.start_ns, end_ns=order.end_ns, days=order.days,
    )  # fmt: skip


def _free(order: ParentOrder) -> tuple[Option, ...]:
    return (
        _option(order, SLOWER, Strategy.VWAP, Urgency.LOW),
        _option(order, BALANCED, Strategy.IS, Urgency.MEDIUM),
        _option(order, FASTER, Strategy.IS, Urgency.HIGH),
    )


def _rates(order: ParentOrder, config: PlanningConfig) -> tuple[Option, ...]:
    rate = (order.participation_ppm or config.participation_ppm) / 1e6
    rates = (rate / RATE_STEP, rate, max(rate, min(rate * RATE_STEP, RATE_MOST)))
    return tuple(
        _option(order, name, Strategy.POV, urgency, each)
        for name, urgency, each in zip(NAMES, _around(order.urgency), rates, strict=True)
    )


def _towards_close(order: ParentOrder) -> tuple[Option, ...]:
    return (
        _option(order, SLOWER, Strategy.CLOSE, order.urgency),
        _option(order, BALANCED, Strategy.VWAP, Urgency.MEDIUM),
        _option(order, FASTER, Strategy.IS, Urgency.HIGH),
    )


def _ends(
    order: ParentOrder, strategy: Strategy, calendar: TradingCalendar, sessions: tuple[Session, ...]
) -> tuple[Option, ...]:
    slow, middle, fast = _around(order.urgency)
    as_ordered = _option(order, BALANCED, strategy, middle)
    late_ns, days = _later_end(order, calendar, sessions)
    later = msgspec.structs.replace(as_ordered, name=SLOWER, urgency=slow, end_ns=late_ns, days=days)
    sooner = msgspec.structs.replace(
        as_ordered, name=FASTER, urgency=fast, end_ns=_sooner_end(order, sessions), days=(order.days + 1) // 2
    )
    return later, as_ordered, sooner


def _later_end(order: ParentOrder, calendar: TradingCalendar, sessions: tuple[Session, ...]) -> tuple[int, int]:
    """Twice the sessions for an order that reaches a close, else twice the time, to the close at the
    latest.
    """
    last = sessions[-1]
    if order.end_ns < last.close_ns and len(sessions) == 1:
        return min(order.start_ns + 2 * (order.end_ns - order.start_ns), last.close_ns), order.days
    count = 2 * len(sessions)
    return calendar.sessions_from(order.start_ns, count)[-1].close_ns, count


def _sooner_end(order: ParentOrder, sessions: tuple[Session, ...]) -> int:
    """Half the sessions, or half the time of a single one."""
    if len(sessions) > 1:
        return min(sessions[(len(sessions) + 1) // 2 - 1].close_ns, order.end_ns)
    first = max(order.start_ns, sessions[0].open_ns)
    return first + (min(order.end_ns, sessions[0].close_ns) - first) // 2


def _around(urgency: Urgency) -> tuple[Urgency, Urgency, Urgency]:
    at = LADDER.index(urgency)
    return LADDER[max(at - 1, 0)], urgency, LADDER[min(at + 1, 2)]
