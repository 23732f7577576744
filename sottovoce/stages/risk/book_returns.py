"""Quantity that comes back, and trades that are undone or told again: what they give back of a reservation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sottovoce.core.breaker_events import ChildDequeued
from sottovoce.core.execution_events import FillBusted, FillCorrected
from sottovoce.core.route_events import ChildUnrouted
from sottovoce.stages.risk.state import RiskState

Fold = Callable[[RiskState, Any], None]


def unrouted(state: RiskState, event: ChildUnrouted) -> None:
    """No venue took it."""
    state.exposure.draw(event.parent_id, -event.qty)
    state.interest.move(event.child_id, -event.qty)


def dequeued(state: RiskState, event: ChildDequeued) -> None:
    """The child left the queue: what it drew is free again, for itself if it is approved a second time."""
    state.exposure.draw(event.parent_id, -event.child.qty)
    state.interest.move(event.child.child_id, -event.child.qty)


def busted(state: RiskState, event: FillBusted) -> None:
    """The position goes back; nothing is promised again."""
    undone = -state.orders[event.parent_id].side.sign * event.qty
    state.exposure.trade(event.parent_id, 0, undone, undone * event.px)


def corrected(state: RiskState, event: FillCorrected) -> None:
    """Old values out, new values in."""
    exposure, sign = state.exposure, state.orders[event.parent_id].side.sign
    exposure.draw(event.parent_id, -event.from_working)
    state.interest.move(event.child_id, -event.from_working)
    moved = event.qty * event.px - event.old_qty * event.old_px
    reserved = event.from_working + event.from_unsent
    exposure.trade(event.parent_id, reserved, sign * (event.qty - event.old_qty), sign * moved)


FOLDS: Mapping[type, Fold] = {
    ChildUnrouted: unrouted,
    ChildDequeued: dequeued,
    FillBusted: busted,
    FillCorrected: corrected,
}
