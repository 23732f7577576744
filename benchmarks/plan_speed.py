"""Plans in a second: one order as its desk would plan it, and a list of five hundred, warm.

Every plan has its three ways, a dozen candidates on common paths, the frontier, what would change the choice, the
conditions and what is watched. Orders differ in name, size, urgency, window and strategy; half leave the way to the
desk. Targets: one order within 300 ms, five hundred within 3 s, warm. Wall-clock time on one core; the processor time
beside it is what a machine with nothing else to do would need.
"""

from __future__ import annotations

import statistics
import time

import msgspec

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.enums import Side, Strategy, Urgency
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.market import MarketView
from sottovoce.core.orders import ParentOrder
from sottovoce.core.units import NS_PER_HOUR
from sottovoce.stages.planning.stage import Planning

ORDERS = 500
REPEATS = 5
SIZES = (0.0005, 0.002, 0.01, 0.03, 0.08)
WAYS = (None, Strategy.VWAP, None, Strategy.IS, None, Strategy.POV, None, Strategy.TWAP)
ONE_MS, LIST_S = 300.0, 3.0


def orders(instruments: list[Instrument], start_ns: int) -> list[ParentOrder]:
    """A list over the instruments in turn, from five hundredths of a percent of a day's volume to eight percent."""
    found = []
    for number in range(ORDERS):
        of = instruments[number % len(instruments)]
        px = round((known(of.close) or 0.0) * of.price_scale)
        qty = max(int((known(of.adv) or 0.0) * SIZES[number % len(SIZES)]), 100)
        hours = (6.5, 3.0, 1.0)[number % 3]
        found.append(
            ParentOrder(
                parent_id=f"P-{number}", cl_ord_id=f"c-{number}", account="FUND-A", principal="trader-1",
                instrument_id=of.instrument_id, symbol=of.symbol, side=list(Side)[number % 2], order_qty=qty,
                accepted_ns=start_ns, start_ns=start_ns, end_ns=start_ns + int(hours * NS_PER_HOUR), days=1,
                ref_version=1, arrival_px=px, arrival_rule="mid", decision_px=px, decision_ns=start_ns,
                strategy=WAYS[number % len(WAYS)], urgency=list(Urgency)[number % 3],
            )
        )  # fmt: skip
    return found


def main() -> None:
    """Print the figures, with their spread over the repeats."""
    reference, calendar = load_shipped(), load_calendar()
    start_ns = calendar.next_session(reference.as_of).open_ns
    view = MarketView(start_ns, {}, NS_PER_HOUR)
    stage = Planning(reference, calendar)
    wanted = orders([each for each in reference.instruments if _known(each)], start_ns)
    for order in wanted[:50]:
        stage.plan(order, view)
    alone: list[float] = []
    whole: list[float] = []
    used: list[float] = []
    for _ in range(REPEATS):
        began, worked = time.perf_counter(), time.process_time()
        for order in wanted:
            at = time.perf_counter()
            stage.plan(order, view)
            alone.append((time.perf_counter() - at) * 1e3)
        whole.append(time.perf_counter() - began)
        used.append(time.process_time() - worked)
    _tell(alone, whole, used, sum(len(msgspec.json.encode(stage.plan(order, view))) for order in wanted[:20]) // 20)


def _known(each: Instrument) -> bool:
    return all(known(fact) for fact in (each.adv, each.sigma_daily, each.close))


def _tell(alone: list[float], whole: list[float], used: list[float], size: int) -> None:
    alone.sort()
    p50, p99 = statistics.median(alone), alone[int(0.99 * len(alone))]
    print(f"plan_one_p50 {p50:.2f} ms (n {len(alone)})")
    print(f"plan_one_p99 {p99:.2f} ms (most {alone[-1]:.2f}, target {ONE_MS:.0f})")
    print(f"plan_{ORDERS} {statistics.median(whole):.2f} s ({min(whole):.2f} to {max(whole):.2f}, target {LIST_S:.0f})")
    print(f"plan_{ORDERS}_cpu {statistics.median(used):.2f} s ({min(used):.2f} to {max(used):.2f})")
    print(f"plan_size {size} bytes")


if __name__ == "__main__":
    main()
