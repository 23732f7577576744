"""What the contract tests of venues do: enter orders and let them meet, or play a random day, every law checked."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sottovoce.core.enums import ExecType
from sottovoce.models.matching.port import Entry, Outcome, Touch, Venue
from tests.contracts.venue_cases import START_NS, VenueCase
from tests.contracts.venue_ledger import Ledger
from tests.models.matching.lit_play import CENT, CLOSE_NS, PX

STEPS = 250


def ledger_of(case: VenueCase) -> Ledger:
    return Ledger(case.minimum_of, case.prevents_self_match)


def let_meet(case: VenueCase, venue: Venue, ledger: Ledger) -> list[tuple[str, int, int]]:
    """Wait until who can trade has; all trades so far as (order, quantity, price)."""
    if case.meets_ns is not None:
        ledger.book(venue.advance(case.meets_ns), case.meets_ns)
    return [(each.order_id, each.last_qty, each.last_px) for each in ledger.news if each.last_qty]


def filled(case: VenueCase, *entries: Entry) -> dict[str, int]:
    """Shares each order has after all have been entered one after the other, and have met."""
    venue, ledger = case.make(), ledger_of(case)
    for number, entry in enumerate(entries):
        ledger.entered(venue, entry, START_NS + number)
    let_meet(case, venue, ledger)
    return {key: account.cum_qty for key, account in ledger.accounts.items()}


def random_day(case: VenueCase, seed: int) -> tuple[Venue, Ledger]:
    """A random session up to its close, every law checked at every step."""
    venue, ledger, dice = case.make(), ledger_of(case), Random(seed)
    at_ns = START_NS
    for number in range(STEPS):
        at_ns += dice.choice(case.waits_ns)
        word = dice.choices(("enter", "cancel", "replace", "observe", "advance"), (12, 3, 3, 3, 1))[0]
        known = sorted(ledger.accounts)
        if word == "enter":
            name = dice.choice(known) if known and dice.random() < 0.03 else f"O{number}"
            ledger.entered(venue, case.draw(dice, name), at_ns)
        elif word == "cancel" and known:
            ledger.canceled(venue, dice.choice(known), at_ns)
        elif word == "replace" and known:
            ledger.replaced(venue, dice.choice(known), dice.randint(1, 12) * 100, dice.choice(case.prices), at_ns)
        elif word == "observe":
            bid = PX + dice.randint(-2, 2) * CENT
            touch = Touch(bid if dice.random() < 0.95 else 0, 100, bid + dice.choice((1, 1, 1, 2, 0, -1)) * CENT, 100)
            ledger.book(venue.observe(touch, at_ns), at_ns)
        else:
            ledger.book(venue.advance(at_ns), at_ns)
    ledger.book(venue.advance(CLOSE_NS), CLOSE_NS)
    return venue, ledger


def refusal(told: Sequence[Outcome]) -> Outcome:
    """The one outcome of a call that was refused."""
    assert [each.exec_type for each in told] == [ExecType.REJECTED], told
    assert told[0].reason
    return told[0]
