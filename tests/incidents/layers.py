"""Taking controls away, one after another, to see whether the next one holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import NamedTuple
from unittest import mock

from sottovoce.core.ledger import Ledger
from sottovoce.runtime.guard import ConservationGuard
from sottovoce.stages.risk import basket as risk_basket
from sottovoce.stages.risk import risk as risk_stage

LISTS = ("ORDER_CHECKS", "CHILD_CHECKS", "ORDER_HOLDS")


class Layer(NamedTuple):
    """A control: its name, the checks of the risk stage it is, and what else must be replaced to be without it."""

    name: str
    checks: tuple[str, ...] = ()
    without: tuple[tuple[object, str, object], ...] = ()


def _nothing(*_: object, **__: object) -> None:
    """What a control that is not there says."""


GUARD = Layer("the conservation guard at the door", (), ((ConservationGuard, "judge", _nothing),))
LEDGERS = Layer("the ledgers' law", (), ((Ledger, "check", _nothing),))
CONSERVATION = Layer(
    "conservation: guard, ledgers and reservation", ("reserved", "rerun"), (*GUARD.without, *LEDGERS.without)
)


@contextmanager
def layers_off(layers: Sequence[Layer], count: int) -> Iterator[None]:
    """The desk without its first `count` layers."""
    off = layers[:count]
    gone = {name for layer in off for name in layer.checks}
    known = {check.__name__ for name in LISTS for check in getattr(risk_stage, name)}
    assert gone <= known, f"no such checks: {sorted(gone - known)}"
    with ExitStack() as stack:
        for module, name in ((module, name) for module in (risk_stage, risk_basket) for name in LISTS):
            if gone and hasattr(module, name):
                kept = tuple(check for check in getattr(module, name) if check.__name__ not in gone)
                stack.enter_context(mock.patch.object(module, name, kept))
        for layer in off:
            for target, name, value in layer.without:
                stack.enter_context(mock.patch.object(target, name, value))
        yield


class Outcome(NamedTuple):
    """What was reached: orders and shares at the street, their value in currency, and what stopped the rest."""

    orders: int
    shares: int
    value: float
    stopped_by: tuple[str, ...]
    passed: bool
    note: str = ""


class Incident(NamedTuple):
    """One incident: what it was, its layers in order, and the play with so many of them off."""

    row: str
    title: str
    layers: tuple[Layer, ...]
    play: Callable[[int], Outcome]
    off: tuple[int, ...] = (0, 1, 2)

    def outcome(self, off: int) -> Outcome:
        """Play with the first `off` layers away."""
        with layers_off(self.layers, off):
            return self.play(off)
