"""How foreign exchange is quoted: pips, what crossing a spread costs, and when a trade settles.

Rates are units of the quote currency for one of the base. Spot settles two business days after the trade, one for a
few pairs; the days between need only be good for the two currencies other than the dollar's, the value date itself
must be good for both currencies and for the dollar.
Source: markets reference §5, T-MKT-7; the list of one-day pairs and the holiday rule from general knowledge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

import msgspec

from sottovoce.core.errors import MalformedMessage
from sottovoce.models.guards import not_negative, positive

ONE_DAY_PAIRS = frozenset({"USD/CAD", "USD/TRY", "USD/PHP"})
SATURDAY = 5
_LONGEST_HOLIDAY = 30


class SpreadCost(msgspec.Struct, frozen=True, kw_only=True):
    """What crossing half a spread costs: in the quote currency, and in basis points of the value."""

    amount: float
    bps: float


def pip(pair: str) -> float:
    """One pip of a pair such as EUR/USD: the fourth decimal, the second where the yen is quoted.

    Raises: MalformedMessage `value_not_pair`.
    """
    return 0.01 if currencies(pair)[1] == "JPY" else 0.0001


def currencies(pair: str) -> tuple[str, str]:
    """Base and quote currency of "EUR/USD". Raises MalformedMessage `value_not_pair`."""
    base, slash, quote = pair.partition("/")
    if slash and all(len(each) == 3 and each.isascii() and each.isupper() for each in (base, quote)) and base != quote:
        return base, quote
    raise MalformedMessage(f"{pair[:20]!r} is not a currency pair; write EUR/USD.", code="value_not_pair")


def half_spread_cost(pair: str, base_amount: float, half_spread_pips: float, rate: float) -> SpreadCost:
    """Cost of crossing half the spread once.

    Args: base_amount: units of the base currency, > 0. half_spread_pips >= 0. rate: > 0.
    Returns: amount in the quote currency, and bps of the value at the rate. Source: T-MKT-7.
    """
    width = not_negative("Half spread", half_spread_pips) * pip(pair)
    return SpreadCost(amount=positive("Amount", base_amount) * width, bps=1e4 * width / positive("Rate", rate))


def value_date(pair: str, traded: date, holidays: Mapping[str, Collection[date]]) -> date:
    """When spot of a pair traded on a day settles.

    Args: pair: EUR/USD; traded: a day, of the trading calendar; holidays: days each currency is closed, by code.
    Returns: the value date. Dollar holidays do not count on the way, but no spot settles on one.
    Raises: MalformedMessage `value_not_pair`; a currency without holidays listed has weekends only.
    """
    pairs = set(currencies(pair))
    lag = 1 if pair in ONE_DAY_PAIRS else 2
    on_the_way, at_the_end = pairs - {"USD"}, pairs | {"USD"}
    day = traded
    for step in range(lag):
        day = _next_good(day, at_the_end if step == lag - 1 else on_the_way, holidays)
    return day


def _next_good(day: date, codes: Collection[str], holidays: Mapping[str, Collection[date]]) -> date:
    """The next day that is no weekend and no holiday of any of the currencies."""
    for ahead in range(1, _LONGEST_HOLIDAY):
        found = day + timedelta(days=ahead)
        if found.weekday() < SATURDAY and not any(found in holidays.get(code, ()) for code in codes):
            return found
    raise MalformedMessage(f"No business day within a month of {day}; check the holidays.", code="value_not_calendar")
