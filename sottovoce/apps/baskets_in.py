"""Lists of orders as people give them: a CSV file, and what it is meant to be worth."""

from __future__ import annotations

import sys
from pathlib import Path

from sottovoce.apps.output import Stopped, failure_text
from sottovoce.core.basket_commands import NewBasket
from sottovoce.core.basket_events import (
    BasketHeld,
    BasketRefused,
    BasketRejected,
    BasketReleased,
    ListScheduled,
    ListUnschedulable,
)
from sottovoce.core.errors import NotFound
from sottovoce.core.order_events import CommandRefused
from sottovoce.intake.basket_file import BasketFile, read_basket_file
from sottovoce.intake.to_basket import to_new_basket
from sottovoce.runtime.config import ACCOUNT, TRADER
from sottovoce.runtime.run import Run

BASKET_SUFFIX = ".csv"
BINDING_TOLD = 5


def basket_from(path: Path, declared_notional: str | None, currency: str = "USD") -> tuple[BasketFile, NewBasket]:
    """Read a basket file into the gateway's command. Raises NotFound and MalformedMessage."""
    if not path.is_file():
        raise NotFound(f"There is no basket file {path}; give the path of a CSV file.", code="no_file")
    read = read_basket_file(path)
    basket = to_new_basket(
        read, principal=TRADER, account=ACCOUNT, declared_notional=declared_notional, currency=currency
    )
    return read, basket


def basket_of(text: str, declared_notional: str | None) -> NewBasket | None:
    """The list in a file when the text is the path of a CSV file, else None."""
    path = Path(text)
    return basket_from(path, declared_notional)[1] if path.suffix == BASKET_SUFFIX else None


def symbols_of(basket: NewBasket) -> list[str]:
    """Every name of a list once, in the order of its rows."""
    return list(dict.fromkeys(leg.symbol for leg in basket.legs))


def enter_basket(run: Run, basket: NewBasket, silent: bool) -> None:
    """Enter a list whole. Raises Stopped, with every rule, when it is refused or waits for a person."""
    for event in run.submit(basket).events:
        if isinstance(event, BasketReleased) and not silent:
            worth = f"{event.gross // 1_000_000:,} {basket.currency}"
            sys.stderr.write(f"{basket.source}: {event.legs} orders worth {worth} entered, released by {event.by}.\n")
        if isinstance(event, ListScheduled) and not silent:
            sys.stderr.write(f"{basket.source}: {scheduled_text(event)}\n")
        if isinstance(event, ListUnschedulable):
            told = f"{basket.source}: no schedule keeps the limits of the list; nothing was sent"
            raise Stopped(f"{told}: {event.failures[0].value}", event.failures)
        if isinstance(event, BasketHeld):
            held = f"{basket.source}: held for the {event.role} role; nothing was sent."
            raise Stopped(f"{held} Add --approve to simulate the release.", event.rules)
        if isinstance(event, BasketRefused | BasketRejected | CommandRefused):
            failures = list(event.failures)
            if isinstance(event, BasketRefused):
                failures += [one.first for one in event.classes]
            why = "; ".join(failure_text(failed) for failed in failures[:1])
            raise Stopped(f"{basket.source}: refused as a whole; nothing was sent: {why}", tuple(failures))


def scheduled_text(event: ListScheduled) -> str:
    """How a list is worked as one, and what binds."""
    bound = "; ".join(f"{one.kind} {one.name} until {one.last}" for one in event.binding[:BINDING_TOLD])
    more = len(event.binding) - BINDING_TOLD
    told = f"what binds: {bound}{f' and {more} more' if more > 0 else ''}" if bound else "no limit binds"
    cost = f"{event.expected_cost_bps:.1f} bps expected, timing risk {event.timing_risk_bps:.1f} bps"
    return f"{len(event.curves)} orders worked as one, {cost}; {told}."
