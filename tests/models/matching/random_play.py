"""Random days at a venue of hidden orders, drawn from a seed: what a property test plays and then judges."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple

import msgspec

from sottovoce.core.enums import ExecType, OrdType, Side, TimeInForce
from sottovoce.core.units import NS_PER_MILLISECOND
from sottovoce.models.matching.port import Entry, Outcome, Touch, Venue
from tests.models.matching.dark_desk import CENT, START_NS, check_limits


class Taste(NamedTuple):
    """What orders of a play look like."""

    segments: tuple[str, ...] = ("",)
    lives: tuple[TimeInForce, ...] = (TimeInForce.DAY,)
    conditional_share: float = 0.0
    minimums: bool = True
    wait_ms: tuple[int, ...] = (0, 1, 5, 40, 300)
    unpriced: OrdType = OrdType.PEGGED
    prices: tuple[int, ...] = (0, 0, 0, 99_990_000, 100_005_000, 100_015_000)


class Played(NamedTuple):
    """A finished play: orders taken by name, with their last terms, and all the news."""

    taken: dict[str, Entry]
    news: list[Outcome]


def play(
    venue: Venue, seed: int, steps: int, taste: Taste, judge: Callable[[], None], start_ns: int = START_NS
) -> Played:
    """Run random steps on a venue; judge is called after each of them."""
    dice, at_ns = Random(seed), start_ns
    played = Played({}, [])
    for number in range(steps):
        at_ns += dice.choice(taste.wait_ms) * NS_PER_MILLISECOND
        before = dict(played.taken)
        told = _step(venue, played.taken, dice, str(number), at_ns, taste)
        check_limits(before, played.taken, told)
        played.news.extend(told)
        assert [each.at_ns for each in told] == sorted(each.at_ns for each in told)
        judge()
    return played


def _step(
    venue: Venue, taken: dict[str, Entry], dice: Random, name: str, at_ns: int, taste: Taste
) -> Sequence[Outcome]:
    word = dice.choices(("enter", "cancel", "replace", "observe", "advance"), (10, 1, 3, 3, 1))[0]
    if word == "enter":
        return _enter(venue, taken, drawn_entry(dice, name, taste), at_ns)
    if word == "observe":
        return venue.observe(drawn_touch(dice), at_ns)
    if word == "advance" or not taken:
        return venue.advance(at_ns)
    chosen = dice.choice(sorted(taken))
    if word == "cancel":
        return venue.cancel(chosen, at_ns)
    qty, price = dice.randint(1, 14) * 100, dice.choice((taken[chosen].price, taken[chosen].price, taste.prices[-1]))
    told = venue.replace(chosen, qty, price, at_ns)
    if any(each.exec_type is ExecType.REPLACED and each.order_id == chosen for each in told):
        changed = msgspec.structs.replace(taken[chosen], qty=qty, price=price)
        taken[chosen] = msgspec.structs.replace(changed, ord_type=OrdType.LIMIT if price else taste.unpriced)
    return told


def _enter(venue: Venue, taken: dict[str, Entry], entry: Entry, at_ns: int) -> Sequence[Outcome]:
    told = venue.enter(entry, at_ns)
    if not any(each.exec_type is ExecType.REJECTED and each.order_id == entry.order_id for each in told):
        taken[entry.order_id] = entry
    return told


def drawn_entry(dice: Random, name: str, taste: Taste) -> Entry:
    """An order of one of five owners, one of them nameless."""
    qty = dice.randint(1, 12) * 100 + dice.choice((0, 0, 37))
    conditional = dice.random() < taste.conditional_share
    price = dice.choice(taste.prices)
    return Entry(
        order_id=name,
        owner=dice.choice(("a", "b", "c", "d", "")),
        side=dice.choice((Side.BUY, Side.SELL)),
        qty=qty,
        ord_type=OrdType.LIMIT if price else taste.unpriced,
        price=price,
        time_in_force=TimeInForce.DAY if conditional else dice.choice(taste.lives),
        min_qty=dice.choice((0, 0, 200, qty)) if taste.minimums else 0,
        conditional=conditional,
        segment=dice.choice(taste.segments),
    )


def drawn_touch(dice: Random) -> Touch:
    """A touch around 100, now and then locked, crossed or without a bid."""
    bid = 100_000_000 + dice.randint(-1, 1) * CENT
    return Touch(0 if dice.random() < 0.05 else bid, 100, bid + dice.choice((1, 1, 2, 3, 0, -1)) * CENT, 100)
