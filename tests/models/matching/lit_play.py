"""Random sessions at a lit venue, drawn from a seed: every kind of order, and everything that happens around them."""

from __future__ import annotations

from collections import Counter
from random import Random

from sottovoce.core.enums import OrdType, Peg, Side, TimeInForce
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.core.units import NS_PER_MICROSECOND, NS_PER_MINUTE
from sottovoce.models.matching.lit_entry import EntryChecks, banded_tick
from sottovoce.models.matching.lit_facts import LIT_FACTS, lit_rules_on
from sottovoce.models.matching.lit_venue import LitVenue
from sottovoce.models.matching.port import Entry, Outcome, Touch
from tests.models.matching.naive_venue import NaiveVenue

OPEN_NS = 1_000 * NS_PER_MINUTE
CLOSE_NS = OPEN_NS + 390 * NS_PER_MINUTE
HOURS = Session(date="2026-11-20", open_ns=OPEN_NS, close_ns=CLOSE_NS)
CENT = 10_000
PX = 100_000_000

LIVES = (TimeInForce.DAY, TimeInForce.DAY, TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)
WORDS = ("enter", "cancel", "replace", "observe", "halt", "resume", "advance")
WEIGHTS = (100, 45, 15, 25, 0.3, 2, 1)
SIDES = (Side.BUY, Side.SELL, Side.SELL_SHORT)
SIZES = (37, 100, 200, 300, 500, 1_000)
OWNERS = "abcde"
PEGS = tuple(Peg)


class Venues:
    """A lit venue and its referee, told the same; every answer is compared."""

    def __init__(self, facts: VenueFacts) -> None:
        rules, tick_of = lit_rules_on(facts.venue, HOURS.date), banded_tick(facts.ticks)
        self.lit = LitVenue(facts, rules, HOURS)
        self.naive = NaiveVenue(EntryChecks(facts, tick_of), rules, CENT, OPEN_NS, CLOSE_NS)
        self.said: Counter[str] = Counter()

    def call(self, word: str, *args: object) -> None:
        """Make the same call on both."""
        told = getattr(self.lit, word)(*args)
        expected = getattr(self.naive, word)(*args)
        assert told == expected, f"{word}{args}:\n got      {told}\n expected {expected}"
        assert self.lit.shown() == self.naive.shown(), f"{word}{args}"
        self.said.update(_name(each) for each in told)


def play(seed: int, events: int) -> Counter[str]:
    """One session of so many events at the venue the seed chooses; returns what was said, by kind.

    Raises: AssertionError at the first event after which the two differ.
    """
    dice = Random(seed)
    venues = Venues(LIT_FACTS[seed % len(LIT_FACTS)])
    at_ns = OPEN_NS - 3
    names: list[str] = []
    for number in range(events):
        at_ns += dice.choice((0, 1, NS_PER_MICROSECOND))
        word = dice.choices(WORDS, WEIGHTS)[0]
        chosen = dice.choice(names[-60:]) if names else "X"
        if word == "enter":
            name = f"O{number}" if dice.random() < 0.99 else chosen
            names.append(name)
            venues.call("enter", drawn_lit(dice, name), at_ns)
        elif word == "cancel":
            venues.call("cancel", chosen, at_ns)
        elif word == "replace":
            same = venues.naive.find(chosen)
            price = same.limit if same and dice.random() < 0.6 else PX + dice.randint(-4, 5) * CENT
            venues.call("replace", chosen, dice.choice((50, 100, 200, 300, 600)), price, at_ns)
        elif word == "observe":
            venues.call("observe", drawn_touch(dice), at_ns)
        else:
            venues.call(word, at_ns)
    venues.call("advance", CLOSE_NS)
    venues.call("enter", drawn_lit(dice, "late"), CLOSE_NS)
    return venues.said


def drawn_lit(dice: Random, name: str) -> Entry:
    """An order of any kind around PX, plain ones the most; one in some is of a kind its venue refuses."""
    kind = dice.choices((OrdType.LIMIT, OrdType.MARKET, OrdType.PEGGED), (8, 1, 2))[0]
    qty, life, odd = dice.choice(SIZES), dice.choice(LIVES), dice.random()
    limit = PX + dice.randint(-4, 5) * CENT + (dice.random() < 0.01)
    rests = life is TimeInForce.DAY and kind is not OrdType.MARKET
    hidden = rests and odd < 0.25
    return Entry(
        order_id=name,
        owner=dice.choice(OWNERS) if dice.random() < 0.7 else "",
        side=dice.choice(SIDES),
        qty=qty,
        ord_type=kind,
        price=0 if kind is OrdType.MARKET or (kind is OrdType.PEGGED and dice.random() < 0.5) else limit,
        time_in_force=life,
        display_qty=0 if hidden else dice.choice((37, 100)) if rests and odd > 0.75 else None,
        min_qty=dice.choice((100, 200, qty)) if (hidden or not rests) and dice.random() < 0.4 else 0,
        post_only=rests and dice.random() < 0.15,
        peg=dice.choice(PEGS),
    )


def drawn_touch(dice: Random) -> Touch:
    """A touch around PX; now and then locked, crossed, one-sided, or between the ticks of the venue."""
    bid = PX + dice.randint(-3, 3) * CENT + dice.choice((0, 0, 0, 0, 3_000))
    ask = bid + dice.choice((1, 1, 1, 2, 3, 0, -1)) * CENT
    return Touch(bid if dice.random() < 0.95 else 0, 100, ask if dice.random() < 0.95 else 0, 100)


def _name(told: Outcome) -> str:
    return told.reason or told.exec_type.value
