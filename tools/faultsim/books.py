"""What the stages believe, read out as plain figures: the only module of the simulator that knows their states."""

from __future__ import annotations

from sottovoce.core.enums import OrdStatus
from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import OrderState
from sottovoce.runtime.system import System
from sottovoce.stages.algos.book import AlgosState
from sottovoce.stages.executions import past
from sottovoce.stages.executions.records import ExecutionsState, SentOrder
from sottovoce.stages.risk.exposure import Exposure, Reservation
from sottovoce.stages.risk.risk import RiskState


class Books:
    """The states of one system; they are replaced by a restore, so ask again after one."""

    def __init__(self, system: System) -> None:
        self.system = system

    @property
    def executions(self) -> ExecutionsState:
        state = self.system.stage("executions").state()
        assert isinstance(state, ExecutionsState)
        return state

    @property
    def algos(self) -> AlgosState:
        state = self.system.stage("algos").state()
        assert isinstance(state, AlgosState)
        return state

    @property
    def exposure(self) -> Exposure:
        state = self.system.stage("risk").state()
        assert isinstance(state, RiskState)
        return state.exposure

    def order(self, cl_ord_id: str) -> OrderState:
        """An order as executions knows it."""
        return self.sent_order(cl_ord_id).state

    def sent_order(self, cl_ord_id: str) -> SentOrder:
        """An order with everything executions keeps of it."""
        found = past.find(self.executions, cl_ord_id)
        assert found is not None, f"{cl_ord_id} is not known"
        return found

    def unknown(self) -> list[tuple[str, OrderState]]:
        """The orders nobody can tell of, those of packed parents left out."""
        states = [(name, sent.state) for name, sent in self.executions.sent.items()]
        return [(name, state) for name, state in states if state.status is OrdStatus.UNKNOWN]

    def ledger(self, parent_id: str) -> Ledger:
        """A parent's quantities as executions keeps them."""
        return past.ledger_of(self.executions, parent_id)

    def copies(self, parent_id: str) -> dict[str, Ledger]:
        """The same quantities as the other stages that keep them believe them to be."""
        row, worked = self.system.blotter.rows().get(parent_id), self.algos.parents.get(parent_id)
        found = {"blotter": None if row is None else row.ledger, "algos": None if worked is None else worked.ledger}
        return {stage: ledger for stage, ledger in found.items() if ledger is not None}

    def reservation(self, parent_id: str) -> Reservation | None:
        """What risk has promised for a parent."""
        return self.exposure.reservations.get(parent_id)
