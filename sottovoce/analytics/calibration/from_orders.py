"""Finished parents out of the journal: the orders cost analysis folded from it, and the tape of the market around them.

The post price is the mid half an hour after the last fill, in the same session; an order that ends later than that has
none, and the Almgren form does without it. Volume time counts every print of the session but auctions, ours included.
What the journal does not know stays None: it has no positions, so no concentration of a sector.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import numpy as np

from sottovoce.analytics.calibration.parents import FinishedParent
from sottovoce.analytics.reports.exchange_time import zone_of
from sottovoce.analytics.tca.market_tape import UNKNOWN, MarketTape, mids_after, prints, read_tape
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND

POST_NS = 30 * NS_PER_MINUTE


def finished_parents(
    orders: Iterable[TcaOrder], tapes: Mapping[str, Tape], instruments: Mapping[str, Instrument]
) -> list[FinishedParent]:
    """One row an order that traded; tapes and instruments by id, either may lack one."""
    found, read = [], {}
    for order in orders:
        if not order.fills:
            continue
        tape = tapes.get(order.tape_id)
        if tape is not None and order.tape_id not in read:
            read[order.tape_id] = read_tape(tape, order.sessions)
        found.append(_parent(order, read.get(order.tape_id), instruments.get(order.tape_id)))
    return found


def _parent(order: TcaOrder, tape: MarketTape | None, instrument: Instrument | None) -> FinishedParent:
    first, last = min(fill.ts_ns for fill in order.fills), max(fill.ts_ns for fill in order.fills)
    quantity = sum(fill.qty for fill in order.fills)
    start = order.first_route_ns if order.first_route_ns is not None else first
    post_px = _post_px(order, tape, last)
    duration = _volume_days(order, tape, start, last)
    after = _volume_days(order, tape, last + 1, last + POST_NS)
    return FinishedParent(
        parent_id=order.parent_id,
        symbol=order.symbol,
        date=_date(first, order.calendar),
        side=order.side.sign,
        quantity=float(quantity),
        arrival_px=order.arrival_px / order.price_scale,
        average_px=sum(fill.qty * fill.px for fill in order.fills) / quantity / order.price_scale,
        adv=order.adv,
        sigma_daily=order.sigma_daily,
        duration_days=duration,
        post_days=None if duration is None or after is None or post_px is None else duration + after,
        post_px=post_px,
        shares_outstanding=None if instrument is None else known(instrument.shares_outstanding),
        strategy=order.strategy,
        momentum=None if instrument is None else known(instrument.momentum_20d),
        volatility_ratio=_ratio(instrument),
        day_part=_day_part(order),
    )


def _volume_days(order: TcaOrder, tape: MarketTape | None, start_ns: int, end_ns: int) -> float | None:
    """What traded between two moments over an average day's volume; None without a tape or an ADV."""
    if tape is None or not order.adv:
        return None
    return float(tape.trade_qty[prints(tape, start_ns, end_ns, auctions=False)].sum()) / order.adv


def _post_px(order: TcaOrder, tape: MarketTape | None, last_ns: int) -> float | None:
    """None too where the tape ends before: a run's stops soon after its last order."""
    if tape is None or tape.quote_ns.size == 0 or _session(order, last_ns) != _session(order, last_ns + POST_NS):
        return None
    mid = int(mids_after(tape, np.array([last_ns], dtype=np.int64), POST_NS)[0])
    return None if mid == UNKNOWN else mid / order.price_scale


def _session(order: TcaOrder, at_ns: int) -> tuple[int, int] | None:
    return next((each for each in order.sessions if each[0] <= at_ns <= each[1]), None)


def _day_part(order: TcaOrder) -> float | None:
    """When half of the quantity was done, as part of its session."""
    total, done = sum(fill.qty for fill in order.fills), 0
    for fill in sorted(order.fills, key=lambda each: each.ts_ns):
        done += fill.qty
        if 2 * done >= total:
            session = _session(order, fill.ts_ns)
            return None if session is None else (fill.ts_ns - session[0]) / (session[1] - session[0])
    return None


def _ratio(instrument: Instrument | None) -> float | None:
    recent = None if instrument is None else known(instrument.sigma_daily)
    usual = None if instrument is None else known(instrument.sigma_daily_long)
    return recent / usual if recent and usual else None


def _date(at_ns: int, calendar: str) -> str:
    return datetime.fromtimestamp(at_ns // NS_PER_SECOND, zone_of(calendar)).date().isoformat()
