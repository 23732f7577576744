"""Proof that the laws can fail: bugs that somebody could plant, or once did, are found within a few hundred seeds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from sottovoce.core.enums import ParentStatus, Tactic
from sottovoce.core.execution_events import ParentPaused, RouteUpdated
from sottovoce.core.ledger import Ledger
from sottovoce.core.orders import Child
from sottovoce.stages.algos import algos
from sottovoce.stages.algos.book import AlgosBook
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.release import Due, build_child, due_now
from sottovoce.stages.executions.book import ExecutionsBook
from sottovoce.stages.risk.exposure import Exposure
from sottovoce.stages.risk.risk import Risk
from tests.laws.plans import STRATEGIES
from tests.laws.sequences import play_seed

SEEDS = range(400)
Plant = Callable[[pytest.MonkeyPatch], None]


def target_less_sent(patch: pytest.MonkeyPatch) -> None:
    """due = target - sent: what came back unfilled is never sent again."""
    sent: dict[str, int] = {}

    def due(parent: WorkedParent, *rest: Any) -> Due:
        honest = due_now(parent, *rest)
        gone = sent.get(parent.order.parent_id, 0) if parent.children_made else 0
        return msgspec.structs.replace(honest, due=max(min(honest.target - gone, parent.ledger.unsent), 0))

    def build(parent: WorkedParent, qty: int, tactic: Tactic, limit_px: int, now_ns: int, number: int) -> Child:
        before = sent.get(parent.order.parent_id, 0) if parent.children_made else 0
        sent[parent.order.parent_id] = before + qty
        return build_child(parent, qty, tactic, limit_px, now_ns, number)

    patch.setattr(algos, "due_now", due)
    patch.setattr(algos, "build_child", build)


def busted_is_due_again(patch: pytest.MonkeyPatch) -> None:
    """A trade undone by the venue is traded again on nobody's word."""

    def due(parent: WorkedParent, *rest: Any) -> Due:
        honest = due_now(parent, *rest)
        return msgspec.structs.replace(honest, due=min(honest.due + parent.ledger.busted, parent.ledger.unsent))

    patch.setattr(algos, "due_now", due)


def nothing_comes_back(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Ledger, "free", lambda ledger, qty: None)


def duplicates_count(patch: pytest.MonkeyPatch) -> None:
    honest = ExecutionsBook._on_updated

    def forget(book: ExecutionsBook, event: RouteUpdated) -> None:
        honest(book, event)
        book.state.sent[event.state.cl_ord_id].seen.clear()

    patch.setattr(ExecutionsBook, "_on_updated", forget)


def late_fills_are_overfills(patch: pytest.MonkeyPatch) -> None:
    """A late fill is booked as too much instead of out of what came back."""
    patch.setattr(Ledger, "split", lambda ledger, leaves, closed, over: (leaves, 0, 0, closed + over))


def pause_revives_canceled(patch: pytest.MonkeyPatch) -> None:
    def pause(book: AlgosBook, event: ParentPaused) -> None:
        parent = book.state.parents.get(event.parent_id)
        if parent is not None and not parent.done:
            parent.status = ParentStatus.PAUSED

    patch.setattr(AlgosBook, "_on_pause", pause)


def raised_order_is_not_reserved(patch: pytest.MonkeyPatch) -> None:
    def draw(exposure: Exposure, parent: str, qty: int) -> None:
        exposure.reservations[parent].drawn_qty += qty

    patch.setattr(Exposure, "draw", draw)


def unrouted_stays_drawn(patch: pytest.MonkeyPatch) -> None:
    honest = Risk.appliers

    def appliers(risk: Risk) -> object:
        return {kind: apply for kind, apply in honest(risk).items() if kind.__name__ != "ChildUnrouted"}

    patch.setattr(Risk, "appliers", appliers)


PLANTED: tuple[Plant, ...] = (
    target_less_sent, busted_is_due_again, nothing_comes_back, duplicates_count, late_fills_are_overfills,
    pause_revives_canceled, raised_order_is_not_reserved, unrouted_stays_drawn,
)  # fmt: skip


def first_caught() -> tuple[object, int] | None:
    """The first (strategy, seed) that breaks a law."""
    for seed in SEEDS:
        for strategy in STRATEGIES:
            try:
                play_seed(strategy, seed)
            except Exception:
                return strategy, seed
    return None


@pytest.mark.parametrize("plant", PLANTED)
def test_planted_bug_is_found(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch)
    assert first_caught() is not None, f"nobody noticed: {plant.__name__}"
