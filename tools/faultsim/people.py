"""The people at the desk and their programs: orders, repeats, changes of mind, halts, and releases by right and wrong.

A person who got no answer asks again with the same words; what was answered is kept, and must survive everything.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec

from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.commands import (
    AmendOrder,
    CancelOrder,
    ClientCommand,
    HaltTrading,
    NewOrder,
    PauseOrder,
    RefuseHold,
    ReleaseHold,
    ResumeOrder,
    ResumeTrading,
)
from sottovoce.core.enums import OrdType, Side, Strategy, Urgency
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.halts import FIRM_SCOPE, HaltKind, HaltScope
from sottovoce.core.order_events import HaltLifted, HaltSet, OrderAccepted, OrderRefused, PauseAccepted, ResumeAccepted
from sottovoce.core.orders import ParentOrder
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import CloseBreak
from sottovoce.core.session_events import BreakAged, BreakClosed, BreakOpened
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ParentDone
from tools.faultsim.desk import ACCOUNTS, CLERK, COMPLIANCE, MIDS, OTHER_TRADER, RISK, TICK, TRADER
from tools.faultsim.faults import Faults

EVERY_NS = 4 * NS_PER_SECOND
TIGHTENED = 0.3
"""How often, where something rests, a person moves its limit behind it: replaces are a part of every run."""
OPEN_MOST = 25
STRATEGIES = (*(Strategy.SOR,) * 2, Strategy.TWAP, Strategy.TWAP, Strategy.VWAP, Strategy.POV, Strategy.IS, None)


class People:
    """Commands by dice, and what the people have been told."""

    def __init__(self, faults: Faults, dice: Random) -> None:
        self._faults = faults
        self._dice = dice
        self._number = 0
        self.orders: list[NewOrder] = []
        self.answered: dict[str, tuple[str, str]] = {}
        self.open: dict[str, str] = {}
        self._orders: dict[str, ParentOrder] = {}
        self._resting: dict[str, int] = {}
        self.held: dict[str, OrderHeld] = {}
        self.paused: dict[str, int] = {}
        self.breaks: dict[str, None] = {}
        self.halts: dict[str, tuple[HaltScope, str]] = {}

    def next_after_ns(self) -> int:
        """How long until somebody says something."""
        return int(self._dice.expovariate(1.0) * EVERY_NS) + 1

    def say(self, now_ns: int) -> list[ClientCommand]:
        """What is said now."""
        dice, faults = self._dice, self._faults
        if self.orders and dice.random() < faults.repeated_orders:
            return [dice.choice(self.orders[-20:])]
        if self.orders and dice.random() < faults.changed_bodies:
            order = dice.choice(self.orders[-20:])
            return [msgspec.structs.replace(order, order_qty=(order.order_qty or 0) + 100)]
        if dice.random() < faults.kills:
            return [self._halt()]
        if dice.random() < faults.wrong_people:
            return [self._trespass(now_ns)]
        return [*self._chores(), *self._whim(now_ns)]

    def hear(self, ts_ns: int, step: Step) -> None:
        """Remember what was answered, and what waits for a person."""
        for event in step.events:
            parent = event.parent_id
            if isinstance(event, OrderAccepted | OrderRefused):
                order = step.input
                if isinstance(order, NewOrder):
                    self.answered[parent] = (order.account, order.cl_ord_id)
                if isinstance(event, OrderAccepted):
                    self.open[parent] = event.order.principal
                    self._orders[parent] = event.order
            elif isinstance(event, ChildRouted):
                order_in = self._orders.get(parent)
                if order_in is not None and order_in.limit_px is not None:
                    self._resting[parent] = event.route.price
            elif isinstance(event, OrderHeld):
                self.held[parent] = event
            elif isinstance(event, PauseAccepted | ParentPaused):
                self.paused[parent] = ts_ns
            elif isinstance(event, ResumeAccepted):
                self.paused.pop(parent, None)
            elif isinstance(event, HaltSet):
                self.halts[str(event.halt.scope)] = (event.halt.scope, event.halt.principal)
                self.paused.update((each, ts_ns) for each in self.open)
            elif isinstance(event, BreakOpened | BreakAged):
                self.breaks[event.break_id] = None
            elif isinstance(event, BreakClosed):
                self.breaks.pop(event.break_id, None)
            elif isinstance(event, HaltLifted):
                self.halts.pop(str(event.scope), None)
            elif isinstance(event, ParentDone | OrderRejected):
                self.open.pop(parent, None)
                self._orders.pop(parent, None)
                self._resting.pop(parent, None)
                self.held.pop(parent, None)
                self.paused.pop(parent, None)

    def finish(self) -> list[ClientCommand]:
        """Everything is to end: halts are lifted, open orders canceled."""
        lifts = [self._lift(scope, by) for scope, by in self.halts.values()]
        return [*lifts, *(CancelOrder(principal=RISK, parent_id=parent) for parent in self.open)]

    # what people say -------------------------------------------------------------------------------------

    def _chores(self) -> list[ClientCommand]:
        """Somebody lifts a halt, releases what waits, or resumes what was paused."""
        dice, said = self._dice, list[ClientCommand]()
        if self.halts and dice.random() < 0.3:
            scope, by = next(iter(self.halts.values()))
            said.append(self._lift(scope, by))
        if self.breaks and dice.random() < 0.3:
            said += self._explain(next(iter(self.breaks)))
        if self.held:
            held = dice.choice(list(self.held.values()))
            del self.held[held.parent_id]
            if dice.random() < 0.15:
                said.append(RefuseHold(principal=RISK, parent_id=held.parent_id, reason="too large"))
            else:
                said.append(self._release(held, RISK))
        if self.paused and dice.random() < 0.7:
            parent = dice.choice(list(self.paused))
            del self.paused[parent]
            said.append(ResumeOrder(principal=self.open.get(parent, TRADER), parent_id=parent))
        return said

    def _explain(self, break_id: str) -> list[ClientCommand]:
        """Two people look into a break; the second is asked for only where it holds an instrument."""
        del self.breaks[break_id]
        evidence = "asked the venue by telephone"
        return [CloseBreak(principal=by, break_id=break_id, evidence=evidence) for by in (RISK, CLERK)]

    def _lift(self, scope: HaltScope, by: str) -> ResumeTrading:
        return ResumeTrading(principal=by if by == COMPLIANCE else RISK, scope=scope)

    def _release(self, held: OrderHeld, by: str) -> ReleaseHold:
        return ReleaseHold(principal=by, parent_id=held.parent_id, plan_digest=held.plan_digest, reason="looked at it")

    def _whim(self, now_ns: int) -> list[ClientCommand]:
        """A new order most of the time; else a change to one that is open."""
        dice = self._dice
        if self._resting and dice.random() < TIGHTENED:
            return [self._tighten(dice.choice(list(self._resting)))]
        if not self.open or (len(self.open) < OPEN_MOST and dice.random() < 0.6):
            return [self._order(now_ns)]
        parent = dice.choice(list(self.open))
        kinds: tuple[Callable[[str], ClientCommand], ...] = (self._amend, self._amend, self._cancel, self._pause)
        return [dice.choice(kinds)(parent)]

    def _order(self, now_ns: int) -> NewOrder:
        dice = self._dice
        self._number += 1
        principal = dice.choice((TRADER, TRADER, OTHER_TRADER))
        symbol = dice.choice(tuple(MIDS))
        side = dice.choice((Side.BUY, Side.SELL))
        strategy = dice.choice(STRATEGIES)
        limit = self._limit(symbol, side) if dice.random() < 0.5 else None
        would = None if strategy is Strategy.SOR else self._would(symbol, side, limit)
        order = NewOrder(
            principal=principal,
            account=dice.choice(ACCOUNTS[principal]),
            cl_ord_id=f"c-{self._number}",
            symbol=symbol,
            side=side,
            order_qty=dice.choice((1, 3, 10, 30, 100, 300, 1_000)) * 100 if dice.random() < 0.95 else 4_000_000,
            strategy=strategy,
            urgency=dice.choice(tuple(Urgency)),
            ord_type=OrdType.MARKET if limit is None else OrdType.LIMIT,
            price=limit,
            end_ns=now_ns + dice.randint(60, 900) * NS_PER_SECOND,
            participation="0.1" if strategy is Strategy.POV else None,
            participation_min="0.06" if strategy is Strategy.POV and self._number % 2 else None,
            participation_max="0.14" if strategy is Strategy.POV and self._number % 2 else None,
            would_price=would,
            would_qty=2_000 if would is not None and self._number % 3 == 0 else None,
        )
        self.orders.append(order)
        return order

    def _limit(self, symbol: str, side: Side) -> str:
        """A limit about the market, now and then behind it."""
        return f"{(MIDS[symbol] + side.sign * TICK * self._dice.randint(-20, 60)) / 1e6:.2f}"

    def _would(self, symbol: str, side: Side, limit: str | None) -> str | None:
        """Every fourth order would trade at the market, or at its limit, at once."""
        if self._number % 4:
            return None
        return limit or f"{(MIDS[symbol] + side.sign * TICK * (self._number % 40)) / 1e6:.2f}"

    def _amend(self, parent: str) -> AmendOrder:
        qty = self._dice.choice((None, 100, 500, 2_000, 20_000, 50_000))
        return AmendOrder(principal=self.open[parent], parent_id=parent, order_qty=qty or 1_000)

    def _tighten(self, parent: str) -> AmendOrder:
        """A limit just behind what the order sent last: where it rests, venues are asked to replace it."""
        behind = self._orders[parent].side.sign * TICK * self._dice.randint(1, 5)
        price = f"{(self._resting[parent] - behind) / 1e6:.2f}"
        return AmendOrder(principal=self.open[parent], parent_id=parent, price=price)

    def _cancel(self, parent: str) -> CancelOrder:
        return CancelOrder(principal=self._dice.choice((self.open[parent], RISK)), parent_id=parent)

    def _pause(self, parent: str) -> PauseOrder:
        return PauseOrder(principal=self._dice.choice((self.open[parent], RISK)), parent_id=parent)

    def _halt(self) -> HaltTrading:
        """The kill switch, of everything or of a part."""
        dice = self._dice
        scopes = (
            FIRM_SCOPE,
            HaltScope(kind=HaltKind.ACCOUNT, name=dice.choice(ACCOUNTS[TRADER])),
            HaltScope(kind=HaltKind.SYMBOL, name=dice.choice(tuple(MIDS))),
            HaltScope(kind=HaltKind.TRADER, name=dice.choice(tuple(ACCOUNTS))),
            HaltScope(kind=HaltKind.ALGO, name=dice.choice(tuple(Strategy)).value),
            *(HaltScope(kind=HaltKind.ORDER, name=parent) for parent in list(self.open)[:1]),
        )
        by = dice.choice((RISK, COMPLIANCE))
        return HaltTrading(principal=by, reason="a person says so", scope=dice.choice(scopes))

    def _trespass(self, now_ns: int) -> ClientCommand:
        """Somebody asks for what is not theirs to ask."""
        dice = self._dice
        parent = dice.choice(list(self.open)) if self.open else "P-0000000000000000"
        owner = self.open.get(parent, TRADER)
        wrong: list[ClientCommand] = [
            msgspec.structs.replace(self._order(now_ns), principal="nobody"),
            msgspec.structs.replace(self._order(now_ns), principal=CLERK),
            msgspec.structs.replace(self._order(now_ns), principal=OTHER_TRADER, account="FUND-A"),
            CancelOrder(principal=CLERK, parent_id=parent),
            AmendOrder(principal="nobody", parent_id=parent, order_qty=100),
            ResumeTrading(principal=owner),
            HaltTrading(principal=CLERK, reason="mischief"),
        ]
        if self.held:
            held = dice.choice(list(self.held.values()))
            stale = msgspec.structs.replace(held, plan_digest="0" * 64)
            wrong += [self._release(held, held.order.principal), self._release(held, CLERK), self._release(stale, RISK)]
        return dice.choice(wrong)
