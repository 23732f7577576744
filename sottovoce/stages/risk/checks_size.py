"""Is the size one a person could mean: value, shares, parts of daily volume and of what is outstanding."""

from __future__ import annotations

import datetime
from functools import lru_cache

from sottovoce.core.reasons import failure
from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.risk.case import DOLLAR, PPM, STAGE, Case, Found, broken, money
from sottovoce.stages.risk.tight import NEVER

EPOCH = datetime.date(1970, 1, 1).toordinal()
THURSDAY, FRIDAY_OVER = 3, 5
"""1970 began on a Thursday; days of the week count from Monday, and five of them are worked."""


def order_value(case: Case) -> Found:
    """PT-02: the value of a parent at its worst price."""
    most = case.levels.tight.parent_value
    return None if case.value <= most else _value(case, "parent_value", "order_value")


def child_value(case: Case) -> Found:
    """PT-02: the value of one child at its limit."""
    most = case.levels.tight.child_value
    return None if case.value <= most else _value(case, "child_value", "child_value")


def child_value_soft(case: Case) -> Found:
    """PT-02, a warning: a child worth noting."""
    most = case.levels.tight.child_value_soft
    return None if case.value <= most else _value(case, "child_value_soft", "child_value_soft")


def value_near(case: Case) -> Found:
    """PT-02, a warning: a size above such a part of its hard limit."""
    tight = case.levels.tight
    most = tight.parent_warn if case.child is None else tight.child_warn
    if case.value <= most or most == NEVER:
        return None
    bound = tight.bounds["parent_value" if case.child is None else "child_value"]
    return [broken("value_near", money(case.value), money(most), money(bound.value * DOLLAR - case.value), bound)]


def order_quantity(case: Case) -> Found:
    """PT-03: the quantity of a parent."""
    most = case.levels.tight.parent_qty
    return None if case.qty <= most else _shares(case, "parent_qty", "order_quantity")


def child_quantity_soft(case: Case) -> Found:
    """PT-03, a warning: a child of many shares."""
    most = case.levels.tight.child_qty_soft
    return None if case.qty <= most else _shares(case, "child_qty_soft", "child_qty_soft")


def order_adv(case: Case) -> Found:
    """PT-03: a parent against average daily volume; unknown volume is a failure, never a pass."""
    return _adv(case, case.levels.tight.parent_adv_ppm, "parent_adv_ppm", "order_adv")


def order_adv_soft(case: Case) -> Found:
    """PT-03, for a person: a parent that is a large part of average daily volume."""
    if case.adv is None:
        return None
    return _adv(case, case.levels.tight.parent_adv_soft_ppm, "parent_adv_soft_ppm", "order_adv_soft")


def adv_age(case: Case) -> Found:
    """PT-26: a daily volume older than so many weekdays is not judged by; one without a date is stale."""
    most = case.levels.tight.adv_age_days
    fact = None if case.instrument is None else case.instrument.adv
    if most == NEVER or fact is None:
        return None
    days = weekdays_since(fact.as_of, case.ts_ns // NS_PER_DAY)
    if days is not None and days <= most:
        return None
    bound = case.levels.tight.bounds["adv_age_days"]
    if days is None:
        return [failure(STAGE, "adv_stale", fact.as_of or "no date", bound.value)]
    return [broken("adv_stale", f"{days} days", str(bound.value), "", bound)]


@lru_cache(maxsize=1_024)
def weekdays_since(date: str, day: int) -> int | None:
    """Mondays to Fridays after an ISO date up to a day since 1970; None for what is no date."""
    try:
        first = datetime.date.fromisoformat(date).toordinal() - EPOCH
    except ValueError:
        return None
    weeks, rest = divmod(max(day - first, 0), 7)
    return weeks * 5 + sum(1 for ahead in range(1, rest + 1) if (first + ahead + THURSDAY) % 7 < FRIDAY_OVER)


def child_adv(case: Case) -> Found:
    """PT-03: a child against average daily volume."""
    return _adv(case, case.levels.tight.child_adv_ppm, "child_adv_ppm", "child_adv")


def child_adv_soft(case: Case) -> Found:
    """PT-03, a warning: a child that is a large part of average daily volume."""
    if case.adv is None:
        return None
    return _adv(case, case.levels.tight.child_adv_soft_ppm, "child_adv_soft_ppm", "child_adv_soft")


def outstanding(case: Case) -> Found:
    """PT-03: against the shares there are; where nobody has given their number, daily volume alone bounds the size."""
    ppm = case.levels.tight.outstanding_ppm
    fact = None if case.instrument is None else case.instrument.shares_outstanding
    if ppm == NEVER or fact is None or fact.value is None:
        return None
    most = int(fact.value * ppm / PPM)
    if case.qty <= most:
        return None
    return [broken("outstanding", str(case.qty), str(most), str(most), case.levels.tight.bounds["outstanding_ppm"])]


def _value(case: Case, name: str, code: str) -> Found:
    bound = case.levels.tight.get(name)
    if bound is None:
        return None
    most = money(bound.value * DOLLAR)
    return [broken(code, money(case.value), most, most, bound)]


def _shares(case: Case, name: str, code: str) -> Found:
    bound = case.levels.tight.get(name)
    return None if bound is None else [broken(code, str(case.qty), str(bound.value), str(bound.value), bound)]


def _adv(case: Case, ppm: int, name: str, code: str) -> Found:
    adv = case.adv
    if adv is None:
        return [failure(STAGE, "adv_unknown", case.qty)]
    if ppm == NEVER:
        return None
    most = int(adv * ppm / PPM)
    if case.qty <= most:
        return None
    return [broken(code, str(case.qty), str(most), str(most), case.levels.tight.bounds[name])]
