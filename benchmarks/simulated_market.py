"""How fast the simulated market runs a day: alone, asked for every step of an algorithm, and with orders resting.

Rows are `name value unit`. Targets: a day of AAPL (42 M shares) in 5 s, of a name with 2 M shares in 1 s.
"""

from __future__ import annotations

from time import perf_counter

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.core.enums import OrdType, Side, TimeInForce
from sottovoce.core.instrument import Instrument
from sottovoce.core.orders import Route
from sottovoce.core.ports import Session
from sottovoce.core.route_events import ChildRouted

DATE = "2026-11-23"
STEPS = 10_000
ROUTES = 1_000


def main() -> None:
    """Print the table."""
    reference = load_shipped()
    session = load_calendar("XNYS").sessions(DATE, 1)[0]
    for symbol, label in (("AAPL", "aapl"), ("A", "2m_shares")):
        instrument = reference.resolve(symbol)
        assert instrument is not None, f"{symbol} is not in the instrument master"
        seconds, events = idle_day(instrument, session)
        row(f"sim_{label}_day", seconds, "s")
        row(f"sim_{label}_events", events / seconds, "events/s")
        row(f"sim_{label}_day_{STEPS}_steps", stepped_day(instrument, session), "s")
        row(f"sim_{label}_day_{ROUTES}_orders", traded_day(instrument, session), "s")


def row(name: str, value: float, unit: str) -> None:
    """One line of the table."""
    print(f"{name} {value:.6g} {unit}")


def idle_day(instrument: Instrument, session: Session) -> tuple[float, int]:
    """Seconds for a day nobody trades in, tape recorded; and the background events in it."""
    started = perf_counter()
    market = SimulatedMarket([instrument], [session], 1)
    market.advance(session.close_ns - 1)
    events = market.states()[instrument.instrument_id].seq
    market.advance(session.close_ns)
    return perf_counter() - started, events


def stepped_day(instrument: Instrument, session: Session) -> float:
    """Seconds for the same day asked for in small steps, its state looked at each time."""
    started = perf_counter()
    market = SimulatedMarket([instrument], [session], 1)
    length_ns = session.close_ns - session.open_ns
    for step in range(STEPS + 1):
        market.advance(session.open_ns + length_ns * step // STEPS)
        market.states()
    return perf_counter() - started


def traded_day(instrument: Instrument, session: Session) -> float:
    """Seconds for the day with passive orders of ours resting in it from first to last."""
    started = perf_counter()
    market = SimulatedMarket([instrument], [session], 1)
    length_ns = session.close_ns - session.open_ns
    for number in range(ROUTES):
        at_ns = session.open_ns + length_ns * (number + 1) // (ROUTES + 2)
        while market.advance(at_ns):
            pass
        state = market.states()[instrument.instrument_id]
        market.send(passive_bid(instrument, number, state.bid, at_ns), at_ns)
    while market.advance(session.close_ns):
        pass
    return perf_counter() - started


def passive_bid(instrument: Instrument, number: int, px: int, at_ns: int) -> ChildRouted:
    """A day order for 100 shares at the bid, on the two lit venues in turn."""
    route = Route(
        cl_ord_id=f"B{number}",
        route_id=f"P.{number}/1",
        child_id=f"P.{number}",
        parent_id="P",
        venue=("SIMA", "SIMB")[number % 2],
        instrument_id=instrument.instrument_id,
        side=Side.BUY,
        qty=100,
        ord_type=OrdType.LIMIT,
        price=px,
        time_in_force=TimeInForce.DAY,
        min_qty=0,
        sent_ns=at_ns,
    )
    return ChildRouted(parent_id="P", ts_ns=at_ns, route=route, decision_id="D")


if __name__ == "__main__":
    main()
