"""Names and sessions the tests of the simulated market trade."""

from __future__ import annotations

from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.ports import Session

SECOND_NS = 1_000_000_000
DAY_NS = 86_400 * SECOND_NS
SESSION_NS = 23_400 * SECOND_NS
OPEN_NS = 1_767_623_400 * SECOND_NS
"""2026-01-05 14:30 UTC, a Monday's open in New York."""
TICK = 10_000


def sessions(count: int) -> list[Session]:
    """Full sessions on consecutive days from 2026-01-05."""
    return [
        Session(
            date=f"2026-01-{5 + day:02d}",
            open_ns=OPEN_NS + day * DAY_NS,
            close_ns=OPEN_NS + day * DAY_NS + SESSION_NS,
        )
        for day in range(count)
    ]


def fact(value: float | None) -> Fact:
    """A figure made up for a test."""
    return Fact(value=value, as_of="2018-02-07", source="made up for a test")


def name(
    instrument_id: str = "SMALL",
    *,
    close: float | None = 50.0,
    adv: float | None = 500_000.0,
    sigma: float | None = 0.015,
    spread_bps: float | None = None,
) -> Instrument:
    """A dollar name with one-cent ticks; quick to simulate unless asked otherwise."""
    return Instrument(
        instrument_id=instrument_id,
        symbol=instrument_id,
        name=instrument_id,
        mic=None,
        currency="USD",
        country="US",
        price_scale=1_000_000,
        asset_class="equity",
        ticks=(TickRule(effective_from="2000-01-01", tick=TICK),),
        lots=(LotRule(effective_from="2000-01-01", lot=100),),
        calendar="XNYS",
        adv=fact(adv),
        sigma_daily=fact(sigma),
        close=fact(close),
        spread_bps=None if spread_bps is None else fact(spread_bps),
    )
