"""How fast the lit venue takes orders with names, and how fast its ladder takes anonymous volume.

Rows are `name value unit (spread)`, in processor time: what the neighbours do does not count. Targets: 400,000 calls a
second at the venue, 2 million steps a second in the ladder, uncompiled.
"""

from __future__ import annotations

import gc
from random import Random
from time import process_time

from sottovoce.core.enums import OrdType, Side, TimeInForce
from sottovoce.core.ports import Session
from sottovoce.models.matching.ladder import Ladder
from sottovoce.models.matching.lit_facts import LIT_FACTS, LIT_RULES
from sottovoce.models.matching.lit_venue import LitVenue
from sottovoce.models.matching.port import Entry

CALLS = 300_000
REPEATS = 5
CENT = 10_000
PX = 100_000_000
HOURS = Session(date="2026-11-20", open_ns=0, close_ns=1 << 60)

Step = tuple[str, bool, int, int]


def main() -> None:
    """Print the table."""
    calls, steps = drawn_calls(7), drawn_steps(7)
    gc.freeze()
    row("lit_venue_calls", [play_venue(calls) for _ in range(REPEATS)], "calls/s")
    row("ladder_steps", [play_ladder(steps) for _ in range(REPEATS)], "steps/s")


def row(name: str, rates: list[float], unit: str) -> None:
    """One line of the table: the median, and the range of the repeats."""
    rates.sort()
    print(f"{name} {rates[len(rates) // 2]:,.0f} {unit} ({rates[0]:,.0f} to {rates[-1]:,.0f})")


def drawn_calls(seed: int) -> list[Entry | str]:
    """Half entries, one in seven of them taking at once, half cancels of orders that were left to rest; ten prices."""
    dice = Random(seed)
    calls: list[Entry | str] = []
    resting: list[str] = []
    for number in range(CALLS):
        if resting and dice.random() < 0.5:
            place = dice.randrange(len(resting))
            resting[place], resting[-1] = resting[-1], resting[place]
            calls.append(resting.pop())
        else:
            entry = drawn_entry(dice, str(number))
            calls.append(entry)
            if entry.time_in_force is TimeInForce.DAY:
                resting.append(entry.order_id)
    return calls


def drawn_entry(dice: Random, name: str) -> Entry:
    """A limit order up to nine cents behind the touch, or one that takes at once up to two cents beyond it."""
    side, takes = dice.choice((Side.BUY, Side.SELL)), dice.random() < 1 / 7
    behind = -2 if takes else dice.randrange(10)
    return Entry(
        order_id=name,
        owner=f"owner {dice.randrange(1_000)}",
        side=side,
        qty=dice.randrange(1, 10) * 100,
        ord_type=OrdType.LIMIT,
        price=PX - side.sign * behind * CENT + (CENT if side is Side.SELL else 0),
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL if takes else TimeInForce.DAY,
    )


def play_venue(calls: list[Entry | str]) -> float:
    """Calls a second of one session."""
    venue = LitVenue(LIT_FACTS[0], LIT_RULES[0], HOURS)
    began = process_time()
    for at_ns, call in enumerate(calls):
        if isinstance(call, str):
            venue.cancel(call, at_ns)
        else:
            venue.enter(call, at_ns)
    return len(calls) / (process_time() - began)


def drawn_steps(seed: int) -> list[Step]:
    """What a simulated background does: volume comes and goes at ten prices a side, one step in seventeen takes."""
    dice = Random(seed)
    words = dice.choices(("add", "withdraw", "take"), (48, 46, 6), k=CALLS)
    return [(word, dice.random() < 0.5, dice.randrange(10), dice.randrange(1, 500)) for word in words]


def play_ladder(steps: list[Step]) -> float:
    """Steps a second in two ladders that begin twenty prices deep."""
    bids, asks = Ladder(1), Ladder(-1)
    for back in range(20):
        bids.add(1_000 - back, 1_000)
        asks.add(1_001 + back, 1_000)
    began = process_time()
    for word, buy, back, qty in steps:
        ladder, px = (bids, 1_000 - back) if buy else (asks, 1_001 + back)
        if word == "add":
            ladder.add(px, qty)
        elif word == "withdraw":
            ladder.withdraw(px, qty, 0)
        else:
            ladder.take(3 * qty)
    return len(steps) / (process_time() - began)


if __name__ == "__main__":
    main()
