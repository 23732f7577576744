"""The invariants, held after every step on what the step touched. A breach is said by its name in the fault matrix.

The model (reference.py) says what must be; the books (books.py) say what the stages believe.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from sottovoce.core.clearance_events import OrderCleared
from sottovoce.core.commands import AlgoWake, ApprovalExpiry, ReleaseHold
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import RouteCancelRequested, RouteUpdated
from sottovoce.core.halts import HaltPath, HaltScope, covers, path_of
from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import LIVE, TERMINAL
from sottovoce.core.market import MarketState
from sottovoce.core.order_events import HaltLifted, HaltSet, OrderAccepted, OrderRefused
from sottovoce.core.override_events import HoldReviewed
from sottovoce.core.plan_events import OrderApproved, OrderHeld
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import AckTimeout, DropCopySweep, RouteStopped
from sottovoce.core.session_events import ArrivalDisproved
from sottovoce.core.work_events import ParentDone
from tools.faultsim.books import Books
from tools.faultsim.desk import GROSS, MAX_AGE_NS, RELEASERS
from tools.faultsim.reference import Reference

Timed = (AlgoWake, ApprovalExpiry, AckTimeout, DropCopySweep)
"""Inputs in which nobody outside has said anything."""


class Breach(AssertionError):
    """An invariant does not hold."""

    def __init__(self, invariant: str, what: str) -> None:
        super().__init__(f"{invariant}: {what}")
        self.invariant = invariant


def held(condition: bool, invariant: str, what: object) -> None:
    """Raise Breach where a condition does not hold."""
    if not condition:
        raise Breach(invariant, str(what))


class Invariants:
    """Follows the steps of one desk, over all its lives."""

    def __init__(self, books: Books, arrived: Container[str]) -> None:
        """arrived: the ClOrdIDs that truly reached their venue."""
        self.books = books
        self.arrived = arrived
        self.model = Reference()
        self.halts: dict[str, HaltScope] = {}
        self.paths: dict[str, HaltPath] = {}
        self.pending: dict[str, OrderHeld] = {}
        self.live: dict[str, dict[str, None]] = {}
        self.answers: dict[str, None] = {}

    def step(self, step: Step, states: Mapping[str, MarketState]) -> None:
        """Hold every invariant that one step could have broken. Raises Breach."""
        if isinstance(step.input, RouteStopped):
            self._stopped(step.input)
        self.model.step(step.input, step.events)
        parents: dict[str, None] = {}
        for event in step.events:
            parents[event.parent_id] = None
            self._event(event, step, states)
        for cl_ord_id in self.model.touched:
            self._order(cl_ord_id)
        for parent_id in parents:
            if parent_id in self.model.parents:
                self._parent(parent_id)

    def relive(self, step: Step) -> None:
        """Take in a step of the past without judging it."""
        self.model.step(step.input, step.events)
        for event in step.events:
            if isinstance(event, OrderAccepted | OrderRefused):
                self.answers[event.parent_id] = None
            elif isinstance(event, OrderCleared):
                self.paths[event.parent_id] = path_of(event.order)
            elif isinstance(event, OrderHeld):
                self.pending[event.parent_id] = event
            elif isinstance(event, HoldReviewed):
                self.pending.pop(event.parent_id, None)
            elif isinstance(event, OrderApproved):
                self.pending.pop(event.parent_id, None)
                self.paths[event.parent_id] = path_of(event.order, event.plan.strategy.value)
            elif isinstance(event, HaltSet):
                self.halts[f"{event.halt.scope} {event.halt.conduct}"] = event.halt.scope
            elif isinstance(event, HaltLifted):
                self.halts.pop(f"{event.scope} {event.conduct}", None)
            elif isinstance(event, ParentDone):
                self.model.parents[event.parent_id]["done"] = True

    def whole(self) -> None:
        """The same for every order and every parent there is."""
        for cl_ord_id in self.model.orders:
            self._order(cl_ord_id)
        for parent_id in self.model.parents:
            self._parent(parent_id)
        self._totals()

    # quantities ------------------------------------------------------------------------------------------

    def _order(self, cl_ord_id: str) -> None:
        """V2 and V8: an order at a venue is what its venue said, each word counted once."""
        model, state = self.model.orders[cl_ord_id], self.books.order(cl_ord_id)
        ended = state.canceled_qty + state.rejected_qty + state.expired_qty
        believed = (
            state.order_qty, state.leaves_qty, state.cum_qty, state.value, ended, state.busted_qty,
            state.overfilled_qty, state.pending_qty,
        )  # fmt: skip
        told = tuple(model[name] for name in ("qty", "left", "traded", "value", "ended", "undone", "too_much", "asked"))
        held(believed == told, "V8", f"{cl_ord_id} is believed {believed}, was told {told}")
        terms = (state.cum_qty, state.leaves_qty, ended, state.busted_qty, state.overfilled_qty)
        held(min(terms) >= 0 and state.order_qty + terms[4] == sum(terms[:4]), "V2", state)
        held((state.status in TERMINAL) == model["over"], "V9", f"{cl_ord_id}: {state.status}, over {model['over']}")
        live = self.live.setdefault(state.parent_id, {})
        if state.status in LIVE:
            live[cl_ord_id] = None
        else:
            live.pop(cl_ord_id, None)

    def _parent(self, parent_id: str) -> None:
        """V2 and V3 of a parent: its ledger, and what risk has promised for it."""
        model, ledger = self.model.parent(parent_id), self.books.ledger(parent_id)
        believed = (ledger.filled, ledger.working, ledger.busted)
        told = (model["filled"], model["working"], model["undone"])
        held(believed == told, "V2", f"{parent_id} is believed {believed}, was told {told}")
        terms = (*believed, ledger.unsent, ledger.returned)
        held(min(terms) >= 0 and ledger.overfilled >= 0, "V2", ledger)
        held(ledger.target + ledger.overfilled == sum(terms), "V2", ledger)
        asked = self.model.parents[parent_id]["asked"]
        held(ledger.wanted >= asked, "V2", f"{parent_id} wants {ledger.wanted}, was asked for {asked}")
        held(not (ledger.overfilled and ledger.unsent), "V2", f"{parent_id} has too much and sends more: {ledger}")
        for stage, copy in self.books.copies(parent_id).items():
            held(copy == ledger, "V2", f"{stage} has {copy} of {parent_id}, executions {ledger}")
        self._promise(parent_id, ledger)

    def _promise(self, parent_id: str, ledger: Ledger) -> None:
        """V3: risk has reserved what may still trade, once, and gives back what may not."""
        promised = self.books.reservation(parent_id)
        if promised is None:
            held(not self.model.parents[parent_id].get("cleared"), "V3", f"{parent_id} has nothing reserved")
            return
        done = "done" in self.model.parents[parent_id]
        open_qty = ledger.working + (0 if done else ledger.unsent)
        held(promised.drawn_qty == ledger.working, "V3", f"{parent_id}: drawn {promised.drawn_qty}, {ledger}")
        right = promised.open_qty == open_qty if done else promised.open_qty >= open_qty
        held(right, "V3", f"{parent_id}: reserved {promised.open_qty}, open {open_qty}")

    def _totals(self) -> None:
        """V3: the running totals of risk are the sums of what they stand for."""
        exposure = self.books.exposure
        buys = sum(each.open_qty * each.worst_px for each in exposure.reservations.values() if each.sign > 0)
        sells = sum(each.open_qty * each.worst_px for each in exposure.reservations.values() if each.sign < 0)
        totals = exposure.totals.get("")
        if totals is not None:
            held((totals.open_buy, totals.open_sell) == (buys, sells), "V3", f"{totals}, summed {buys} and {sells}")

    # events ----------------------------------------------------------------------------------------------

    def _event(self, event: StageEvent, step: Step, states: Mapping[str, MarketState]) -> None:
        if isinstance(event, OrderAccepted | OrderRefused):
            self.answers[event.parent_id] = None
        elif isinstance(event, ChildRouted):
            self._leaving(event, step, states)
        elif isinstance(event, RouteUpdated):
            silent = isinstance(step.input, Timed) and event.freed_qty > 0
            held(not silent, "V13", f"{event.state.cl_ord_id} was given up though nobody spoke")
        elif isinstance(event, ArrivalDisproved):
            held(event.cl_ord_id not in self.arrived, "V13", f"{event.cl_ord_id} is declared dead, its venue has it")
        elif isinstance(event, OrderCleared):
            self._cleared(event)
        elif isinstance(event, OrderHeld):
            self.pending[event.parent_id] = event
        elif isinstance(event, HoldReviewed):  # after an amendment what is held is planned and judged anew
            self.pending.pop(event.parent_id, None)
        elif isinstance(event, OrderApproved):
            self._approved(event, step)
        elif isinstance(event, HaltSet):
            self.halts[f"{event.halt.scope} {event.halt.conduct}"] = event.halt.scope
            self._killed(event, step)
        elif isinstance(event, HaltLifted):
            self.halts.pop(f"{event.scope} {event.conduct}", None)
        elif isinstance(event, ParentDone):
            self._done(event)

    def _leaving(self, event: ChildRouted, step: Step, states: Mapping[str, MarketState]) -> None:
        """V1, V3, V7 and V10 of an order about to leave."""
        route, parent = event.route, self.model.parents[event.parent_id]
        sums = self.model.parent(event.parent_id)
        committed = sum(sums.values())
        held(committed <= parent["asked"], "V3", f"{event.parent_id}: {committed} committed, {parent['asked']} asked")
        why = unusable(states.get(route.instrument_id), step.ts_ns)
        held(not why, "V7", f"{route.cl_ord_id} leaves though {route.instrument_id} is {why}")
        stopped = [scope for scope in self.halts.values() if covers(scope, self.paths[event.parent_id])]
        held(not stopped, "V10", f"{route.cl_ord_id} leaves though {stopped} is halted")

    def _stopped(self, stopped: RouteStopped) -> None:
        """The guard at the door keeps nothing in that fits: it and the stages count the same.

        It counts on the safe side once a venue has changed the size of an order, and stays shut once it was shut.
        """
        parent = self.model.parents[stopped.parent_id]
        if "resized" in parent or "stopped" in parent:
            return
        parent["stopped"] = True
        asked = parent["asked"]
        committed = sum(self.model.parent(stopped.parent_id).values())
        held(committed > asked, "V2", f"the guard stopped {stopped}, {committed} of {asked} are committed")

    def _cleared(self, event: OrderCleared) -> None:
        """V3: what was just promised left the account and the firm within their limits."""
        order, exposure = event.order, self.books.exposure
        self.paths[event.parent_id] = path_of(order)
        for scope, name in (("", ""), (f"account:{order.account}", order.account)):
            totals = exposure.totals.get(scope)
            if totals is None:
                continue
            most = GROSS[name] * order.price_scale
            gross = totals.open_buy + totals.open_sell
            held(gross <= most, "V3", f"{scope or 'firm'} promises {gross} of {most}")

    def _approved(self, event: OrderApproved, step: Step) -> None:
        """V11: a release is by the right person, of the plan that was shown, and once."""
        self.paths[event.parent_id] = path_of(event.order, event.plan.strategy.value)
        waiting = self.pending.pop(event.parent_id, None)
        if waiting is None:
            return
        release = step.input
        held(isinstance(release, ReleaseHold), "V11", f"{event.parent_id} was held and went on by itself")
        assert isinstance(release, ReleaseHold)
        held(release.principal != event.order.principal, "V11", "released by who asked for it")
        held(release.principal in RELEASERS, "V11", f"released by {release.principal}")
        held(release.plan_digest == waiting.plan_digest, "V11", "released on another plan")

    def _killed(self, event: HaltSet, step: Step) -> None:
        """V10: every live order in the scope is being canceled when the step of the halt is over."""
        now = {each.state.cl_ord_id for each in step.events if isinstance(each, RouteCancelRequested)}
        for parent_id, orders in self.live.items():
            path = self.paths.get(parent_id)
            if path is None or not covers(event.halt.scope, path):
                continue
            for cl_ord_id in orders:
                status = self.books.order(cl_ord_id).status
                asked = cl_ord_id in now or status not in LIVE or status.value in ASKED
                held(asked, "V10", f"{cl_ord_id} is live and nobody cancels it")

    def _done(self, event: ParentDone) -> None:
        """A parent is done once, and nothing of it is out."""
        parent = self.model.parents[event.parent_id]
        held("done" not in parent, "V2", f"{event.parent_id} is done twice")
        parent["done"] = True


ASKED = ("pending_cancel", "unknown")


def unusable(state: MarketState | None, now_ns: int) -> str:
    """Why nothing may be priced by what the feed says, "" where something may."""
    if state is None:
        return "unknown"
    if state.phase not in ("open", "auction"):
        return state.phase
    if state.gap:
        return "incomplete"
    if not 0 < state.bid < state.ask:
        return "crossed or one-sided"
    return "stale" if now_ns - state.quoted_ns > MAX_AGE_NS else ""
