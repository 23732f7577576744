"""What the tests of the lit venue share: a venue with a touch, orders in a line of text, news read back alike."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.enums import ExecType, OrdType, Peg, Side, TimeInForce
from sottovoce.core.ports import VenueFacts
from sottovoce.models.matching.lit_facts import LIT_FACTS
from sottovoce.models.matching.lit_rules import LitRules, SelfMatch
from sottovoce.models.matching.lit_venue import LitVenue
from sottovoce.models.matching.port import Entry, Outcome, Touch
from tests.models.matching.lit_play import CENT, HOURS, OPEN_NS, PX

FACTS: VenueFacts = LIT_FACTS[0]
"""SIMA takes every kind of order."""

NOW = OPEN_NS + 1
TOUCH = Touch(PX, 500, PX + 2 * CENT, 700)
"""100.00 bid, 100.02 offered."""

IOC = TimeInForce.IMMEDIATE_OR_CANCEL
FOK = TimeInForce.FILL_OR_KILL


def rules(self_match: SelfMatch = SelfMatch.CANCEL_NEWEST, *, halt_queues: bool = True) -> LitRules:
    """Rules of SIMA, or what they might be."""
    return LitRules(
        venue="SIMA", effective_from="2000-01-01", source="a test", self_match=self_match, halt_queues=halt_queues
    )


def venue(*entries: Entry, rules: LitRules = rules(), facts: VenueFacts = FACTS) -> LitVenue:  # noqa: B008
    """A venue that sees TOUCH, with orders entered one after the other."""
    made = LitVenue(facts, rules, HOURS)
    made.observe(TOUCH, OPEN_NS)
    for entry in entries:
        told = made.enter(entry, NOW)
        assert told[0].exec_type is ExecType.NEW, told
    return made


def cents(ticks: float) -> int:
    """A price so many cents above 100 dollars."""
    return PX + int(ticks * CENT)


def buy(order_id: str, qty: int, ticks: float, **more: object) -> Entry:
    """A limit to buy at 100 dollars and so many cents."""
    return _order(Side.BUY, order_id, qty, OrdType.LIMIT, cents(ticks), more)


def sell(order_id: str, qty: int, ticks: float, **more: object) -> Entry:
    """A limit to sell at 100 dollars and so many cents."""
    return _order(Side.SELL, order_id, qty, OrdType.LIMIT, cents(ticks), more)


def at_market(side: Side, order_id: str, qty: int, **more: object) -> Entry:
    """A market order."""
    return _order(side, order_id, qty, OrdType.MARKET, 0, more)


def pegged(side: Side, order_id: str, qty: int, peg: Peg, ticks: float | None = None, **more: object) -> Entry:
    """A pegged order, with a limit or without."""
    return _order(side, order_id, qty, OrdType.PEGGED, 0 if ticks is None else cents(ticks), {"peg": peg, **more})


def _order(side: Side, order_id: str, qty: int, ord_type: OrdType, price: int, more: dict[str, object]) -> Entry:
    plain = Entry(order_id=order_id, owner=f"owner of {order_id}", side=side, qty=qty, ord_type=ord_type, price=price)
    return msgspec.structs.replace(plain, **more)


def fills(news: Sequence[Outcome]) -> list[tuple[str, int, float]]:
    """Trades of whoever was there, as (order, quantity, cents above 100 dollars)."""
    makers = news[1:]
    return [
        (each.order_id, each.last_qty, (each.last_px - PX) / CENT)
        for before, each in zip(news, makers, strict=False)
        if each.match_id and before.match_id == each.match_id
    ]


def words(news: Sequence[Outcome]) -> list[tuple[str, str, int]]:
    """What happened as (order, reason or kind, leaves)."""
    return [(each.order_id, each.reason or each.exec_type.value, each.leaves_qty) for each in news]


def code(news: Sequence[Outcome]) -> str:
    """Why a call was refused; "" when it was not."""
    return news[-1].reason if news[-1].exec_type is ExecType.REJECTED else ""
